"""What a tagger is: it finds spans of names in paragraphs.

The document pass and all later rules work on top of any tagger. The rule tagger of `names` is the
embedded default; trained ones come in behind the same interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tasks.annotate.tokens import Paragraph
from tasks.model import Label, Span


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in the text: offsets, label, how sure (0 to 1), and which rule or feature says so."""

    start: int
    end: int
    label: Label
    score: float
    why: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Tagger(Protocol):
    """Finds names of persons, organisations and places."""

    @property
    def name(self) -> str:
        """Name and version; it goes to every row that came of it."""
        ...

    @property
    def is_consistent(self) -> bool:
        """Whether it reads a document as a whole, so that its labels of one string agree."""
        ...

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order, none overlapping another."""
        ...


def without_overlaps(spans: Sequence[NameSpan]) -> list[NameSpan]:
    """In text order; of two that share a character the longer stays, then the surer, then the earlier."""
    found: list[NameSpan] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end, -one.score)):
        while found and span.start < found[-1].end and _beats(span, found[-1]):
            found.pop()
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


# So many commas make a list of places; one may stand in a place's name.
LIST_COMMAS = 2
LISTED = re.compile(r"[^,\s][^,]*[^,\s]|[^,\s]")
DIRECTION = re.compile(r"(?:(?:north|south|east|west|central)(?:east|west)?(?:ern)?[ -])+(?=[A-Z])")


def places_apart(text: str, span: NameSpan) -> Iterator[NameSpan]:
    """A list of places that a tagger takes for one, place by place; "Lima, Peru" may be one."""
    surface = text[span.start : span.end]
    if span.label is not Label.PLACE or surface.count(",") < LIST_COMMAS:
        yield span
        return
    for part in LISTED.finditer(surface):
        yield replace(span, start=span.start + part.start(), end=span.start + part.end())


def without_direction(text: str, span: NameSpan) -> NameSpan:
    """Without a direction that is written small: "northern Syria" is Syria."""
    direction = DIRECTION.match(text, span.start, span.end) if span.label is Label.PLACE else None
    return replace(span, start=direction.end()) if direction else span


def _beats(one: NameSpan, other: NameSpan) -> bool:
    return (one.end - one.start, one.score) > (other.end - other.start, other.score)
