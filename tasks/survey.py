"""Looks at a site: where it announces articles, and whether those places are alive.

An edge: it fetches, through `tasks.fetch.fetcher`, and parses in the expendable process. Called by `onrecord
sources add` and `check`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from tasks.discover import Listing, read_listing
from tasks.discover.addresses import joined
from tasks.discover.patterns import wanted
from tasks.discover.site import (
    WELL_KNOWN_FEEDS,
    WELL_KNOWN_NEWS_SITEMAPS,
    WELL_KNOWN_SITEMAPS,
    FrontPage,
    is_of_readers,
    read_front_page,
)
from tasks.errors import DocumentError, FetchError
from tasks.expendable import ExpendableProcess
from tasks.fetch.address import Address, parsed
from tasks.fetch.attempt import header
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.places import LISTING_LIMITS
from tasks.followed import FollowedSource
from tasks.web import Exchange

T = TypeVar("T")
PlaceKey = Literal["feeds", "sitemaps", "lists"]
Say = Callable[[str], None]

SITEMAPS = frozenset({"sitemap", "news sitemap", "sitemap index"})
MOST_SITEMAPS = 10  # of a site that are looked at; robots.txt files of large papers name dozens


@dataclass(frozen=True, slots=True)
class Place:
    """One address at which a site announces articles, or does not.

    `listing` is what it said; None where there is none, for the `reason` (for machines) and `message`.
    `wanted` counts the candidates that the source's patterns let through.
    """

    url: str
    listing: Listing | None = None
    reason: str | None = None
    message: str | None = None
    final_url: str | None = None
    wanted: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it announces anything."""
        return self.listing is not None and self.listing.entries > 0

    @property
    def key(self) -> PlaceKey:
        """Under which key of an entry it is written."""
        kind = self.listing.kind if self.listing else "feed"
        return "lists" if kind == "list" else "sitemaps" if kind in SITEMAPS else "feeds"

    @property
    def is_news_sitemap(self) -> bool:
        """Whether it is a sitemap that names new articles only."""
        return self.listing is not None and self.listing.kind == "news sitemap"


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found out about a site: its places that are alive, each once."""

    site: str  # host, with the port where there is one
    front_page: FrontPage
    places: tuple[Place, ...] = ()
    asked: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        """What the site is called: by itself, by its feeds, or by its host."""
        titles = (place.listing.title for place in self.places if place.listing and place.listing.title)
        return self.front_page.name or next(titles, None) or self.site.removeprefix("www.")

    @property
    def language(self) -> str | None:
        """The language of the site, as it says."""
        told = (place.listing.language for place in self.places if place.listing and place.listing.language)
        return self.front_page.language or next(told, None)


@dataclass(slots=True)
class Surveyor:
    """Asks for places and understands what comes back. `say` is told what is asked for."""

    fetcher: Fetcher
    process: ExpendableProcess
    say: Say = lambda _: None
    _seen: dict[str, Place] = field(default_factory=dict)

    async def survey(self, address: str) -> Survey:
        """Where the site at an address announces articles.

        Raises FetchError where the site cannot be reached; a page that it refuses is no hindrance.
        """
        found, front = await self._arrival(address)
        robots = await self.fetcher.robots_for(found)
        named = (joined(link, found.origin) for link in robots.sitemaps)
        await self._look_at(front.feeds)
        await self._look_at([*front.sitemaps, *filter(None, named)][:MOST_SITEMAPS])
        await self._look_at_well_known(found.origin)
        return Survey(found.host, front, tuple(_once(self._seen.values())), tuple(self._seen.values()))

    async def _arrival(self, address: str) -> tuple[Address, FrontPage]:
        """Where the address leads, and what the site says there."""
        try:
            exchange = await self._fetched(address)
        except FetchError as error:
            if not (error.reason.startswith("http_") or error.reason == "robots"):
                raise
            return parsed(address), FrontPage()
        found = parsed(exchange.url)
        front = await self._front_page(exchange)
        if front is None:  # it is a feed or a sitemap itself; what is about it is asked of the site
            await self.look(address)
            front = await self._front_page_of(f"{found.origin}/")
        return found, front

    async def look(self, address: str, source: FollowedSource | None = None) -> Place:
        """What is at an address that should announce articles."""
        if address not in self._seen:
            self._seen[address] = await self._place(address, source)
        return self._seen[address]

    async def _look_at(self, addresses: Iterable[str]) -> None:
        for address in dict.fromkeys(addresses):
            await self.look(address)

    async def _look_at_well_known(self, origin: str) -> None:
        """The places that sites commonly use, of each kind that the site does not name itself."""
        if not any(place.listing and place.key == "feeds" for place in self._seen.values()):
            await self._until_found(origin, WELL_KNOWN_FEEDS)
        if not any(place.is_news_sitemap for place in self._seen.values()):
            await self._until_found(origin, WELL_KNOWN_NEWS_SITEMAPS)
        if not any(place.listing and place.key == "sitemaps" for place in self._seen.values()):
            await self._until_found(origin, WELL_KNOWN_SITEMAPS)

    async def _until_found(self, origin: str, paths: Sequence[str]) -> None:
        for path in paths:
            if (await self.look(origin + path)).listing:
                return

    async def _fetched(self, address: str) -> Exchange:
        """The answer of an address. Raises FetchError where there is none that is usable."""
        self.say(address)
        found = await self.fetcher.get(address, kind="feed", limits=LISTING_LIMITS)
        if found.exchange is None or found.attempt.outcome not in ("fetched", "not modified"):
            raise FetchError(found.attempt.message or "There was no answer.", reason=found.attempt.reason)
        return found.exchange

    async def _place(self, address: str, source: FollowedSource | None) -> Place:
        try:
            exchange = await self._fetched(address)
        except FetchError as error:
            return Place(address, reason=error.reason, message=error.message)
        now = self.fetcher.clock.now()
        media = header(exchange, "content-type")
        try:
            listing = await self._read(read_listing, exchange.body, exchange.url, now, media)
        except DocumentError as error:
            return Place(address, reason=error.reason, message=error.message, final_url=exchange.url)
        is_counted = listing.kind != "sitemap index"
        kept = len(wanted(listing.candidates, source, now).candidates) if source and is_counted else None
        return Place(address, listing, final_url=exchange.url, wanted=kept)

    async def _front_page(self, exchange: Exchange) -> FrontPage | None:
        """What a page says; None where it is no page but a listing."""
        try:
            await self._read(read_listing, exchange.body, exchange.url, self.fetcher.clock.now())
        except DocumentError as error:
            if error.reason != "no_listing":
                return FrontPage()
        else:
            return None
        try:
            return await self._read(read_front_page, exchange.body, exchange.url)
        except DocumentError:
            return FrontPage()

    async def _front_page_of(self, address: str) -> FrontPage:
        try:
            return await self._front_page(await self._fetched(address)) or FrontPage()
        except FetchError:
            return FrontPage()

    async def _read(self, work: Callable[..., T], *args: object) -> T:
        """Parse in the expendable process, while others are being fetched."""
        return await asyncio.to_thread(self.process, work, *args)


def _once(places: Iterable[Place]) -> list[Place]:
    """The places that announce something; of those that lead to the same, the first. News sitemaps first."""
    seen: set[object] = set()
    kept: list[Place] = []
    for place in places:
        listing = place.listing
        if listing is None or not place.is_alive or is_of_readers(listing.title):
            continue
        named = (place.key, *(one.url for one in listing.candidates), *(one.url for one in listing.onward))
        if not seen & {place.final_url, named}:
            kept.append(place)
        seen |= {place.final_url, named}
    return sorted(kept, key=lambda place: not place.is_news_sitemap)
