"""The documents of each day of a backfill: pages of the archive, of web archives, addresses of sitemaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tasks.archive.chosen import Window, chosen_pages
from tasks.clean.metadata.dates import in_address
from tasks.fetch.attempt import Validators
from tasks.fetch.places import Look, Place
from tasks.fetch.plan import Errand
from tasks.model import DocumentRef, Failure
from tasks.read.discover import discover
from tasks.web import Candidate


@dataclass(frozen=True, slots=True)
class OfDay:
    """What there is of a day: documents that are here, addresses to be fetched, what cannot be used."""

    refs: tuple[DocumentRef, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    failures: tuple[Failure, ...] = ()


NOTHING = OfDay()

OfDays = Callable[[date], OfDay]


@dataclass(frozen=True, slots=True)
class ByDay:
    """All that was found, by day. `undated` counts what tells no day, `failures` are of no day."""

    days: dict[date, OfDay] = field(default_factory=dict)
    undated: int = 0
    failures: tuple[Failure, ...] = ()

    def __call__(self, day: date) -> OfDay:
        """What there is of a day."""
        return self.days.get(day, NOTHING)


def of_archive(folder: Path) -> OfDays:
    """The pages of the archive, by the day they were fetched. Raises NoArchiveError where there is none."""
    next(chosen_pages(folder), None)

    def of_day(day: date) -> OfDay:
        return OfDay(tuple(chosen_pages(folder, Window(day, day))))

    return of_day


def of_web_archives(inputs: Sequence[str]) -> ByDay:
    """The pages of web archives, by the day they were captured; other files in a folder count as undated."""
    found = discover(inputs)
    refs: defaultdict[date | None, list[DocumentRef]] = defaultdict(list)
    for ref in found.refs:
        refs[ref.seen_on].append(ref)
    undated = len(refs.pop(None, []))
    days = {day: OfDay(tuple(own)) for day, own in refs.items() if day is not None}
    return ByDay(days, undated, found.failures)


def of_sitemaps(looks: Iterable[Look]) -> ByDay:
    """The addresses that sitemaps name, by the day they are dated, each once."""
    candidates: defaultdict[date | None, dict[str, Candidate]] = defaultdict(dict)
    failures = []
    for look in looks:
        if look.failure:
            failures.append(look.failure)
        for candidate in look.candidates:
            candidates[day_of(candidate)].setdefault(candidate.url, candidate)
    undated = len(candidates.pop(None, {}))
    days = {day: OfDay((), tuple(own.values())) for day, own in candidates.items() if day is not None}
    return ByDay(days, undated, tuple(failures))


def day_of(candidate: Candidate) -> date | None:
    """The day an address is dated: of its publication, else the one in its path, else of its last change."""
    if candidate.published_at:
        return candidate.published_at.date()
    written = next(in_address(candidate.url), None)
    if written is not None:
        return written.stamp.day
    return candidate.modified_at.date() if candidate.modified_at else None


def places_back(errand: Errand, since: date, until: date, now: datetime) -> list[Place]:
    """Where to look for what is dated in a window: sitemaps and lists where a source has any, else feeds.

    They are asked for whole, and without the age that the source list allows; `now` in naive UTC.
    """
    begin, end = datetime.combine(since, time()), datetime.combine(until, time()) + timedelta(days=1)
    places = {}
    for source in errand.sources:
        followed = replace(source, max_age=now - begin)
        for url in (*source.sitemaps, *source.lists) or source.feeds:
            places[url] = Place(url, followed, Validators(), is_listing=True, until=end)
    for url in errand.addresses:
        places.setdefault(url, Place(url, None, Validators(), is_listing=True, until=end))
    return list(places.values())
