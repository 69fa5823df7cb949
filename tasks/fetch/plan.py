"""What a run is to do on the web, from what a person named and what is remembered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tasks.fetch.attempt import Validators
from tasks.fetch.choose import Choice, Wanted, host_of, key_of
from tasks.fetch.places import Look, Place
from tasks.fetch.rows import known, validators
from tasks.fetch.schedule import Known
from tasks.followed import FollowedSource
from tasks.model import Failure
from tasks.sources import Sources, read_sources
from tasks.web import Candidate
from warehouse.fetching import KnownRow, PlaceRow, VisitedRow

ADDRESS = re.compile(r"(?i)https?://")
SOURCE_LIST = ".toml"


@dataclass(frozen=True, slots=True)
class Errand:
    """What a run wants of the web: addresses that a person gave, and sources to follow."""

    addresses: tuple[str, ...] = ()
    sources: tuple[FollowedSource, ...] = ()
    idle: tuple[str, ...] = ()  # source lists that follow nobody

    @property
    def failures(self) -> list[Failure]:
        """The source lists of which nothing can come."""
        why = "No source in it is turned on: set enabled = true, or onrecord sources add URL."
        return [Failure(given, "discover", "nothing_usable", why) for given in self.idle]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be fetched."""
        return not self.addresses and not self.sources


def errand_of(inputs: Sequence[str], ordered: Sources) -> tuple[Errand, list[str], Sources]:
    """What of the inputs is on the web, the inputs that are files, and all that is ordered for outlets.

    A source list among the inputs orders, too, and before the one that is in force anyway. Sources that are
    turned off are not followed. Raises UsageError for a source list that cannot be meant.
    """
    addresses = [given for given in inputs if ADDRESS.match(given)]
    lists = [given for given in inputs if given not in addresses and is_source_list(given)]
    rest = [given for given in inputs if given not in addresses and given not in lists]
    read = {given: read_sources(Path(given)) for given in lists}
    followed = [source for one in read.values() for source in one.followed if source.enabled]
    idle = [given for given, one in read.items() if not any(source.enabled for source in one.followed)]
    rules = tuple(dict.fromkeys(rule for one in (*read.values(), ordered) for rule in one.rules))
    errand = Errand(tuple(dict.fromkeys(addresses)), tuple(followed), tuple(idle))
    return errand, rest, Sources(rules, ordered.followed)


def is_source_list(given: str) -> bool:
    """Whether an input is a source list that is there; where it is not, it is missing like any other file."""
    return given.lower().endswith(SOURCE_LIST) and Path(given).is_file()


def places_of(
    errand: Errand, before: Sequence[PlaceRow], met: Sequence[KnownRow], due_at: datetime | None
) -> list[Place]:
    """Where to look, each place once, with what its last answer said.

    `met` are those of the given addresses that were fetched before. With `due_at`, places of sources whose
    time has not come then are left out.
    """
    rows = {row.url: row for row in before}
    pages = {row.address_key: row for row in met}
    places: dict[str, Place] = {}
    for source in errand.sources:
        for url in source.places:
            if due_at is None or url not in rows or rows[url].next_poll_at <= due_at:
                places.setdefault(url, _place(url, source, rows.get(url)))
    for url in errand.addresses:
        row: PlaceRow | KnownRow | None = rows.get(url) or pages.get(key_of(url))
        places.setdefault(url, _place(url, None, row))
    return list(places.values())


def _place(url: str, source: FollowedSource | None, row: PlaceRow | KnownRow | None) -> Place:
    is_listing = source is not None or isinstance(row, PlaceRow)
    return Place(url, source, validators(row) if row else Validators(), is_listing)


def articles_among(looked: Iterable[Look]) -> dict[str, Known]:
    """The given addresses that were articles: fetched by now, should a feed name them, too."""
    return {
        key_of(look.place.url): Known(look.attempt.started_at, look.attempt.started_at)
        for look in looked
        if not look.is_listing and not look.failure
    }


def visited_of(rows: Iterable[VisitedRow]) -> list[Wanted]:
    """Articles that were fetched before, to be looked at again when they are due."""
    return [Wanted(Candidate(row.url, "list", source=row.source), known(row.known)) for row in rows]


def polite_hosts(
    sources: Iterable[FollowedSource], choice: Choice | None = None
) -> dict[str, FollowedSource]:
    """The source that tells how politely to treat a host: of its feeds, and of its articles."""
    by_name = {source.name: source for source in sources}
    found = {host_of(url): source for source in by_name.values() for url in source.places}
    queues = choice.queues if choice else {}
    for host, queue in queues.items():
        named = [by_name[one.candidate.source] for one in queue if one.candidate.source in by_name]
        if named:
            found[host] = max(named, key=lambda source: source.delay)
    return found
