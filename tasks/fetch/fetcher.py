"""One address from robots.txt to the answer: turns, retries, redirects; every attempt is told.

Used by the ingest flow and by `onrecord sources`. All of it lives in one event loop. What it decides by is
pure and lies in `robots` and `politeness`; what it sends goes through `client`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tasks.errors import FetchError
from tasks.fetch.address import Address, parsed
from tasks.fetch.attempt import (
    Attempt,
    Keep,
    Kind,
    Note,
    Outcome,
    Validators,
    body_digest,
    header,
    media_type,
)
from tasks.fetch.body import Limits
from tasks.fetch.client import LIMITS, Client
from tasks.fetch.clock import Clock, SystemClock
from tasks.fetch.politeness import Turns
from tasks.fetch.retry_after import retry_after
from tasks.fetch.robots import MOST_BYTES, Robots, robots_of
from tasks.model import DocumentRef
from tasks.web import Candidate, Exchange

ATTEMPTS = 3  # at one address, where the trouble may pass
MOST_REDIRECTS = 5  # RFC 9309 asks for five at robots.txt; articles need one or two
PATIENCE = 60.0  # seconds; a host that wants more is left for the next run
AT_ONCE = 128  # requests under way
# A server that answers "not modified" for ever is asked for the whole once a day: some never change an ETag.
TRUSTED = timedelta(hours=24)
MB = 1024 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TOO_MANY, UNAVAILABLE, NOT_MODIFIED = 429, 503, 304
# Trouble that may pass; anything else is the address's own fault, or the site's will.
PASSING = frozenset({"timeout", "connect_failed", "name_not_found", "tls_failed", "protocol_error"})
WORTH_ANOTHER = frozenset({"timeout", "connect_failed", "protocol_error", "truncated"})
ENDLESS = frozenset({"too_many_redirects", "redirect_loop"})  # such a robots.txt is none (RFC 9309, 2.3.1.2)
ROBOTS_LIMITS = Limits(wire=MOST_BYTES, decoded=MOST_BYTES, seconds=LIMITS.seconds)
# Reasons why an address is as unknown as before: the next run asks again.
PASSED_ON = (
    WORTH_ANOTHER
    | {"backing_off", "name_not_found", "tls_failed", "robots_unreachable"}
    | {f"http_{status}" for status in (408, 425, 429, *range(500, 600))}
)
NOTHING_KNOWN = Validators()

IsListing = Callable[[bytes, str | None], bool]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an address: the last of its attempts, the answer to it, and where that is kept.

    There is no exchange where nobody answered, or where an earlier run has it in the archive.
    """

    url: str
    attempt: Attempt
    exchange: Exchange | None = None
    ref: DocumentRef | None = None

    @property
    def body(self) -> bytes:
        """What the answer holds, decoded."""
        return self.exchange.body if self.exchange else b""

    @property
    def is_new(self) -> bool:
        """Whether there is a body that we did not have."""
        return self.attempt.outcome == "fetched"


def keep_nothing(exchange: Exchange, candidate: Candidate | None) -> None:
    """For those who have no archive."""
    del exchange, candidate


def tell_nobody(attempt: Attempt, ref: DocumentRef | None) -> None:
    """For those who keep no record."""
    del attempt, ref


def is_page(body: bytes, content_type: str | None) -> bool:
    """For those who are given no feeds."""
    del body, content_type
    return False


