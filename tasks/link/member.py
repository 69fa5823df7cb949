"""An article as a member of a story: what `stories.py` and `origins.py` need to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Member:
    """One article.

    `story_id` is the story it was in so far; `seen_at` the time of publication, else when it was first seen;
    `publisher` the house behind the outlet, where that is known.
    """

    article_id: UUID
    story_id: UUID | None
    seen_at: datetime
    linked_on: date
    dated_by: str
    published_at: datetime | None = None
    published_on: date | None = None
    title: str | None = None
    outlet: str | None = None
    publisher: str | None = None
    agencies: Sequence[str] = ()

    @property
    def voice(self) -> str:
        """Whose voice it is where it copies nobody: the house, else the outlet, else nobody's but its own."""
        return self.publisher or self.outlet or str(self.article_id)
