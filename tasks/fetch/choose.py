"""Which addresses to fetch now: new ones, and known ones whose time to be looked at again has come. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasks.errors import FetchError
from tasks.fetch.address import parsed
from tasks.fetch.attempt import Validators
from tasks.fetch.schedule import Known, Looks, is_due
from tasks.read.document import address_key
from tasks.web import Candidate


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to fetch; `known` is the version that we have."""

    candidate: Candidate
    known: Known | None = None

    @property
    def validators(self) -> Validators:
        """What its server said of the version that we have."""
        known = self.known
        if known is None:
            return Validators()
        return Validators(known.etag, known.last_modified, known.digest, known.fetched_at)


@dataclass(frozen=True, slots=True)
class Choice:
    """The addresses to fetch, by host, and how many known ones were left alone, by source."""

    queues: Mapping[str, tuple[Wanted, ...]]
    new: Mapping[str | None, int] = field(default_factory=dict)
    known: Mapping[str | None, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many there are."""
        return sum(len(queue) for queue in self.queues.values())


def key_of(url: str) -> str:
    """What makes two addresses the same article; what is no address is its own key."""
    try:
        return address_key(parsed(url).href)
    except (FetchError, ValueError):
        return url


def host_of(url: str) -> str:
    """The host to queue an address at; what is no address gets a queue of its own."""
    try:
        return parsed(url).host
    except FetchError:
        return ""


def choose(
    candidates: Iterable[Candidate],
    visited: Iterable[Wanted],
    known: Mapping[str, Known],
    looks: Mapping[str | None, Looks],
    now: datetime,
) -> Choice:
    """The candidates that are new or due, and the articles visited before that are due.

    `known` is by `key_of`; `visited` come with what is known of them. Every address is taken once.
    """
    queues: defaultdict[str, list[Wanted]] = defaultdict(list)
    new: defaultdict[str | None, int] = defaultdict(int)
    left: defaultdict[str | None, int] = defaultdict(int)
    taken: set[str] = set()
    for one in (*_as_wanted(candidates, known), *visited):
        candidate = one.candidate
        key, source = key_of(candidate.url), candidate.source
        if key in taken:
            continue
        taken.add(key)
        how_often = looks.get(source, Looks())
        if one.known is not None and not is_due(one.known, how_often, now, candidate.modified_at):
            left[source] += 1
            continue
        if one.known is None:
            new[source] += 1
        queues[host_of(candidate.url)].append(one)
    return Choice({host: tuple(queue) for host, queue in queues.items()}, dict(new), dict(left))


def _as_wanted(candidates: Iterable[Candidate], known: Mapping[str, Known]) -> Iterable[Wanted]:
    for candidate in candidates:
        yield Wanted(candidate, known.get(key_of(candidate.url)))


def host_batches(
    queues: Mapping[str, Sequence[Wanted]], hosts: int, most: int
) -> list[dict[str, tuple[Wanted, ...]]]:
    """The queues in batches of so many hosts, no more than so many batches; the longest queues first."""
    names = sorted(queues, key=lambda host: (-len(queues[host]), host))
    size = max(hosts, -(-len(names) // most))
    parts = [names[at : at + size] for at in range(0, len(names), size)]
    return [{host: tuple(queues[host]) for host in part} for part in parts]
