"""A text with its quotes and names marked where they stand; called by `onrecord show`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from flows.terminal import plain

QUOTED, SPEAKER, NAMED, MARK = "green", "bold", "underline", "dim"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark set at a place of the text; of several at one place, those that close come first."""

    at: int
    words: str
    length: int  # of what it marks: the longest opens first and closes last
    opens: bool

    @property
    def order(self) -> tuple[int, bool, int]:
        return self.at, self.opens, -self.length if self.opens else self.length


class MarkedText:
    """The words of an article, with marks between them and styles on them."""

    def __init__(
        self,
        text: str,
        quotes: Sequence[Mapping[str, Any]],
        mentions: Sequence[Mapping[str, Any]],
        numbers: Mapping[Any, int],
    ) -> None:
        self.text = text
        self.styled: list[tuple[int, int, str]] = []
        marks: list[_Mark] = []
        for quote in quotes:
            for piece in quote["spans"]:
                start, end = piece["char_start"], piece["char_end"]
                marks += _pair(start, end, f"⟦{numbers[quote['quote_id']]} ", "⟧")
                self.styled.append((start, end, QUOTED))
            if quote["speaker_start"] is not None:
                self.styled.append((quote["speaker_start"], quote["speaker_end"], SPEAKER))
        for mention in mentions:
            if mention["name"] is not None:
                marks += _pair(mention["char_start"], mention["char_end"], "‹", "›")
                self.styled.append((mention["char_start"], mention["char_end"], NAMED))
        self.marks = sorted(marks, key=lambda mark: mark.order)

    def lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraphs of a stretch of the text that hold any words."""
        for line in self.text[start:end].split("\n"):
            if line.strip():
                yield start + len(line) - len(line.lstrip()), start + len(line.rstrip())
            start += len(line) + 1

    def marked(self, start: int, end: int, style: str) -> Text:
        """A paragraph with its marks."""
        found = Text(style=style)
        styled = [piece for piece in self.styled if piece[0] < end and start < piece[1]]
        at = start
        first = bisect_left(self.marks, start, key=lambda mark: mark.at)
        for mark in self.marks[first : bisect_right(self.marks, end, key=lambda mark: mark.at)]:
            if mark.at == (end if mark.opens else start):
                continue  # it belongs to the paragraph after or before
            self._append(found, at, mark.at, styled)
            found.append(mark.words, MARK)
            at = mark.at
        self._append(found, at, end, styled)
        return found

    def _append(self, found: Text, start: int, end: int, styled: Sequence[tuple[int, int, str]]) -> None:
        base = len(found)
        found.append(plain(self.text[start:end]))
        for low, high, style in styled:
            if low < end and start < high:
                found.stylize(style, base + max(low, start) - start, base + min(high, end) - start)


def _pair(start: int, end: int, opening: str, closing: str) -> tuple[_Mark, _Mark]:
    return _Mark(start, opening, end - start, opens=True), _Mark(end, closing, end - start, opens=False)
