"""Who may call, and what each refusal says."""

import pytest

VEO = (
    "/v1/projects/simulated-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001"
    ":predictLongRunning"
)


def reason(response) -> str | None:
    details = response.json()["error"].get("details", [])
    return next((item["reason"] for item in details if "reason" in item), None)


async def test_the_key_may_stand_in_header_or_query(start) -> None:
    """Both places work; a wrong key is 400 API_KEY_INVALID, none is 403."""
    google, client = await start()
    del client.headers["x-goog-api-key"]

    assert (await client.get("/v1beta/models", params={"key": google.api_key})).status_code == 200
    wrong = await client.get("/v1beta/models", headers={"x-goog-api-key": "wrong"})
    assert (wrong.status_code, reason(wrong)) == (400, "API_KEY_INVALID")
    assert (await client.get("/v1beta/models")).status_code == 403


@pytest.mark.parametrize(
    ("scopes", "status", "why"),
    [
        (["https://www.googleapis.com/auth/cloud-platform"], 200, None),
        (["https://www.googleapis.com/auth/userinfo.email"], 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ],
)
async def test_vertex_wants_cloud_platform(start, veo_body, scopes, status, why) -> None:
    """A token for something else is 403."""
    google, client = await start()
    headers = {"authorization": f"Bearer {google.access_token(*scopes)}"}
    answer = await client.post(VEO, json=veo_body(), headers=headers)

    assert answer.status_code == status
    assert why is None or reason(answer) == why


async def test_cloud_platform_does_not_open_the_gemini_api(start) -> None:
    """The same token is insufficient there."""
    google, client = await start()
    del client.headers["x-goog-api-key"]
    refused = await client.get("/v1beta/models", headers={"authorization": f"Bearer {google.access_token()}"})

    assert (refused.status_code, reason(refused)) == (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


async def test_tokens_expire(start, clock, veo_body) -> None:
    """After an hour a token is 401 ACCESS_TOKEN_EXPIRED; an unknown one is refused as such, none as missing."""
    google, client = await start()
    del client.headers["x-goog-api-key"]
    headers = {"authorization": f"Bearer {google.access_token()}"}
    clock.advance(3600)
    expired = await client.post(VEO, json=veo_body(), headers=headers)
    unknown = await client.post(VEO, json=veo_body(), headers={"authorization": "Bearer nonsense"})
    missing = await client.post(VEO, json=veo_body())

    assert [expired.status_code, unknown.status_code, missing.status_code] == [401, 401, 401]
    assert [reason(expired), reason(unknown), reason(missing)] == [
        "ACCESS_TOKEN_EXPIRED",
        "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        "CREDENTIALS_MISSING",
    ]


async def test_a_service_that_is_switched_off(start) -> None:
    """403 SERVICE_DISABLED with the link to switch it on."""
    _, client = await start(disabled_services=frozenset({"generativelanguage.googleapis.com"}))
    refused = await client.get("/v1beta/models")

    assert reason(refused) == "SERVICE_DISABLED"
    assert refused.json()["error"]["details"][0]["metadata"]["activationUrl"].startswith("https://console.")


async def test_secrets_do_not_show(start) -> None:
    """Neither settings nor recorded requests hold a key in their repr."""
    google, client = await start()
    await client.get("/v1beta/models", params={"key": google.api_key})

    assert google.api_key not in repr(google.settings) + repr(google.requests)
    assert google.requests[0].credentials == {"x-goog-api-key", "key"}
