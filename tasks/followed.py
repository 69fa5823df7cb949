"""The outlets that are followed: where they announce articles, how often to look, how politely, what to take.

Part of the entries of `sources.toml`, which `tasks.sources` reads. Used by the fetching part of ingest and by
`onrecord sources`. Values and their checks only; nothing here does any work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from tasks.discover.addresses import joined
from tasks.errors import UsageError

PLACES = ("feeds", "sitemaps", "lists")
INTERVAL = timedelta(minutes=30)  # what feeds ask for on average; the adaptive schedule thins it out
LEAST_INTERVAL = timedelta(minutes=1)
DELAY = timedelta(seconds=5)  # between two requests to a host; the largest open crawler of news waits as long
MOST_SLOTS = 8  # requests at a time to one host; browsers open six connections
MAX_AGE = timedelta(days=30)  # sitemaps reach back decades; backfill asks for a window of its own
DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(s|m|h|d)[a-z]*")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LANGUAGE = re.compile(r"(?i)[a-z]{2,3}(?:-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class FollowedSource:
    """One outlet to follow.

    `name` is what its candidates are called by. `feeds`, `sitemaps` and `lists` are addresses. It is looked
    at every `interval`; its hosts get no more than `slots` requests at a time, `delay` apart. Of what it
    names, addresses that match one of `keep` (where there are any) and none of `skip` are taken, unless they
    are dated longer ago than `max_age`. Nothing is fetched of one that is not `enabled`.
    """

    name: str
    outlet: str | None = None
    publisher: str | None = None
    language: str | None = None
    domains: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    interval: timedelta = INTERVAL
    delay: timedelta = DELAY
    slots: int = 1
    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    max_age: timedelta = MAX_AGE
    enabled: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        """Every address at which it announces articles."""
        return (*self.feeds, *self.sitemaps, *self.lists)


# Keys of an entry that only following knows; outlet, publisher and domains are of both.
FOLLOWING = tuple(
    field.name
    for field in fields(FollowedSource)
    if field.name not in {"name", "outlet", "publisher", "domains"}
)


def followed_source(where: str, entry: Mapping[str, Any]) -> FollowedSource | None:
    """What an entry says of following; None where it names no place to look at.

    The keys that are not of `FOLLOWING` are checked already. `where` names the entry in messages.
    Raises UsageError for what cannot be meant.
    """
    read = {key: CHECKS[key](where, key, entry[key]) for key in FOLLOWING if key in entry}
    if not any(read.get(place) for place in PLACES):
        if alone := sorted(set(read) - {"language", "enabled"}):
            raise UsageError(f"{where}: {alone[0]} needs feeds, sitemaps or lists, to tell what is followed.")
        return None
    outlet, domains = entry.get("outlet"), _listed(entry.get("domains"))
    name = outlet or (domains or [first_host(read)])[0]
    return FollowedSource(
        name=name,
        outlet=outlet,
        publisher=entry.get("publisher"),
        domains=tuple(domain.lower().removeprefix("www.") for domain in domains),
        **read,
    )


def first_host(read: Mapping[str, Any]) -> str:
    """The host of the first place, by which an entry without a name is called."""
    address = next(place for places in PLACES for place in read.get(places, ()))
    return str(address).split("/", 3)[2].removeprefix("www.")


def written_duration(duration: timedelta) -> str:
    """A duration as `sources.toml` writes it, in the largest unit that it is a multiple of."""
    seconds = duration.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []


# --- checks -----------------------------------------------------------------------------------------


def _texts(where: str, key: str, value: object) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise UsageError(f"{where}: {key} must be a text or a list of texts, each with something in it.")
    return tuple(texts)


def _addresses(where: str, key: str, value: object) -> tuple[str, ...]:
    found = []
    for text in _texts(where, key, value):
        address = joined(text, "about:blank") if text.lower().startswith(("http://", "https://")) else None
        if address is None:
            raise UsageError(
                f"{where}: {key} has {text!r}; an address is written like https://news.example/rss."
            )
        found.append(address)
    return tuple(dict.fromkeys(found))


def _patterns(where: str, key: str, value: object) -> tuple[str, ...]:
    texts = _texts(where, key, value)
    for text in texts:
        refuse_no_pattern(where, key, text)
    return texts


def refuse_no_pattern(where: str, key: str, text: str) -> None:
    """Raises UsageError where the text is no regular expression."""
    try:
        re.compile(text)
    except re.error as error:
        raise UsageError(f"{where}: {key} has {text!r}, which is no regular expression: {error}.") from error


def duration_of(where: str, key: str, value: object) -> timedelta:
    """A time as it is written ("5s", "30m"). Raises UsageError, naming where and what, for anything else."""
    match = DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise UsageError(f'{where}: {key} is {value!r}; a time is written like "5s", "30m", "2h" or "14d".')
    return timedelta(**{UNITS[match[2]]: float(match[1])})


def _interval(where: str, key: str, value: object) -> timedelta:
    interval = duration_of(where, key, value)
    if interval < LEAST_INTERVAL:
        raise UsageError(f"{where}: {key} is {value!r}; no feed is looked at more than once a minute.")
    return interval


def _slots(where: str, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_SLOTS:
        raise UsageError(f"{where}: {key} is {value!r}; it must be a whole number from 1 to {MOST_SLOTS}.")
    return value


def _language(where: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        raise UsageError(f'{where}: {key} is {value!r}; a language is written like "en" or "pt-BR".')
    return value


def _flag(where: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{where}: {key} is {value!r}; it must be true or false.")
    return value


CHECKS: dict[str, Any] = {
    **dict.fromkeys(PLACES, _addresses),
    "keep": _patterns,
    "skip": _patterns,
    "interval": _interval,
    "delay": duration_of,
    "max_age": duration_of,
    "slots": _slots,
    "language": _language,
    "enabled": _flag,
}
