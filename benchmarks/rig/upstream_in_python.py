"""`upstream` for machines without a C compiler: the same rules, the same answers, slower; see upstream.c for both."""

import asyncio
import re
import socket
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

MARK = b"{operation}"
OPERATION = re.compile(rb"operations/d(\d+)n(\d+)")
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the rules."""

    target: bytes
    body: bytes
    kind: str
    type: str
    number: int
    files: tuple[bytes, ...]

    @classmethod
    def of(cls, line: str) -> "Rule":
        """As upstream.c reads it."""
        target, body, kind, media_type, number, *paths = line.split("\t")
        return cls(
            target=target.encode(),
            body=body.encode(),
            kind=kind,
            type=media_type,
            number=int(number),
            files=tuple(Path(path).read_bytes() for path in paths),
        )

    def matches(self, target: bytes, body: bytes) -> bool:
        """Whether it answers this request."""
        return self.target in target and (self.body == b"-" or self.body in body[:4096])


def whole(content: bytes, media_type: str) -> bytes:
    """An answer of known length."""
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


def job(rule: Rule, target: bytes, body: bytes) -> bytes:
    """What is said of an operation that begins, or of one that is asked for."""
    now = time.monotonic_ns() // 1_000_000
    if rule.kind == "begin":
        return rule.files[0].replace(MARK, b"d%dn%d" % (now + rule.number, next(_numbers)), 1)
    named = OPERATION.search(target) or OPERATION.search(body)
    due, name = (int(named[1]), named[0].partition(b"/")[2]) if named else (0, b"d0n0")
    return rule.files[now >= due].replace(MARK, name, 1)


async def answer(rule: Rule, target: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
    """Say what the rule says."""
    if rule.kind in ("begin", "poll"):
        writer.write(whole(job(rule, target, body), rule.type))
    elif rule.kind == "answer":
        await asyncio.sleep(rule.number / 1e6)
        writer.write(whole(rule.files[0], rule.type))
    else:
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: {rule.type}\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        for position, event in enumerate(rule.files[0].split(b"\r\n\r\n")[:-1]):
            if rule.number and position:
                await asyncio.sleep(rule.number / 1e6)
            writer.write(b"%x\r\n%b\r\n\r\n\r\n" % (len(event) + 4, event))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def converse(rules: list[Rule], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection until the other side leaves."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            said = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await reader.readexactly(int(said[1])) if said else b""
            target = head.partition(b"\r\n")[0]
            rule = next((rule for rule in rules if rule.matches(target, body)), None)
            if rule is None:
                writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            else:
                await answer(rule, target, body, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(rules: list[Rule], port: int) -> None:
    """Until a signal comes; says where."""
    listener = socket.create_server(("127.0.0.1", port), backlog=2048)
    server = await asyncio.start_server(lambda reader, writer: converse(rules, reader, writer), sock=listener)
    print(f"listens on {listener.getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    path, *port = sys.argv[1:]
    rules = [Rule.of(line) for line in Path(path).read_text().splitlines()]
    asyncio.run(serve(rules, int(port[0]) if port else 0))


if __name__ == "__main__":
    main()
