"""Nothing that opens a door at Google is found in anything a run leaves behind or gives away."""

import logging

from proxy.simulator import Drop, Fault, Status
from tests.proxy.e2e.serving import a_video
from tests.proxy.jobs.bench import google_key, two_accounts


async def test_a_whole_run_without_a_secret(start, tmp_path, caplog, capfd) -> None:
    """Answers, errors, logs at their loudest, the ledger's file, sidecars: no API key, no token, no private key."""
    caplog.set_level(logging.DEBUG)
    google, proxy = await start(
        lambda google: [google_key(google, priority=1), *two_accounts(google)],
        config={"disable-cooling": True},
        folder=tmp_path / "data",
    )
    answers = []
    verbs = ("predictLongRunning", "createInteraction", "getInteraction", "downloadFile", "token", "generateContent")
    for action in (Status(status=403), Status(status=400), Status(status=503), Drop(after_accepting=True)):
        for verb in verbs:
            google.faults.add(Fault(verb=verb, times=1, action=action))
        for body in (
            a_video(),
            a_video("veo-3.1-generate-001"),
            {**a_video("gemini-omni-1.2-flash"), "stream": True},
            {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "hello"}]},
        ):
            answer = await proxy.ask(body)
            answers.append(f"{dict(answer.headers)} {answer.text}")
        google.faults.clear()
    answers.append((await proxy.ask(a_video("gemini-omni-1.2-flash"))).text)

    bearer = list(google.world.tokens._tokens)
    credentials = proxy.app.state.services.pool.credentials
    private = [
        line
        for credential in credentials
        if credential.info is not None
        for line in str(credential.info["private_key"]).splitlines()[1:-1]
    ]
    secrets = [google.api_key, *bearer, *private]
    left = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    out, err = capfd.readouterr()
    told = "".join([*answers, caplog.text, out, err, repr(credentials)])
    assert bearer
    assert private
    assert any(answer.count("data:video/mp4") for answer in answers)
    assert len(list((tmp_path / "data" / "media").rglob("*.mp4"))) > 0
    for secret in secrets:
        assert secret not in told
        assert secret.encode() not in left
    assert "PRIVATE KEY" not in told
    assert b"PRIVATE KEY" not in left
