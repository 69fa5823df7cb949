"""What a site allows us, as RFC 9309 and protego read its robots.txt. Pure; the fetcher gets the file.

| answer | what it means (RFC 9309, 2.3.1) |
|---|---|
| 200 | what it says; the first 512 KiB of it |
| 400 to 499 | there is none: everything is allowed |
| 429, 500 and above, none at all | the site is closed until it can be read |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from protego import Protego

from tasks.errors import FetchError
from tasks.fetch.agent import AGENT

MOST_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB must be read
KEPT = timedelta(hours=24)  # RFC 9309, 2.4: no longer than that
CLOSED_KEPT = timedelta(minutes=5)  # the host's back-off keeps us from asking too often besides
LONGEST_DELAY = 120.0  # seconds; some sites write an hour for everybody, which no reader of news could obey
TOO_MANY = 429


@dataclass(frozen=True)
class Robots:
    """One site's robots.txt: `text` is None where the site is closed, `trouble` why nobody answered."""

    origin: str
    text: str | None
    fetched_at: datetime
    status: int | None = None
    trouble: FetchError | None = field(default=None, compare=False)

    def is_fresh(self, now: datetime) -> bool:
        """Whether it need not be fetched again."""
        kept = KEPT if self.text is not None else CLOSED_KEPT
        return self.fetched_at <= now < self.fetched_at + kept

    def refuse(self, url: str) -> None:
        """Whether we may ask for an address of this site.

        Raises FetchError (`robots`, `robots_unreachable`, or why nobody answered) where we may not.
        """
        if self.trouble is not None:
            raise FetchError(self.trouble.message, reason=self.trouble.reason)
        if self.text is None:
            told = f"its robots.txt answers with {self.status}"
            raise FetchError(f"The site is taken to be closed: {told}.", reason="robots_unreachable")
        if self.text and not self._rules.can_fetch(url, AGENT):
            raise FetchError("The site's robots.txt asks us not to read this address.", reason="robots")

    @property
    def delay(self) -> float:
        """Seconds between two requests that it asks for; 0 where it says nothing."""
        if not self.text:
            return 0.0
        asked = self._rules.crawl_delay(AGENT) or 0.0
        rate = self._rules.request_rate(AGENT)
        if rate and rate.requests:
            asked = max(asked, rate.seconds / rate.requests)
        return float(min(max(asked, 0.0), LONGEST_DELAY))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names, in their order."""
        return tuple(self._rules.sitemaps) if self.text else ()

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse(self.text or "")


def robots_of(origin: str, status: int | None, body: bytes, now: datetime) -> Robots:
    """What an answer means; a status of None is no answer at all."""
    if status is not None and 200 <= status < 300:
        text = body[:MOST_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")
        return Robots(origin, text, now, status)
    if status is not None and 300 <= status < 500 and status != TOO_MANY:
        return Robots(origin, "", now, status)
    return Robots(origin, None, now, status)
