"""An article as a member of a story: what `stories.py` and `origins.py` need to know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

# The names that agencies sign with, beside those that they publish under.
SIGNATURES: Final = {
    "ap": "associated press",
    "afp": "agence france-presse",
    "aap": "australian associated press",
    "pa": "pa media",
    "press association": "pa media",
    "efe": "agencia efe",
    "upi": "united press international",
    "cp": "canadian press",
    "dpa": "deutsche presse-agentur",
    "pti": "press trust of india",
    "anadolu": "anadolu agency",
}
_ARTICLE = re.compile(r"^the\s+")


@dataclass(frozen=True, slots=True)
class Member:
    """One article.

    `story_id` is the story it was in so far; `seen_at` the time of publication, else when it was first seen;
    `publisher` the house behind the outlet, where that is known; `lede` the first words where no title is.
    """

    article_id: UUID
    story_id: UUID | None
    seen_at: datetime
    linked_on: date
    dated_by: str
    published_at: datetime | None = None
    published_on: date | None = None
    title: str | None = None
    lede: str | None = None
    outlet: str | None = None
    publisher: str | None = None
    agencies: Sequence[str] = ()

    @property
    def credited(self) -> Sequence[str]:
        """The agencies that it credits beside its own outlet."""
        own = agency_name(self.outlet or "")
        return [agency for agency in self.agencies if agency_name(agency) != own]

    @property
    def voice(self) -> str:
        """Whose voice it is where it copies nobody: the house, else the outlet, else nobody's but its own."""
        return self.publisher or self.outlet or str(self.article_id)


def agency_name(name: str) -> str:
    """The name of an agency, by whatever of its names; any other name in lower case, without "the"."""
    plain = _ARTICLE.sub("", " ".join(name.casefold().split()))
    return SIGNATURES.get(plain, plain)
