"""Entries as they are written into candidates: addresses joined, dates understood, what is wrong counted.

Called by `read_listing` for every kind of listing, so all of them are held to the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from tasks.discover.addresses import cleaned, joined
from tasks.discover.listing import Entry, Kind, Listing, Onward, Reading, Trouble
from tasks.read.given import STEERING, scrub
from tasks.timestamps import Timestamp, parse_timestamp
from tasks.web import Candidate

# How far ahead of the clock an entry may be dated: zones that were not written make up to a day of it.
AHEAD = timedelta(hours=48)
LONGEST_TITLE = 1_000  # characters; what is longer is a text that stands in the wrong place
LONGEST_NAME = 200  # characters of an author
MOST_AUTHORS = 20
LONGEST_SHOWN = 120  # characters of a value in a message
LANGUAGE = re.compile(r"(?i)([a-z]{2,3})(?:[-_][\w-]{1,20})?")  # BCP 47: the language, then what is no matter
FOUND_IN: dict[Kind, Literal["feed", "sitemap", "news sitemap", "list"]] = {
    "sitemap": "sitemap",
    "sitemap index": "sitemap",
    "news sitemap": "news sitemap",
    "list": "list",
}
T = TypeVar("T")
PROBLEMS = {
    "no_address": "An entry has no address{}.",
    "bad_address": "An entry's address cannot be asked for: {}.",
    "bad_date": "A date cannot be understood: {}.",
    "future_date": "A date lies in the future: {}.",
}


def as_listing(reading: Reading, place: str, now: datetime, source: str | None = None) -> Listing:
    """The listing that a reading amounts to; of entries with one address the first counts."""
    understanding = _Understanding(reading, place, now, source)
    candidates = _once(map(understanding.candidate, reading.entries), lambda candidate: candidate.url)
    onward = _once(map(understanding.onward, reading.onward), lambda sitemap: sitemap.url)
    moments = [c.published_at or c.modified_at for c in candidates] + [one.modified_at for one in onward]
    return Listing(
        kind=reading.kind,
        candidates=tuple(candidates),
        onward=tuple(onward),
        troubles=(*reading.troubles, *understanding.troubles()),
        entries=len(reading.entries) + len(reading.onward),
        newest=max((moment for moment in moments if moment), default=None),
        title=_line(reading.title, LONGEST_TITLE),
        language=language_of(reading.language),
    )


def _once(found: Iterable[T | None], key: Callable[[T], str]) -> list[T]:
    kept: dict[str, T] = {}
    for one in found:
        if one is not None:
            kept.setdefault(key(one), one)
    return list(kept.values())


class _Understanding:
    """Understands the entries of one listing and counts what cannot be understood."""

    def __init__(self, reading: Reading, place: str, now: datetime, source: str | None) -> None:
        self.reading = reading
        self.place = place
        self.latest = now + AHEAD
        self.source = source
        self._problems: dict[str, list[str]] = {}

    def candidate(self, entry: Entry) -> Candidate | None:
        """The entry as a candidate; None where it has no address that can be asked for."""
        address = self._address(entry)
        if address is None:
            return None
        published, modified = self._moment(entry.published), self._moment(entry.modified)
        return Candidate(
            url=cleaned(address),
            as_written=entry.link,
            found_in=FOUND_IN.get(self.reading.kind, "feed"),
            place=self.place,
            source=self.source,
            title=_line(entry.title, LONGEST_TITLE),
            authors=_authors(entry.authors),
            published_at=published.moment if published else None,
            published_offset=published.utc_offset if published else None,
            modified_at=modified.moment if modified else None,
            language=language_of(entry.language) or language_of(self.reading.language),
        )

    def onward(self, entry: Entry) -> Onward | None:
        """The sitemap that an entry of an index names."""
        address = self._address(entry)
        modified = self._moment(entry.modified)
        return Onward(address, modified.moment if modified else None) if address else None

    def troubles(self) -> list[Trouble]:
        """What was met, each kind once."""
        return [
            Trouble(reason, PROBLEMS[reason].format(examples[0]), len(examples))
            for reason, examples in self._problems.items()
        ]

    def _address(self, entry: Entry) -> str | None:
        if not entry.link:
            self._note("no_address", f" ({entry.title})" if entry.title else "")
            return None
        address = joined(entry.link, self.place)
        if address is None:
            self._note("bad_address", entry.link)
        return address

    def _moment(self, dates: Sequence[str]) -> Timestamp | None:
        """The first that can be read and does not lie in the future."""
        stamps = [stamp for date in dates if (stamp := parse_timestamp(date))]
        possible = [stamp for stamp in stamps if stamp.moment <= self.latest]
        if dates and not possible:
            self._note("future_date" if stamps else "bad_date", dates[0])
        return possible[0] if possible else None

    def _note(self, reason: str, example: str) -> None:
        shown = _line(example, LONGEST_SHOWN) or ""
        self._problems.setdefault(reason, []).append(f" {shown}" if example.startswith(" ") else shown)


def language_of(tag: str | None) -> str | None:
    """The language of a BCP 47 tag, in lower case ("en-GB" → "en")."""
    match = LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def _authors(names: Sequence[str]) -> tuple[str, ...]:
    lines = (line for name in names if (line := _line(name, LONGEST_NAME)))
    return tuple(dict.fromkeys(lines))[:MOST_AUTHORS]


def _line(text: str | None, longest: int) -> str | None:
    """The text on one line, without what no file can hold or what steers a terminal."""
    return " ".join(STEERING.sub(" ", scrub(text or "")).split())[:longest].strip() or None
