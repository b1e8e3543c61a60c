"""Media is fetched from where a caller may point, and a caller may point nowhere else."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from proxy.config.schema import Fetch
from proxy.fetch import MediaFetcher
from proxy.fetch.fetcher import MAX_REDIRECTS
from translators.errors import BadRequest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(5000)
PARAM = "messages[0].content[1].image_url.url"

PUBLIC = "127.0.0.2"
"""Stands for an address of the public internet in these tests; 127.0.0.1 stays what it is."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Host:
    """A web server on one loopback address, with what it was asked."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.seen: list[web.BaseRequest] = []
        self.port = 0

    async def _answer(self, asked: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(asked)
        return await self.handler(asked)  # type: ignore[arg-type]


@asynccontextmanager
async def serving(handler: Handler, address: str = PUBLIC) -> AsyncIterator[Host]:
    """The server while the block runs."""
    host = Host(handler)
    runner = web.ServerRunner(web.Server(host._answer), shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, address, 0)
    await site.start()
    host.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield host
    finally:
        await runner.cleanup()


def answering(body: bytes, **headers: str) -> Handler:
    """A handler that always sends this body."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers=headers)

    return handler


def redirecting(target: str, status: int = 302) -> Handler:
    """A handler that always sends elsewhere."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"location": target})

    return handler


class Names:
    """A name service whose answers a test decides: each name has a list of answers, the last of which stays."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.answers = {name.replace("_", "."): list(answer) for name, answer in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self.answers.get(host.rstrip("."))
        if answers is None:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def only_public_is_public(address: str) -> str | None:
    """127.0.0.2 is public here, all else is loopback."""
    return None if address == PUBLIC else "loopback"


@asynccontextmanager
async def fetching(names: Names | None = None, **settings: Any) -> AsyncIterator[MediaFetcher]:
    """A fetcher that sees the world of these tests."""
    names = names or Names(media_test=[[PUBLIC]])
    async with MediaFetcher(Fetch(**settings), resolve=names, why_not_public=only_public_is_public) as fetcher:
        yield fetcher


async def refusal(fetcher: MediaFetcher, url: str, **options: Any) -> BadRequest:
    """The error that fetching this URL must end with."""
    with pytest.raises(BadRequest) as caught:
        await fetcher.fetch(url, param=PARAM, **options)
    assert caught.value.param == PARAM
    assert caught.value.status == 400
    return caught.value


async def test_an_image_by_its_name() -> None:
    """The whole file comes back, typed by its content and not by what the server calls it."""
    async with serving(answering(PNG, **{"content-type": "text/plain"})) as host, fetching() as fetcher:
        found = await fetcher.fetch(f"http://media.test:{host.port}/a.jpg?x=1#top", param=PARAM)
        assert (found.data, found.media_type) == (PNG, "image/png")
        assert host.seen[0].path_qs == "/a.jpg?x=1"


async def test_nothing_of_ours_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie that an earlier answer set, no credential, no proxy of the environment."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=PNG, headers={"set-cookie": "a=b; path=/"})

    async with serving(handler) as host, fetching() as fetcher:
        for _ in range(2):
            await fetcher.fetch(f"http://media.test:{host.port}/", param=PARAM)
        assert set(host.seen[1].headers) == {
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Connection",
        }


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "[fe80::1%25eth0]",
        "169.254.169.254",
        "localhost.test",
        "mixed.test",
    ],
)
async def test_addresses_of_this_network_in_every_spelling(host: str) -> None:
    """Literals, numbers, disguises and names that lead inside end before a connection is made."""
    names = Names(localhost_test=[["127.0.0.1"]], mixed_test=[[PUBLIC, "127.0.0.1"]])
    async with serving(answering(PNG), "127.0.0.1") as inside, fetching(names) as fetcher:
        error = await refusal(fetcher, f"http://{host}:{inside.port}/")
        assert inside.seen == []
        assert error.code == "url_not_allowed"


async def test_the_message_keeps_the_address_to_itself() -> None:
    """A caller learns that the host is not allowed and what to do, not what the name means in here."""
    async with fetching(Names(secret_test=[["10.9.8.7"]])) as fetcher:
        error = await refusal(fetcher, "http://secret.test/a?token=hush")
        assert error.message == (
            "http://secret.test/a cannot be fetched: its host, or that of a redirect, is not on the public internet. "
            "The operator can allow a host in fetch.allow-hosts; the file can also be sent as a data URI."
        )


