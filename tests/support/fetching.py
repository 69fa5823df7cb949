"""A fetcher for the loopback site, in the warped loop, that remembers what it was told."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.fetch.attempt import Attempt
from tasks.fetch.client import Client
from tasks.fetch.dialer import Resolver, resolved
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.guard import Guard, guard_of
from tasks.fetch.politeness import Turns
from tasks.model import DocumentRef
from tasks.web import Candidate, Exchange
from tests.support.site import Site
from tests.support.warped import WarpedClock

LOOPBACK = guard_of("127.0.0.0/8")
AGENT = "onrecord/test (+https://example.org/contact)"


@dataclass
class Kept:
    """What an archive and a journal would have."""

    exchanges: list[Exchange] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def keep(self, exchange: Exchange, candidate: Candidate | None) -> None:
        """Remember an exchange."""
        del candidate
        self.exchanges.append(exchange)

    def note(self, attempt: Attempt, ref: DocumentRef | None) -> None:
        """Remember an attempt."""
        del ref
        self.attempts.append(attempt)

    def outcomes(self) -> list[tuple[str, str | None]]:
        """Outcome and reason of every attempt but those at robots.txt."""
        return [(one.outcome, one.reason) for one in self.attempts if one.kind != "robots"]


@asynccontextmanager
async def a_client(
    guard: Guard = LOOPBACK, resolver: Resolver = resolved, trust: ssl.SSLContext | None = None
) -> AsyncIterator[Client]:
    """A client that may reach loopback."""
    async with Client(guard, AGENT, clock=WarpedClock(), resolver=resolver, trust=trust) as client:
        yield client


@asynccontextmanager
async def a_fetcher(
    kept: Kept | None = None, *, guard: Guard = LOOPBACK, turns: Turns | None = None
) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach loopback."""
    kept = kept or Kept()
    async with a_client(guard) as client:
        yield Fetcher(client, turns or Turns(), WarpedClock(), kept.keep, kept.note)


def gaps(times: Iterable[float]) -> list[float]:
    """The seconds between one moment and the next."""
    inorder = sorted(times)
    return [later - earlier for earlier, later in pairwise(inorder)]


def without_robots(site: Site) -> list[str]:
    """The paths that were asked for, robots.txt apart."""
    return [asked.path for asked in site.log if asked.path != "/robots.txt"]
