"""One request and its answer: bounded in bytes and in time, guarded where it dials, without any memory.

The only module that knows httpx (but for the errors of Prefect's client). Redirects, robots.txt and
politeness are the fetcher's; cookies, proxies and passwords from the environment there are none.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

import httpx

from tasks.errors import FetchError
from tasks.fetch.address import Address, parsed
from tasks.fetch.body import Decoder, Limits
from tasks.fetch.clock import Clock, SystemClock
from tasks.fetch.dialer import GuardedDialer, Resolver, resolved
from tasks.fetch.guard import Guard
from tasks.web import Exchange, Headers

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST_POOLS = 256  # hosts to which connections are kept; the one used longest ago is let go
KEEP_ALIVE = 20.0  # seconds a connection is kept; delays between two requests to a host are shorter

CLOSING_SECONDS = 2.0

LIMITS = Limits()
Cut = Literal["length", "time", "disconnect"]


@dataclass(slots=True)
class _Pool:
    """The connections to one host."""

    transport: httpx.AsyncHTTPTransport
    users: int = 0


class Client:
    """Sends single requests. Use it as `async with Client(guard, agent) as client`."""

    def __init__(
        self,
        guard: Guard,
        agent: str,
        *,
        clock: Clock | None = None,
        resolver: Resolver = resolved,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._agent = agent
        self._clock = clock or SystemClock()
        self._dialer = GuardedDialer(guard, resolver)
        self._trust = trust or httpx.create_ssl_context(trust_env=False)
        self._pools: OrderedDict[str, _Pool] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections."""
        pools, self._pools = list(self._pools.values()), OrderedDict()
        for pool in pools:
            await pool.transport.aclose()

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None, limits: Limits = LIMITS
    ) -> Exchange:
        """Ask once; redirects are answers like others. A body that was cut says so in `truncated`.

        Raises FetchError: `bad_address`, `blocked_address`, `name_not_found`, `connect_failed`,
        `tls_failed`, `timeout` (before there was an answer), `protocol_error`, `unsupported_coding`.
        """
        address = parsed(url)
        request = self._request(address, headers or {})
        began = self._clock.now()
        end = asyncio.get_running_loop().time() + limits.seconds
        try:
            async with self._pool(address) as transport:
                async with asyncio.timeout_at(end):
                    response = await transport.handle_async_request(request)
                try:
                    body = await _received(response, limits, end)
                finally:
                    await _closed(response)
        except TimeoutError as error:
            raise FetchError(f"No answer within {limits.seconds:g} seconds.", reason="timeout") from error
        except (httpx.TransportError, OSError, ValueError) as error:
            raise _told(error) from error
        return _exchange(address, request, response, body, began)

    def _request(self, address: Address, headers: Mapping[str, str]) -> httpx.Request:
        ours = {"User-Agent": self._agent, "Accept": ACCEPT, "Accept-Encoding": "gzip"}
        try:
            target = address.target.encode("ascii")  # as browsers write it; httpx would encode it anew
            return httpx.Request(
                "GET", address.href, headers={**ours, **headers}, extensions={"target": target}
            )
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise FetchError("This is not an address of the web.", reason="bad_address") from error

    @asynccontextmanager
    async def _pool(self, address: Address) -> AsyncIterator[httpx.AsyncHTTPTransport]:
        """The connections to a host; a pool each, as httpcore looks through all of a pool at each request."""
        pool = self._pools.get(address.origin) or _Pool(self._transport())
        self._pools[address.origin] = pool
        self._pools.move_to_end(address.origin)
        pool.users += 1
        try:
            yield pool.transport
        finally:
            pool.users -= 1
            await self._let_go()

    async def _let_go(self) -> None:
        idle = [origin for origin, pool in self._pools.items() if not pool.users]
        for origin in idle[: max(0, len(self._pools) - MOST_POOLS)]:
            await self._pools.pop(origin).transport.aclose()

    def _transport(self) -> httpx.AsyncHTTPTransport:
        limits = httpx.Limits(max_connections=None, keepalive_expiry=KEEP_ALIVE)
        transport = httpx.AsyncHTTPTransport(verify=self._trust, trust_env=False, http2=True, limits=limits)
        pool = transport._pool  # noqa: SLF001 - httpx has no public way to bring a network of one's own
        pool._network_backend = self._dialer  # noqa: SLF001
        return transport


@dataclass(frozen=True, slots=True)
class _Body:
    """What came of a body."""

    wire: bytes
    decoded: bytes
    cut: Cut | None


async def _received(response: httpx.Response, limits: Limits, end: float) -> _Body:
    """The body up to its limits, its deadline or the end of the line, whichever comes first."""
    decoder = Decoder(response.headers.get("content-encoding", ""), limits.decoded)
    wire = bytearray()
    cut: Cut | None = None
    try:
        async with asyncio.timeout_at(end):
            async for chunk in response.aiter_raw():
                fits = chunk[: limits.wire - len(wire)]
                wire += fits
                decoder.feed(fits)
                if len(fits) < len(chunk) or decoder.is_full:
                    cut = "length"
                    break
    except TimeoutError:
        cut = "time"
    except (httpx.TransportError, OSError):
        cut = "disconnect"
    decoder.end()
    if cut is None and decoder.is_damaged:
        cut = "disconnect"
    return _Body(bytes(wire), decoder.body, cut)


async def _closed(response: httpx.Response) -> None:
    """Give the connection back, or end it where there is more to come; whoever hangs then is left alone."""
    with suppress(TimeoutError, httpx.TransportError, OSError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await response.aclose()


def _exchange(
    address: Address, request: httpx.Request, response: httpx.Response, body: _Body, began: datetime
) -> Exchange:
    return Exchange(
        url=address.href,
        request_headers=_pairs(request.headers),
        status=response.status_code,
        reason=response.reason_phrase,
        response_headers=_pairs(response.headers),
        wire_body=body.wire,
        body=body.decoded,
        fetched_at=began,
        http_version=response.http_version,
        ip_address=_dialled(response),
        truncated=body.cut,
    )


def _pairs(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _dialled(response: httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    where = stream.get_extra_info("server_addr") if stream else None
    return str(where[0]) if where else None


def _told(error: Exception) -> FetchError:
    """What went wrong below, in a sentence."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            what = getattr(cause, "verify_message", "") or cause.reason or "the handshake failed"
            return FetchError(f"Its certificate or TLS is not right: {what}.", reason="tls_failed")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        return FetchError("No connection could be made.", reason="connect_failed")
    if isinstance(error, httpx.NetworkError | OSError):
        return FetchError("The connection broke before there was an answer.", reason="connect_failed")
    return FetchError(f"The answer is no proper HTTP: {error}.", reason="protocol_error")
