"""What a backfill is: a window of days, and where its documents come from. Pure; the clock is passed in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from tasks.errors import UsageError
from warehouse.ids import stable_id

Origin = Literal["archive", "web archives", "sitemaps"]

ADDRESS = re.compile(r"(?i)https?://")
ONE_DAY = timedelta(days=1)
EMPTY = "Empty"  # the state of a day of which there was nothing
MOST_DAYS = 20_000  # some fifty years: more is a typing mistake


@dataclass(frozen=True, slots=True)
class Backfill:
    """A backfill: days in UTC, both included, and what they are taken from.

    Of the archive, days are those on which pages were fetched; of web archives those on which they were
    captured; of sitemaps those that articles are dated.
    """

    since: date
    until: date
    origin: Origin
    inputs: tuple[str, ...]

    @property
    def identity(self) -> UUID:
        """The same for every window of the same documents: overlapping windows share their days."""
        return stable_id("backfill", self.origin, *sorted(map(_whole, self.inputs)))

    @property
    def days(self) -> Iterator[date]:
        """Its days, the earliest first."""
        day = self.since
        while day <= self.until:
            yield day
            day += ONE_DAY


@dataclass(frozen=True, slots=True)
class DayEnd:
    """How a day ended; `error` says why it did not, where it did not."""

    day: date
    state: str
    documents: int = 0
    versions: int = 0
    failed: int = 0
    error: str | None = None


def backfill_of(
    since: date, until: date, origin: Origin | None, inputs: Sequence[str], archive: Path, today: date
) -> Backfill:
    """The backfill that is meant; days of the future are left out.

    Raises UsageError for a window that cannot be, or inputs that do not fit together.
    """
    if since > until:
        raise UsageError(f"The window ends on {until}, before it begins on {since}.")
    if since > today:
        raise UsageError(f"{since} has not come yet.")
    if (until - since).days > MOST_DAYS:
        raise UsageError(f"From {since} to {until} is more than {MOST_DAYS:,} days.")
    chosen = origin or origin_of(inputs)
    if chosen != "archive" and not inputs:
        raise UsageError(f"Say which {chosen} to take: files, folders, or a source list.")
    if chosen == "archive":
        if inputs:
            raise UsageError("What is taken from the archive is all in its folder: name no inputs.")
        inputs = [str(archive)]
    return Backfill(since, min(until, today), chosen, tuple(inputs))


def origin_of(inputs: Sequence[str]) -> Origin:
    """Where the inputs say that documents come from. Raises UsageError where they say two things."""
    on_the_web = [given for given in inputs if ADDRESS.match(given) or given.lower().endswith(".toml")]
    if not inputs:
        return "archive"
    if on_the_web and len(on_the_web) < len(inputs):
        raise UsageError("Take web archives or sitemaps: one backfill has one origin.")
    return "sitemaps" if on_the_web else "web archives"


def is_over(day: date, now: datetime) -> bool:
    """Whether nothing of a day (UTC) can be missing any more; `now` in naive UTC."""
    return now.date() > day


def in_words(ends: Sequence[DayEnd], done_before: int) -> str:
    """What came of a backfill, in a sentence."""
    broken = [end for end in ends if end.error]
    versions = sum(end.versions for end in ends)
    parts = [f"{_counted(len(ends) - len(broken), 'day')} done", f"{_counted(versions, 'article')} loaded"]
    if failed := sum(end.failed for end in ends):
        parts.append(f"{_counted(failed, 'document')} failed")
    if done_before:
        parts.append(f"{_counted(done_before, 'day')} done before")
    if broken:
        named = ", ".join(f"{end.day}" for end in broken)
        parts.append(f"not done: {named} ({broken[0].error}); the same again does only these")
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _whole(given: str) -> str:
    """An input under one name, from whatever folder it is given."""
    return given if ADDRESS.match(given) else os.path.realpath(given)