@dataclass(slots=True)
class Fetcher:
    """Fetches addresses. `keep` puts an exchange into the archive and says where; `note` gets every attempt.

    `robots` is what earlier runs read, by origin; `earlier` what an interrupted run has fetched, by address,
    which is not asked for again. `is_listing` tells feeds and sitemaps from pages.
    """

    client: Client
    turns: Turns = field(default_factory=Turns)
    clock: Clock = field(default_factory=SystemClock)
    keep: Keep = keep_nothing
    note: Note = tell_nobody
    robots: dict[str, Robots] = field(default_factory=dict)
    earlier: Mapping[str, Fetched] = field(default_factory=dict)
    is_listing: IsListing = is_page
    _asking: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def remember(self, robots: Iterable[Robots]) -> None:
        """What earlier runs read of robots.txt files."""
        self.robots.update((one.origin, one) for one in robots)

    async def get(
        self,
        url: str,
        *,
        kind: Kind = "page",
        known: Validators = NOTHING_KNOWN,
        limits: Limits = LIMITS,
        candidate: Candidate | None = None,
    ) -> Fetched:
        """Fetch an address, redirects followed; raises nothing but what is our own fault.

        `known` is the version that we have; the answer is `not modified` where it is the same still.
        `candidate` is what is known of a page that may be an article.
        """
        if url in self.earlier:
            return self.earlier[url]
        asked = _Asked(url, kind, known, limits, candidate)
        try:
            return await self._followed(asked)
        except FetchError as error:
            return Fetched(url, self._told(asked, asked.url, error, self.clock.now(), "refused"))

    async def robots_for(self, address: Address) -> Robots:
        """The robots.txt of an address's site, fetched where it is not known or a day old."""
        async with self._asking[address.origin]:
            found = self.robots.get(address.origin)
            if found is None or not found.is_fresh(self.clock.now()):
                found = await self._read_robots(address)
                self.robots[address.origin] = found
            self.turns.ask_for(address.host, found.delay)
            return found

    async def _read_robots(self, address: Address) -> Robots:
        asked = _Asked(f"{address.origin}/robots.txt", "robots", NOTHING_KNOWN, ROBOTS_LIMITS)
        now = self.clock.now()
        try:
            found = await self._followed(asked)
        except FetchError as error:
            self._told(asked, asked.url, error, now, "refused")
            if error.reason in ENDLESS:
                return Robots(address.origin, "", now)
            return Robots(address.origin, None, now, trouble=error)
        if found.attempt.status is None:
            trouble = FetchError(found.attempt.message or "", reason=found.attempt.reason)
            return Robots(address.origin, None, now, trouble=trouble)
        return robots_of(address.origin, found.attempt.status, found.body, now)

    # --- redirects -------------------------------------------------------------------

    async def _followed(self, asked: _Asked) -> Fetched:
        """The answer at the end of the redirects. Raises FetchError where nothing may be sent."""
        address = parsed(asked.url)
        seen = {address.href}
        for _ in range(MOST_REDIRECTS + 1):
            if asked.kind != "robots":
                (await self.robots_for(address)).refuse(address.href)
            found = await self._attempts(asked, address)
            if found.attempt.outcome != "redirected":
                return found
            address = parsed(found.attempt.location or "", base=address.href)
            if address.href in seen:
                raise FetchError("Its redirects lead in a circle.", reason="redirect_loop")
            seen.add(address.href)
            asked = replace(asked, known=Validators(digest=asked.known.digest))  # the rest was of its first
        raise FetchError(f"It redirects more than {MOST_REDIRECTS} times.", reason="too_many_redirects")

    # --- one address -------------------------------------------------------------------

    async def _attempts(self, asked: _Asked, address: Address) -> Fetched:
        """Up to three attempts, where the trouble may pass."""
        most = 1 if asked.kind == "robots" else ATTEMPTS
        for number in range(1, most + 1):
            await self._my_turn(address.host)
            found = await self._attempt(asked, address)
            if number == most or not _is_worth_another(found.attempt):
                break
        return found

    async def _my_turn(self, host: str) -> None:
        """Wait until the host may be asked. Raises FetchError (`backing_off`) where that is too long."""
        while (seconds := self.turns.wait(host, self.clock.now())) > 0:
            if seconds > max(PATIENCE, self.turns.delay_of(host)):
                until = self.turns.state(host).next_at
                raise FetchError(
                    f"{host} is left alone until {until:%Y-%m-%d %H:%M:%S} UTC: "
                    f"{self.turns.state(host).last_trouble or 'it asked for that'}.",
                    reason="backing_off",
                )
            await self.clock.sleep(seconds)

    async def _attempt(self, asked: _Asked, address: Address) -> Fetched:
        """One request, in a turn that is given back."""
        began = self.clock.now()
        try:
            async with self._slots:
                exchange = await self.client.get(address.href, asked.headers(began), asked.limits)
        except FetchError as error:
            if error.reason in PASSING:
                self.turns.troubled(address.host, self.clock.now(), error.reason)
            else:
                self.turns.answered(address.host, self.clock.now())
            outcome: Outcome = "refused" if error.reason == "blocked_address" else "failed"
            return Fetched(asked.url, self._told(asked, address.href, error, began, outcome))
        except BaseException:
            self.turns.given_back(address.host)
            raise
        self._give_back(address.host, exchange)
        return self._answered(asked, exchange, began)

    def _give_back(self, host: str, exchange: Exchange) -> None:
        """End the turn as the answer asks for."""
        now = self.clock.now()
        asked = retry_after(header(exchange, "retry-after"), now)
        if exchange.status == TOO_MANY or exchange.status >= 500:
            self.turns.troubled(host, now, f"it answered with {exchange.status}", asked)
        elif exchange.truncated in ("time", "disconnect"):
            self.turns.troubled(host, now, "its answer broke off")
        else:
            self.turns.answered(host, now)

    def _answered(self, asked: _Asked, exchange: Exchange, began: datetime) -> Fetched:
        """What an answer means; it is kept before anything is told of it."""
        outcome, reason, message = _meaning(exchange, asked)
        kind = self._kind(asked.kind, exchange, outcome)
        is_article = kind == "page" and outcome in ("fetched", "not modified")
        kept = self.keep(exchange, asked.candidate if is_article else None)
        attempt = Attempt(
            url=asked.url,
            final_url=exchange.url,
            kind=kind,
            outcome=outcome,
            started_at=began,
            ended_at=self.clock.now(),
            reason=reason,
            message=message,
            location=header(exchange, "location") if outcome == "redirected" else None,
            status=exchange.status,
            media_type=media_type(exchange),
            bytes=len(exchange.body),
            etag=header(exchange, "etag"),
            last_modified=header(exchange, "last-modified"),
            digest=body_digest(exchange.body) if exchange.body else None,
            place=kept.written if kept else None,
            source=asked.source,
        )
        ref = kept.ref if kept else None
        self.note(attempt, ref)
        return Fetched(asked.url, attempt, exchange, ref)

    def _kind(self, asked: Kind, exchange: Exchange, outcome: Outcome) -> Kind:
        """What a person named is a feed or a page by what came."""
        if asked != "given" or outcome != "fetched":
            return asked
        is_listing = self.is_listing(exchange.body, header(exchange, "content-type"))
        return "feed" if is_listing else "page"

    def _told(self, asked: _Asked, url: str, error: FetchError, began: datetime, outcome: Outcome) -> Attempt:
        """An attempt without an answer."""
        attempt = Attempt(
            url=asked.url,
            final_url=url,
            kind=asked.kind,
            outcome=outcome,
            started_at=began,
            ended_at=self.clock.now(),
            reason=error.reason,
            message=error.message,
            source=asked.source,
        )
        self.note(attempt, None)
        return attempt


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted of an address."""

    url: str
    kind: Kind
    known: Validators
    limits: Limits
    candidate: Candidate | None = None

    @property
    def source(self) -> str | None:
        """The entry in the source list that it is asked for."""
        return self.candidate.source if self.candidate else None

    def headers(self, now: datetime) -> dict[str, str]:
        """The conditions of the request; none once a day."""
        fetched_at = self.known.fetched_at
        is_trusted = fetched_at is not None and now - fetched_at < TRUSTED
        return self.known.headers() if is_trusted else {}


def _is_worth_another(attempt: Attempt) -> bool:
    """Whether the trouble may have passed when it is tried again."""
    if attempt.status is not None and attempt.status != 200:
        return attempt.status == TOO_MANY or attempt.status >= 500
    return attempt.reason in WORTH_ANOTHER


def _meaning(exchange: Exchange, asked: _Asked) -> tuple[Outcome, str | None, str | None]:
    """Outcome, reason and sentence of an answer."""
    status = exchange.status
    if asked.kind == "robots" and 400 <= status < 500 and status != TOO_MANY:
        return "fetched", f"http_{status}", "There is none: all is allowed."
    if status in REDIRECTS and header(exchange, "location"):
        return "redirected", None, None
    if status != NOT_MODIFIED and not 200 <= status < 300:
        return "failed", f"http_{status}", f"The server answered {status} {exchange.reason}".strip() + "."
    if exchange.truncated:
        return "failed", *_told_of_cut(exchange, asked.limits)
    if asked.known.digest and body_digest(exchange.body) == asked.known.digest:
        return "not modified", "same_content", None
    return ("not modified" if status == NOT_MODIFIED else "fetched"), None, None


def _told_of_cut(exchange: Exchange, limits: Limits) -> tuple[str, str]:
    """Reason and sentence of a body that is not whole."""
    if exchange.truncated == "length":
        wire, decoded = limits.wire // MB, limits.decoded // MB
        return "too_large", f"It is too long: up to {wire} MB are read, {decoded} MB unpacked."
    what = "was not complete in time" if exchange.truncated == "time" else "broke off"
    return "truncated", f"The answer {what}, after {len(exchange.wire_body):,} bytes."
