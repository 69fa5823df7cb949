"""How the sources are after a run: what each place brought, and when to look at it again. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.fetch.choose import key_of
from tasks.fetch.places import Look
from tasks.fetch.schedule import next_interval
from tasks.fetch.web import Page
from tasks.followed import INTERVAL
from tasks.model import Failure
from warehouse.fetching import PlaceRow


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source after a run. `postponed` are articles that the next run will ask for again.

    `changed` are known articles whose pages were found to be others. Moments are naive UTC.
    """

    source: str
    last_success: datetime | None
    new: int
    changed: int
    known: int
    failed: int
    postponed: int
    why: str | None
    next_poll: datetime | None


def page_failures(pages: Iterable[Page]) -> list[Failure]:
    """The articles that could not be fetched, for the table `failures`; not those that are only postponed."""
    return [
        Failure(
            page.wanted.candidate.url,
            "fetch",
            page.attempt.reason or "fetch",
            page.attempt.message or "It could not be fetched.",
        )
        for page in pages
        if page.attempt.outcome in ("refused", "failed") and not page.is_postponed
    ]


def place_rows(
    looks: Sequence[Look], pages: Iterable[Page], known: Iterable[str], before: Mapping[str, PlaceRow]
) -> list[PlaceRow]:
    """The state of every place that was looked at; `known` are the keys that were known before the run."""
    ended = {key_of(page.wanted.candidate.url): page for page in pages}
    known = frozenset(known)
    listings = [look for look in looks if look.is_listing]
    return [_place_row(look, ended, known, before.get(look.place.url)) for look in listings]


def _place_row(
    look: Look, ended: Mapping[str, Page], known: frozenset[str], before: PlaceRow | None
) -> PlaceRow:
    usual = look.place.source.interval if look.place.source else INTERVAL
    interval = timedelta(seconds=before.interval_seconds) if before else usual
    keys = {key_of(candidate.url) for candidate in look.candidates}
    new = len(keys - known)
    met = [ended[key] for key in keys if key in ended]
    if look.failure is None:
        interval = next_interval(interval, usual, new, len(keys) - new)
    attempt, answer = look.attempt, _last_answer(look, before)
    is_whole = not any(page.is_postponed for page in met)  # else its articles must be named again
    return PlaceRow(
        url=look.place.url,
        source=look.place.name,
        polled_at=attempt.ended_at,
        succeeded_at=before.succeeded_at if look.failure and before else attempt.ended_at,
        next_poll_at=attempt.ended_at + interval,
        interval_seconds=interval.total_seconds(),
        new_items=new,
        known_items=len(keys) - new,
        failed_items=sum(page.attempt.outcome in ("refused", "failed") for page in met),
        reason=look.failure.reason if look.failure else None,
        message=look.failure.message if look.failure else None,
        etag=answer[0] if is_whole else None,
        last_modified=answer[1] if is_whole else None,
        source_digest=answer[2] if is_whole else None,
        fetched_at=answer[3] if is_whole else None,
    )


Answer = tuple[str | None, str | None, str | None, datetime | None]


def _last_answer(look: Look, before: PlaceRow | None) -> Answer:
    """ETag, Last-Modified, digest and time of the last whole answer that could be read."""
    attempt = look.attempt
    if look.failure is None and attempt.outcome == "fetched":
        return attempt.etag, attempt.last_modified, attempt.digest, attempt.started_at
    if before is None:
        return None, None, None, None
    return before.etag, before.last_modified, before.source_digest, before.fetched_at


def source_health(
    rows: Iterable[PlaceRow], pages: Iterable[Page], left: Mapping[str | None, int]
) -> list[SourceHealth]:
    """Each source in a line, the ones in trouble first; `left` counts known articles that were left alone."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        counted[page.wanted.candidate.source or ""][_fate(page)] += 1
    places: defaultdict[str, list[PlaceRow]] = defaultdict(list)
    for row in rows:
        places[row.source or row.url].append(row)
    found = [_health(name, own, counted[name], left.get(name, 0)) for name, own in places.items()]
    return sorted(found, key=lambda one: (one.why is None, one.source.casefold()))


def _fate(page: Page) -> str:
    if page.is_postponed:
        return "postponed"
    if page.attempt.outcome == "fetched":
        return "new" if page.wanted.known is None else "changed"
    return "known" if page.attempt.outcome == "not modified" else "failed"


def _health(name: str, places: Sequence[PlaceRow], pages: Counter[str], left: int) -> SourceHealth:
    broken = [row for row in places if row.reason]
    why = "; ".join(f"{row.url}: {row.message}" for row in broken) or None
    successes = [row.succeeded_at for row in places if row.succeeded_at]
    return SourceHealth(
        source=name,
        last_success=max(successes, default=None),
        new=pages["new"],
        changed=pages["changed"],
        known=pages["known"] + left,
        failed=pages["failed"] + len(broken),
        postponed=pages["postponed"],
        why=why,
        next_poll=min((row.next_poll_at for row in places), default=None),
    )