async def test_the_real_table_is_the_default() -> None:
    """Without a test's own table, loopback is refused."""
    async with serving(answering(PNG), "127.0.0.1") as inside, MediaFetcher(Fetch()) as fetcher:
        assert (await refusal(fetcher, f"http://127.0.0.1:{inside.port}/")).code == "url_not_allowed"
        assert (await refusal(fetcher, f"http://localhost:{inside.port}/")).code == "url_not_allowed"
        assert inside.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_file(status: int) -> None:
    """Redirects are followed, relative ones too."""

    async def handler(asked: web.Request) -> web.StreamResponse:
        return await (redirecting("/b.png", status) if asked.path == "/a" else answering(PNG))(asked)

    async with serving(handler) as host, fetching() as fetcher:
        found = await fetcher.fetch(f"http://media.test:{host.port}/a", param=PARAM)
        assert found.data == PNG
        assert [asked.path for asked in host.seen] == ["/a", "/b.png"]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{}/", "http://inside.test:{}/", "//127.0.0.1:{}/", "http://2130706433:{}/"]
)
async def test_a_redirect_inside(target: str) -> None:
    """A public host cannot send the proxy to this machine."""
    names = Names(media_test=[[PUBLIC]], inside_test=[["127.0.0.1"]])
    async with (
        serving(answering(PNG), "127.0.0.1") as inside,
        serving(redirecting(target.format(inside.port))) as host,
        fetching(names) as fetcher,
    ):
        error = await refusal(fetcher, f"http://media.test:{host.port}/")
        assert error.code == "url_not_allowed"
        assert len(host.seen) == 1
        assert inside.seen == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://media.test/", "data:image/png;base64,AA==", "gopher://x"]
)
async def test_a_redirect_to_another_protocol(target: str) -> None:
    """Only http and https are spoken, after redirects too."""
    async with serving(redirecting(target)) as host, fetching() as fetcher:
        assert "only http:// and https://" in (await refusal(fetcher, f"http://media.test:{host.port}/")).message


async def test_a_redirect_without_target() -> None:
    """A redirect that says nothing is an error of that host."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302)

    async with serving(handler) as host, fetching() as fetcher:
        assert "without saying where" in (await refusal(fetcher, f"http://media.test:{host.port}/")).message


async def test_a_circle_of_redirects_ends() -> None:
    """Five hops, and no more."""
    async with serving(redirecting("/again")) as host, fetching() as fetcher:
        assert "more than 5 times" in (await refusal(fetcher, f"http://media.test:{host.port}/")).message
        assert len(host.seen) == MAX_REDIRECTS + 1


async def test_a_name_that_changes_its_mind() -> None:
    """DNS rebinding: the checked answer is the one that is used, and the next connection checks anew."""
    names = Names(media_test=[[PUBLIC], ["127.0.0.1"]])
    async with (
        serving(answering(PNG)) as host,
        serving_on_port(host.port, "127.0.0.1") as inside,
        fetching(names) as fetcher,
    ):
        url = f"http://media.test:{host.port}/"
        assert (await fetcher.fetch(url, param=PARAM)).data == PNG
        assert names.asked == ["media.test"], "one question a connection: there is no second answer to fall for"
        assert (await refusal(fetcher, url)).code == "url_not_allowed"
        assert (len(host.seen), inside.seen) == (1, [])


@asynccontextmanager
async def serving_on_port(port: int, address: str) -> AsyncIterator[Host]:
    """A server on a port that is taken on another address."""
    host = Host(answering(b"secret of this machine"))
    runner = web.ServerRunner(web.Server(host._answer))
    await runner.setup()
    await web.TCPSite(runner, address, port).start()
    try:
        yield host
    finally:
        await runner.cleanup()


async def test_a_rebinding_between_redirects() -> None:
    """The same name is checked again at each hop."""
    names = Names(media_test=[[PUBLIC], ["127.0.0.1"]])
    async with serving(redirecting("/again")) as host, fetching(names) as fetcher:
        assert (await refusal(fetcher, f"http://media.test:{host.port}/")).code == "url_not_allowed"
        assert len(host.seen) == 1


async def test_allowed_hosts() -> None:
    """A host that the operator lists may be inside, by name or by address, and only that one."""
    names = Names(intranet_test=[["127.0.0.1"]], other_test=[["127.0.0.1"]])
    async with (
        serving(answering(PNG), "127.0.0.1") as inside,
        fetching(names, allow_hosts=("Intranet.test", "127.0.0.1")) as fetcher,
    ):
        for host in ("intranet.test", "INTRANET.TEST.", "127.0.0.1"):
            assert (await fetcher.fetch(f"http://{host}:{inside.port}/", param=PARAM)).data == PNG
        assert (await refusal(fetcher, f"http://other.test:{inside.port}/")).code == "url_not_allowed"


async def test_too_large_by_its_own_word() -> None:
    """A declared length above the limit ends the matter before the body."""
    async with serving(answering(PNG)) as host, fetching(max_image_bytes=100) as fetcher:
        error = await refusal(fetcher, f"http://media.test:{host.port}/")
        assert error.code == "media_too_large"


async def test_too_large_without_a_word() -> None:
    """A body without a length is cut off at the limit, however long it would go on."""
    sent = 0

    async def handler(asked: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(asked)
        await answer.write(PNG)
        while sent < 10_000_000:
            await answer.write(bytes(10_000))
            sent += 10_000
        return answer

    async with serving(handler) as host, fetching(max_image_bytes=50_000) as fetcher:
        assert (await refusal(fetcher, f"http://media.test:{host.port}/")).code == "media_too_large"
    assert sent < 10_000_000


async def test_the_limit_is_that_of_the_kind() -> None:
    """Where a video may come, an image is still held to the images' limit."""
    both = {"kinds": ("image", "video")}
    big_image = PNG + bytes(3000)
    async with fetching(max_image_bytes=1000, max_video_bytes=10_000) as fetcher:
        async with serving(answering(MP4)) as host:
            found = await fetcher.fetch(f"http://media.test:{host.port}/", param=PARAM, kinds=("image", "video"))
            assert (found.data, found.media_type) == (MP4, "video/mp4")
        async with serving(answering(big_image)) as host:
            assert (await refusal(fetcher, f"http://media.test:{host.port}/", **both)).code == "media_too_large"


