"""When to look again: at a feed for new articles, at a known article for corrections. Pure.

Feeds: the interval follows how often there is something new, as Media Cloud's fetcher does. Articles: most
corrections come within hours, so a known article is looked at again when it is twice as old as at the last
look; where an outlet's articles have been seen to change, sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=5)  # the most often that any publisher invites to look (RSS ttl, WebSub aside)
LONGEST = timedelta(days=1)  # a feed of the last ten articles must not overflow between two looks
LESS_OFTEN, MORE_OFTEN = 1.5, 0.5  # what an interval is multiplied by
BUSY = 0.5  # share of new entries from which on a feed is looked at more often

FIRST_LOOK = timedelta(hours=1)  # after the first fetch: half of all corrections come within some hours
SPREAD, SPREAD_CHANGING = 2.0, 1.5  # an article is looked at again at so many times its age at the last look
LAST_LOOK = timedelta(days=30)  # after that nothing is looked at again
LEAST_LOOKS = 20  # at an outlet's articles, before it is said to change them
CHANGING = 0.05  # share of looks at an outlet's articles that found another text


def next_interval(interval: timedelta, usual: timedelta, new: int, known: int) -> timedelta:
    """How long to wait after a look that found so many new and known entries.

    `usual` is what the source list says: the interval moves around it, within reasonable bounds.
    """
    listed = new + known
    if not new:
        interval *= LESS_OFTEN
    elif new >= BUSY * listed:
        interval *= MORE_OFTEN
    else:
        interval = (interval + usual) / 2
    return min(max(interval, min(SHORTEST, usual)), max(LONGEST, usual))


@dataclass(frozen=True, slots=True)
class Known:
    """An article that was fetched before: when first and last, naive UTC, and what its server said then.

    `failed` says why the last attempt failed for good, where it did.
    """

    first_at: datetime
    last_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    fetched_at: datetime | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """How often an outlet's known articles were looked at again, and found changed."""

    looks: int = 0
    changes: int = 0

    @property
    def spread(self) -> float:
        """By what the age of an article grows from one look to the next."""
        often = self.looks >= LEAST_LOOKS and self.changes >= CHANGING * self.looks
        return SPREAD_CHANGING if often else SPREAD


def next_look(known: Known, looks: Looks) -> datetime | None:
    """When a known article is looked at again; None for never."""
    if known.last_at - known.first_at >= LAST_LOOK:
        return None
    age = max(known.last_at - known.first_at, FIRST_LOOK / looks.spread)
    return known.first_at + max(age * looks.spread, FIRST_LOOK)


def is_due(known: Known, looks: Looks, now: datetime, modified_at: datetime | None = None) -> bool:
    """Whether to look at a known article now; `modified_at` is when a feed says that it was changed."""
    if modified_at is not None and known.last_at < modified_at <= now:
        return True
    look = next_look(known, looks)
    return look is not None and look <= now
