"""The lines of a text with what every rule asks of them: place, words, how they end.

Shared by the rules of the cleaning; `text` makes them once for a document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks.model import Span

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# A sentence ends here: a stop, maybe closing marks behind it.
ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$|[.,!?…]?[”»]$|[.!?…,]\"$")
SCRIPT = re.compile(r"(?i)(?:</\w+>\s*)*<script\b[^<>]*>")  # with which a page's script begins in its text
# Only so far is a line read by rules that ask how it reads; longer lines are paragraphs in any case.
MEASURED = 20_000  # characters


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without the blanks around it."""

    span: Span
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and numbers."""
        return tuple(WORD.findall(self.text[:MEASURED]))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Its words for comparison: case folded, typographic apostrophes straight."""
        return tuple(word.casefold().replace("’", "'") for word in self.words)

    @cached_property
    def is_punctuated(self) -> bool:
        """Whether it ends as sentences do."""
        return ENDS.search(self.text[-8:]) is not None

    @cached_property
    def capitalised(self) -> float:
        """The share of its words of four letters and more that begin with a capital, 0 to 1."""
        long = [word for word in self.words if len(word) > 3 and word[0].isalpha()]
        return sum(word[0].isupper() for word in long) / len(long) if long else 0.0


def lines_of(text: str) -> list[Line]:
    """The lines of a normalised text that are not blank."""
    found = []
    at = 0
    for raw in text.split("\n"):
        if bare := raw.strip():
            start = at + raw.index(bare[0])
            found.append(Line(Span(start, start + len(bare)), bare))
        at += len(raw) + 1
    return found


def script_start(lines: Sequence[Line]) -> int:
    """The first line that is the script of a page rather than text; their number where none is."""
    return next((at for at, line in enumerate(lines) if SCRIPT.match(line.text)), len(lines))
