"""Files API uploads, held to Google's documents: the protocols, whose file it is, and when it can be used."""

import json

import pytest

START = {
    "x-goog-upload-protocol": "resumable",
    "x-goog-upload-command": "start",
    "x-goog-upload-header-content-type": "text/plain",
}
FIRST, OTHER = "AIzaSimFirstKeyOfTwo", "AIzaSimOtherKeyOfTwo"


def shown(key: str) -> dict[str, str]:
    return {"x-goog-api-key": key}


async def begun(client, key: str = FIRST, **file: str):
    return await client.post("/upload/v1beta/files", json={"file": file}, headers={**shown(key), **START})


async def commanded(client, answer, words: str, content: bytes = b"", offset: int = 0):
    headers = {"x-goog-upload-command": words, "x-goog-upload-offset": str(offset)}
    return await client.post(answer.headers["x-goog-upload-url"], content=content, headers=headers)


async def uploaded(client, key: str = FIRST, **file: str) -> dict[str, str]:
    answer = await commanded(client, await begun(client, key, **file), "upload, finalize", b"hello")
    assert answer.status_code == 200, answer.text
    return answer.json()["file"]


async def test_pieces(start) -> None:
    """In order and in multiples of 256 KiB but for the last; asked about, given up."""
    _, client = await start(api_keys=(FIRST, OTHER))
    session = await begun(client)
    assert session.headers["x-goog-upload-chunk-granularity"] == "262144"
    odd = await commanded(client, session, "upload", b"x" * 100)
    first = await commanded(client, session, "upload", b"x" * 262144)
    asked = await commanded(client, session, "query")
    gap = await commanded(client, session, "upload", b"", 7)
    last = await commanded(client, session, "upload, finalize", b"x", 262144)
    assert (odd.status_code, gap.status_code) == (400, 400)
    assert (first.headers["x-goog-upload-status"], asked.headers["x-goog-upload-size-received"]) == ("active", "262144")
    assert (last.headers["x-goog-upload-status"], last.json()["file"]["sizeBytes"]) == ("final", "262145")
    assert (await commanded(client, session, "query")).status_code == 400

    other = await begun(client)
    assert (await commanded(client, other, "cancel")).headers["x-goog-upload-status"] == "cancelled"
    assert (await commanded(client, other, "upload")).status_code == 400
    assert (await commanded(client, other, "dance")).status_code == 400


async def test_whole_ones(start) -> None:
    """Multipart with a description before the bytes, and raw."""
    _, client = await start(api_keys=(FIRST, OTHER))
    described = json.dumps({"file": {"displayName": "a note"}}).encode()
    body = b"--b\r\nContent-Type: application/json\r\n\r\n" + described
    body += b"\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--"
    headers = {**shown(FIRST), "content-type": "multipart/related; boundary=b"}
    multipart = await client.post(
        "/upload/v1beta/files", content=body, headers={**headers, "x-goog-upload-protocol": "multipart"}
    )
    older = await client.post("/upload/v1beta/files?uploadType=multipart", content=body, headers=headers)
    raw = await client.post(
        "/upload/v1beta/files",
        content=b"hello",
        headers={**shown(FIRST), "x-goog-upload-protocol": "raw", "content-type": "text/plain"},
    )
    for answer in (multipart, older, raw):
        assert (answer.json()["file"]["sizeBytes"], answer.json()["file"]["mimeType"]) == ("5", "text/plain")
    assert multipart.json()["file"]["displayName"] == "a note"
    broken = await client.post(
        "/upload/v1beta/files", content=b"--b--", headers={**headers, "x-goog-upload-protocol": "multipart"}
    )
    assert broken.status_code == 400


@pytest.mark.parametrize(
    "headers", [{}, {**START, "x-goog-upload-command": "upload"}, {**START, "x-goog-upload-header-content-type": ""}]
)
async def test_what_is_no_beginning(start, headers) -> None:
    """400."""
    _, client = await start(api_keys=(FIRST, OTHER))
    answer = await client.post("/upload/v1beta/files", json={}, headers={**shown(FIRST), **headers})
    assert answer.status_code == 400


async def test_a_file_is_its_keys_alone(start) -> None:
    """Another key sees 403 everywhere, lists nothing, and cannot ask about it."""
    _, client = await start(api_keys=(FIRST, OTHER))
    file = await uploaded(client)
    listed = await client.get("/v1beta/files", headers=shown(FIRST))
    assert [one["name"] for one in listed.json()["files"]] == [file["name"]]
    assert (await client.get("/v1beta/files", headers=shown(OTHER))).json() == {}
    assert (await client.get(f"/v1beta/{file['name']}", headers=shown(OTHER))).status_code == 403
    assert (await client.delete(f"/v1beta/{file['name']}", headers=shown(OTHER))).status_code == 403
    body = {"contents": [{"parts": [{"fileData": {"fileUri": file["uri"]}}]}]}
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    assert (await client.post(path, json=body, headers=shown(FIRST))).status_code == 200
    assert (await client.post(path, json=body, headers=shown(OTHER))).status_code == 403
    assert (await client.delete(f"/v1beta/{file['name']}", headers=shown(FIRST))).status_code == 200
    assert (await client.post(path, json=body, headers=shown(FIRST))).status_code == 403


async def test_pages_and_names(start) -> None:
    """Ten a page unless asked; a name is taken once."""
    _, client = await start(api_keys=(FIRST, OTHER))
    for number in range(3):
        await uploaded(client, name=f"files/n-{number}")
    first = (await client.get("/v1beta/files?pageSize=2", headers=shown(FIRST))).json()
    token = first["nextPageToken"]
    second = (await client.get(f"/v1beta/files?pageSize=2&pageToken={token}", headers=shown(FIRST))).json()
    names = [file["name"] for file in (*first["files"], *second["files"])]
    assert names == ["files/n-0", "files/n-1", "files/n-2"]
    assert (await client.get("/v1beta/files?pageSize=101", headers=shown(FIRST))).status_code == 400
    assert (await begun(client, name="files/n-0")).status_code == 409
    assert (await begun(client, name="files/No!")).status_code == 400


async def test_it_is_looked_at_before_it_can_be_used(start, clock) -> None:
    """PROCESSING, and not to be asked about; then ACTIVE."""
    _, client = await start(api_keys=(FIRST, OTHER), upload_latency=5.0)
    file = await uploaded(client)
    body = {"contents": [{"parts": [{"fileData": {"fileUri": file["uri"]}}]}]}
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    early = await client.post(path, json=body, headers=shown(FIRST))
    clock.advance(6)
    assert file["state"] == "PROCESSING"
    assert (early.status_code, early.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")
    assert (await client.post(path, json=body, headers=shown(FIRST))).status_code == 200


async def test_a_body_has_a_bound(start) -> None:
    """Above it, the request is refused in the words that Google uses."""
    _, client = await start(api_keys=(FIRST, OTHER), payload_limit=1000)
    body = {"contents": [{"parts": [{"text": "x" * 1000}]}]}
    answer = await client.post("/v1beta/models/gemini-2.5-flash:generateContent", json=body, headers=shown(FIRST))
    assert answer.status_code == 400
    assert "1000 bytes" in answer.json()["error"]["message"]
