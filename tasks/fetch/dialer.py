"""The one place where a connection is opened: resolves once, asks the guard, dials what it let through.

Given to httpcore as its network, so that no redirect, no second look-up and no odd writing of an address
gets past it: the address that was checked is the address that is connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore

from tasks.errors import FetchError
from tasks.fetch.guard import Guard

CONNECT_SECONDS = 8.0  # for one address of several; the exchange's own deadline holds besides
MOST_TRIED = 3  # addresses of one name

Resolver = Callable[[str, int], Awaitable[list[str]]]


async def resolved(name: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order of preference. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedDialer(httpcore.AsyncNetworkBackend):
    """Connects to vetted addresses only."""

    def __init__(
        self,
        guard: Guard,
        resolver: Resolver = resolved,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._guard = guard
        self._resolver = resolver
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of the name that answers.

        Raises FetchError (`blocked_address`, `name_not_found`), or as httpcore does.
        """
        addresses = self._guard.vetted(host, port, await self._addresses(host, port))
        for address in addresses[:MOST_TRIED]:
            try:
                seconds = CONNECT_SECONDS if timeout is None else min(timeout, CONNECT_SECONDS)
                return await self._network.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refused: nothing on the web is a socket file."""
        raise FetchError("Socket files are not connected to.", reason="blocked_address")

    async def sleep(self, seconds: float) -> None:
        """As httpcore asks for it."""
        await self._network.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        bare = host.strip("[]")
        try:
            return [str(ipaddress.ip_address(bare))]
        except ValueError:
            pass
        try:
            found = await self._resolver(bare, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"The name {bare} is not known.", reason="name_not_found") from error
        if not found:
            raise FetchError(f"The name {bare} has no address.", reason="name_not_found")
        return found