async def test_slow_hosts() -> None:
    """A host that accepts and says nothing, and one that never ends its file, cost no more than the time allowed."""
    released = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async def endless(asked: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(asked)
        await answer.write(PNG)
        await released.wait()
        return answer

    for handler in (silent, endless):
        released.clear()
        async with serving(handler) as host, fetching(timeout=0.05) as fetcher:
            error = await refusal(fetcher, f"http://media.test:{host.port}/")
            assert "took longer than 0.05 seconds" in error.message
            released.set()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><title>Log in</title>", "a web page"),
        (b'{"not": "an image"}', "something else"),
        (b"", "something else"),
        (MP4, "video/mp4"),
    ],
)
async def test_what_is_no_image(body: bytes, words: str) -> None:
    """A page around the picture, JSON, nothing and a video are told as what they are."""
    async with serving(answering(body, **{"content-type": "image/png"})) as host, fetching() as fetcher:
        error = await refusal(fetcher, f"http://media.test:{host.port}/")
        assert error.code == "unsupported_media_type"
        assert words in error.message


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 500])
async def test_statuses(status: int) -> None:
    """Anything but a 200 is the link's fault, in the caller's words."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    async with serving(handler) as host, fetching() as fetcher:
        assert f"answers {status} " in (await refusal(fetcher, f"http://media.test:{host.port}/")).message


async def test_compressed_files_are_not_unpacked() -> None:
    """A small answer cannot grow into a large one."""
    async with serving(answering(PNG, **{"content-encoding": "gzip"})) as host, fetching() as fetcher:
        assert "compressed" in (await refusal(fetcher, f"http://media.test:{host.port}/")).message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://media.test/a.png", "only http:// and https://"),
        ("file:///etc/passwd", "only http:// and https://"),
        ("gs://bucket/object", "only http:// and https://"),
        ("media.test/a.png", "only http:// and https://"),
        ("", "only http:// and https://"),
        ("http://", "only http:// and https://"),
        ("http://media.test:99999/", "not a URL"),
        ("http://[::1", "not a URL"),
        ("http://me:hush@media.test/", "user name or password"),
        ("http://hush@media.test/", "user name or password"),
        ("http://absent.test/?token=hush", "cannot be resolved"),
        ("http://media.test:1/?token=hush", "no connection can be made"),
    ],
)
async def test_urls_that_lead_nowhere(url: str, words: str) -> None:
    """Each is a 400 in words, and none repeats what may be a secret."""
    async with fetching() as fetcher:
        error = await refusal(fetcher, url)
        assert words in error.message
        assert "hush" not in error.message


async def test_connections_that_break() -> None:
    """A host that closes at once, lies about the length, or speaks no HTTP is the caller's to replace."""
    replies = [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n" + PNG, b"SSH-2.0-OpenSSH_9.9\r\n"]
    words = ["the connection broke off", "in the middle of the file", "does not answer in HTTP"]
    for reply, expected in zip(replies, words, strict=True):

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: bytes = reply) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, PUBLIC, 0)
        async with server, fetching() as fetcher:
            port = server.sockets[0].getsockname()[1]
            assert expected in (await refusal(fetcher, f"http://media.test:{port}/")).message


async def test_no_tls_where_https_is_asked() -> None:
    """A plain server behind an https URL is told apart from a missing one."""
    async with serving(answering(PNG)) as host, fetching() as fetcher:
        error = await refusal(fetcher, f"https://media.test:{host.port}/")
        assert "TLS" in error.message or "connection" in error.message
        assert ssl.OPENSSL_VERSION not in error.message


async def test_closing() -> None:
    """Closing twice, or before any fetch, does no harm."""
    fetcher = MediaFetcher(Fetch())
    await fetcher.close()
    await fetcher.close()
