"""What a tagger is: it finds spans of names in paragraphs.

The document pass and all later rules work on top of any tagger. The rule tagger of `names` is the
embedded default; trained ones come in behind the same interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


def _beats(one: NameSpan, other: NameSpan) -> bool:
    return (one.end - one.start, one.score) > (other.end - other.start, other.score)
