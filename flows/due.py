"""What of a source list is looked at in a run, and whether anything is due at all.

Called by the ingest flow before anything is opened for writing: a schedule that ticks every few minutes and
finds nothing to do must cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from tasks.errors import OnrecordError
from tasks.fetch import rows
from tasks.fetch.fetcher import PASSED_ON
from tasks.fetch.journal import left_behind
from tasks.fetch.plan import Errand, errand_of, places_of
from tasks.fetch.schedule import LAST_LOOK, Looks, next_look
from tasks.fetch.web import FetchSettings
from tasks.sources import Sources
from warehouse.connect import reading, utc_now
from warehouse.errors import WarehouseError
from warehouse.fetching import Remembered, remembered, visited_articles
from warehouse.files import WarehouseFiles


def looked_at(errand: Errand, settings: FetchSettings) -> Errand:
    """The errand as far as places are looked at: no feed where only known articles are."""
    return replace(errand, sources=()) if settings.look == "known" else errand


def due_at(settings: FetchSettings, now: datetime) -> datetime | None:
    """The moment at which a place must be due to be looked at; None where all are."""
    return now if settings.look == "due" else None


def followed_without_look(errand: Errand, settings: FetchSettings) -> list[str]:
    """The sources whose known articles may be due though none of their places is looked at."""
    return [source.name for source in errand.sources] if settings.look == "known" else []


def nothing_due(files: WarehouseFiles, inputs: Sequence[str], settings: FetchSettings) -> str | None:
    """In a sentence, that nothing is to be done now; None where something is, or where nobody can tell.

    What an interrupted run has left is something to do. What is wrong the run itself will say.
    """
    if settings.look == "all" or left_behind(files.fetching):
        return None
    try:
        errand, places, _ = errand_of(inputs, Sources())
        if errand.addresses or places or not (errand.sources or errand.idle):
            return None
        if not errand.sources:
            return "No source of the list is turned on."
        return told(moments_of(files, errand, settings, utc_now()), utc_now())
    except (OnrecordError, WarehouseError):
        return None


def moments_of(
    files: WarehouseFiles, errand: Errand, settings: FetchSettings, now: datetime
) -> list[datetime | None]:
    """When each place, or each known article, is to be looked at; None is never."""
    with closing(reading(files.published)) as con:
        memory = remembered(con, now - LAST_LOOK)
        if settings.look == "due":
            return list(next_polls(errand, memory, now))
        names = [source.name for source in errand.sources]
        visited = visited_articles(con, names, now - LAST_LOOK, [*PASSED_ON])
    looks = rows.looks(memory.looks)
    return [next_look(rows.known(one.known), looks.get(one.source, Looks())) for one in visited]


def next_polls(errand: Errand, memory: Remembered, now: datetime) -> list[datetime | None]:
    """When each place of the errand is due; now, where it was never looked at."""
    before = {row.url: row.next_poll_at for row in memory.places}
    return [before.get(place.url, now) for place in places_of(errand, memory.places, (), None)]


def told(moments: Sequence[datetime | None], now: datetime) -> str | None:
    """That nothing is due, and when something will be; None where something is."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        return "Nothing is due."
    first = min(known)
    return f"Nothing is due before {first:%Y-%m-%d %H:%M} UTC." if first > now else None
