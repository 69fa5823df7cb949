"""A web of loopback hosts that behave as told, well or badly, and remember what they were asked.

A host is a port of 127.0.0.1 and serves what stands in its `pages`: an `Answer`, or a function that makes
one of the request. `async with Site(3) as site` serves in the running loop (see `warped`), `with
Site(3).in_thread() as site` in a thread, for tests that start the command line.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from types import TracebackType
from typing import Self

LARGE = 1 << 28  # bytes; more than anybody may hold


@dataclass(frozen=True)
class Asked:
    """One request, as it came: `at` is the time of the loop in seconds."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True)
class Answer:
    """What is sent back. `pause` is waited before the head; the body goes out in `piece`s, `drip` apart.

    `cut` ends the line after so many bytes of the body though more were promised; `endless` repeats the body
    for ever. `raw` is sent instead of everything else.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media: str = "text/html; charset=utf-8"
    pause: float = 0.0
    piece: int = 1 << 16
    drip: float = 0.0
    cut: int | None = None
    endless: bool = False
    raw: bytes | None = None

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        """It with more headers."""
        return replace(self, headers=self.headers + headers)


Handler = Callable[[Asked], Answer]


@dataclass
class Host:
    """One host: what it serves, and the log of what it was asked."""

    pages: dict[str, Answer | Handler] = field(default_factory=dict)
    port: int = 0
    scheme: str = "http"
    log: list[Asked] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name and port."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """An address on it."""
        return f"{self.scheme}://{self.name}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.log]

    def times(self) -> list[float]:
        """When it was asked, in seconds."""
        return [asked.at for asked in self.log]


class Site:
    """So many hosts, each with a port of its own."""

    def __init__(self, hosts: int = 1, trust: ssl.SSLContext | None = None) -> None:
        self.hosts = [Host(scheme="https" if trust else "http") for _ in range(hosts)]
        self._trust = trust
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def log(self) -> list[Asked]:
        """All requests of all hosts, in order."""
        return sorted((asked for host in self.hosts for asked in host.log), key=lambda asked: asked.at)

    async def __aenter__(self) -> Self:
        for host in self.hosts:
            server = await asyncio.start_server(self._talker(host), "127.0.0.1", 0, ssl=self._trust)
            host.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextmanager
    def in_thread(self) -> Iterator[Self]:
        """Serve until the block ends, in a loop of its own."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self.__aenter__(), loop).result()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self.__aexit__(None, None, None), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _talker(self, host: Host) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.get_running_loop().create_task(_talk(host, reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return begin


async def _talk(host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, until either side ends it."""
    with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
        while True:
            head = await reader.readexactly(1)
            if not head.isalpha():  # a TLS handshake, for one
                writer.write(b"HTTP/1.1 400 What\r\n\r\n")
                break
            asked = _parsed(host, head + await reader.readuntil(b"\r\n\r\n"))
            host.log.append(asked)
            found = host.pages.get(asked.path, Answer(b"<p>Not here.</p>", 404))
            if not await _send(writer, found(asked) if callable(found) else found):
                break
    with suppress(ConnectionError, ssl.SSLError):
        writer.close()


def _parsed(host: Host, head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    loop = asyncio.get_running_loop()
    return Asked(host.name, first.split(" ")[1], headers, loop.time())


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> bool:
    """Send an answer; whether the line is still good."""
    if answer.pause:
        await asyncio.sleep(answer.pause)
    if answer.raw is not None:
        await _drip(writer, answer.raw, answer)
        return False
    writer.write(_head(answer))
    await _drip(writer, answer.body if answer.cut is None else answer.body[: answer.cut], answer)
    while answer.endless:
        await _drip(writer, answer.body, answer)
        await asyncio.sleep(0)
    return answer.cut is None


async def _drip(writer: asyncio.StreamWriter, data: bytes, answer: Answer) -> None:
    """Send bytes as slowly as the answer says."""
    for at in range(0, len(data), answer.piece):
        writer.write(data[at : at + answer.piece])
        await writer.drain()
        if answer.drip:
            await asyncio.sleep(answer.drip)


def _head(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Told"]
    if answer.media:
        lines.append(f"Content-Type: {answer.media}")
    if not answer.endless and answer.status != 304:
        lines.append(f"Content-Length: {len(answer.body)}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


# --- answers ---------------------------------------------------------------------------


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", to),))


def text(body: str, status: int = 200) -> Answer:
    return Answer(body.encode(), status, media="text/plain; charset=utf-8")


def busy(status: int = 503, after: int | datetime | None = None) -> Answer:
    """Too much to do; `after` is Retry-After in seconds or as a date (naive UTC)."""
    if after is None:
        return Answer(b"Later.", status)
    told = format_datetime(after.replace(tzinfo=UTC), usegmt=True) if isinstance(after, datetime) else after
    return Answer(b"Later.", status, (("Retry-After", str(told)),))


def packed(body: bytes, coding: str = "gzip") -> Answer:
    """A body in one of the codings that are read."""
    if coding == "deflate":
        return Answer(zlib.compress(body), headers=(("Content-Encoding", "deflate"),))
    if coding == "raw deflate":
        return Answer(zlib.compress(body, wbits=-15), headers=(("Content-Encoding", "deflate"),))
    return Answer(gzip.compress(body, mtime=0), headers=(("Content-Encoding", coding),))


@cache
def zip_bomb(coding: str = "gzip", size: int = LARGE) -> Answer:
    """Some kilobytes that become a quarter of a gigabyte; `gzip, gzip` is packed twice.

    In any other coding than gzip and deflate it is no more than a claim.
    """
    packer = zlib.compressobj(9, wbits=-15 if coding == "deflate" else 31)
    zeros = bytes(1 << 20)
    body = b"".join(packer.compress(zeros) for _ in range(size >> 20)) + packer.flush()
    if coding == "gzip, gzip":
        body = gzip.compress(body)
    return Answer(body, headers=(("Content-Encoding", coding),))


def conditional(answer: Answer) -> Handler:
    """The answer with an ETag, and 304 for whoever has it."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'

    def told(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        return answer.with_headers(("ETag", etag))

    return told


def in_turn(*answers: Answer) -> Handler:
    """One answer after the other; the last for ever."""
    waiting = list(answers)

    def told(_: Asked) -> Answer:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return told
