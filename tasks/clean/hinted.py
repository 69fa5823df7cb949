"""What a feed or sitemap said of an article, where the page itself says nothing.

Called by `tasks.clean`. The source of such a value is the kind of place that said it: feed, sitemap, …
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal, NamedTuple

from tasks.clean.metadata.authors import MAX_AUTHORS, Authors
from tasks.clean.metadata.names import name_parts, person
from tasks.model import Hints, Sourced


class HintedTime(NamedTuple):
    """When a feed says that the article was published."""

    moment: Sourced[datetime]
    precision: Literal["second", "day"]
    offset: int | None


def hinted_title(hints: Hints) -> Sourced[str] | None:
    """The headline in the feed."""
    return Sourced(hints.title, hints.found_in or "feed") if hints.title else None


def hinted_authors(hints: Hints, outlet: str | None) -> Authors:
    """The persons among the authors in the feed; the outlet's name and its desks are nobody."""
    sites = [outlet] if outlet else []
    parts = (part for author in hints.authors[:MAX_AUTHORS] for part in name_parts(author))
    persons = dict.fromkeys(name for part in parts if (name := person(part, sites)))
    return Authors(tuple(persons), source=hints.found_in) if persons else Authors()


def hinted_time(hints: Hints, latest: datetime | None) -> HintedTime | None:
    """The time in the feed; one after `latest` is nonsense. Midnight without a zone is a day."""
    moment = hints.published_at
    if moment is None or (latest is not None and moment > latest):
        return None
    is_day = hints.published_offset is None and moment.time() == time()
    source = hints.found_in or "feed"
    return HintedTime(Sourced(moment, source), "day" if is_day else "second", hints.published_offset)
