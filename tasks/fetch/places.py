"""One look at a place where articles are announced: a feed, a sitemap with all below it, a list, or a page.

Called by the ingest flow through `tasks.fetch.round`; what comes from outside is parsed in a process that may
be lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tasks.discover import Listing, read_listing
from tasks.discover.classify import form_of
from tasks.discover.onward import worth_following
from tasks.discover.patterns import wanted
from tasks.errors import DocumentError
from tasks.expendable import expendable
from tasks.fetch.attempt import Attempt, Validators
from tasks.fetch.body import Limits
from tasks.fetch.fetcher import Fetched, Fetcher
from tasks.followed import FollowedSource
from tasks.model import Failure
from tasks.read.warc.page import read_page
from tasks.web import Candidate

MB = 1024 * 1024
# A sitemap has up to 50 MB (sitemaps.org); deflated, a tenth of it.
LISTING_LIMITS = Limits(wire=20 * MB, decoded=50 * MB, seconds=60.0)
DEEPEST = 3  # an index names sitemaps; some name further indexes, none more
MOST_ONWARD = 50  # sitemaps of one index, the newest: others are of years ago
MOST_ONWARD_BACK = 1000  # the same where a window of the past is looked for: a sitemap a day for three years
GZIP = b"\x1f\x8b"

Parse = Callable[[bytes, str, datetime, str | None, str | None], Awaitable[Listing]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look; `known` is what its last answer said. `source` is its entry, where it has one.

    With `until` (naive UTC) it is looked at for what is dated before then: more sitemaps of an index are.
    """

    url: str
    source: FollowedSource | None = None
    known: Validators = field(default_factory=Validators)
    is_listing: bool = False  # else a person gave it, and it may be an article
    until: datetime | None = None

    @property
    def name(self) -> str:
        """What its articles are said to come from."""
        return self.source.name if self.source else self.url


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a place gave: `attempt` is the last one at it, `failure` says why there is nothing.

    `left` counts what it names and the source does not want, by reason.
    """

    place: Place
    attempt: Attempt
    candidates: tuple[Candidate, ...] = ()
    left: dict[str, int] = field(default_factory=dict)
    failure: Failure | None = None

    @property
    def is_page(self) -> bool:
        """Whether it turned out to be an article."""
        return self.attempt.kind == "page"

    @property
    def is_listing(self) -> bool:
        """Whether the place announces articles, as far as is known."""
        return self.place.is_listing or self.attempt.kind == "feed"

    @property
    def is_same(self) -> bool:
        """Whether it is an article that has not changed."""
        return not self.place.is_listing and self.attempt.outcome == "not modified"


async def parse_apart(
    body: bytes, place: str, now: datetime, content_type: str | None, source: str | None
) -> Listing:
    """The listing, parsed in a process of its own. Raises DocumentError."""
    return await asyncio.to_thread(expendable(), read_listing, body, place, now, content_type, source)


def is_listing(body: bytes, content_type: str | None) -> bool:
    """Whether a body is a feed, a sitemap or a list of addresses, by how it begins."""
    if body.startswith(GZIP):
        return True
    try:
        form_of(body, content_type)
    except DocumentError:
        return False
    return True


async def look(fetcher: Fetcher, place: Place, parse: Parse = parse_apart) -> Look:
    """Fetch a place and read what it names. Raises nothing but what is our own fault."""
    found = await fetcher.get(
        place.url,
        kind="feed" if place.is_listing else "given",
        known=place.known,
        limits=LISTING_LIMITS,
        candidate=Candidate(place.url, "given", source=place.name),
    )
    attempt = found.attempt
    if attempt.outcome in ("refused", "failed"):
        why = Failure(place.url, "fetch", attempt.reason or "fetch", attempt.message or "It failed.")
        return Look(place, attempt, failure=why)
    if not found.is_new or attempt.kind == "page":
        return Look(place, attempt)
    try:
        candidates = await _read(fetcher, place, found, parse, DEEPEST)
    except DocumentError as error:
        return Look(place, attempt, failure=Failure(place.url, "discover", error.reason, error.message))
    if place.source is None:
        return Look(place, attempt, tuple(candidates))
    chosen = wanted(candidates, place.source, fetcher.clock.now())
    return Look(place, attempt, chosen.candidates, dict(Counter(chosen.left)))


async def _read(fetcher: Fetcher, place: Place, found: Fetched, parse: Parse, depth: int) -> list[Candidate]:
    """The candidates of a listing, and of those that it leads on to. Raises DocumentError."""
    now, attempt = fetcher.clock.now(), found.attempt
    body = found.body or (read_page(found.ref).body if found.ref else b"")
    listing = await parse(body, attempt.final_url, now, attempt.media_type, place.name)
    candidates = list(listing.candidates)
    max_age = place.source.max_age if place.source else None
    most = MOST_ONWARD_BACK if place.until else MOST_ONWARD
    newest = worth_following(listing.onward, now, max_age, most, place.until)
    for onward in newest if depth > 1 else []:
        if onward.url != attempt.final_url:
            candidates += await _onward(fetcher, replace(place, url=onward.url), parse, depth - 1)
    return candidates


async def _onward(fetcher: Fetcher, place: Place, parse: Parse, depth: int) -> list[Candidate]:
    """The candidates of a sitemap that an index names; its troubles are rows, and cost only itself."""
    found = await fetcher.get(
        place.url,
        kind="feed",
        limits=LISTING_LIMITS,
        candidate=Candidate(place.url, "given", source=place.name),
    )
    if not found.is_new:
        return []
    try:
        return await _read(fetcher, place, found, parse, depth)
    except DocumentError:
        return []
