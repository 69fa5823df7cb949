"""An article's text as a page shows it: parts by role, paragraphs, and runs under the mark of a quote.

Offsets are code points of the text, ends exclusive, as everywhere in the warehouse. Where quotes lie in one
another, the innermost marks the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from flows.explained import explained
from flows.report import words
from flows.report.model import Note, Part, Run

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of the text that belongs to a quote, or names the speaker of one."""

    start: int
    end: int
    note: Note
    opens: bool = False
    speaker: bool = False


def parts(
    text: str, segments: Sequence[Row], quotes: Sequence[Row], notes: Sequence[Note]
) -> tuple[Part, ...]:
    """The text, cut as `segments` say; `notes` are those of the quotes, in the same order."""
    marks = list(_marks(quotes, notes))
    return tuple(
        Part(
            role=segment["role"],
            rule=words.name(segment["rule"]),
            score=f"{segment['score']:.2f}",
            reason=explained(segment["role"], segment["rule"]),
            paragraphs=paragraphs,
        )
        for segment in segments
        if (paragraphs := _paragraphs(text, segment["char_start"], segment["char_end"], marks))
    )


def notes_of(quotes: Sequence[Row], article: str) -> tuple[Note, ...]:
    """What is known of each quote of an article, numbered in the order of the text."""
    numbers: dict[UUID, int] = {quote["quote_id"]: at for at, quote in enumerate(quotes, start=1)}
    return tuple(
        Note(
            number=number,
            key=f"{article}-n{number}",
            anchor=f"{article}-q{number}",
            kind=quote["kind"],
            speaker=words.name(quote["speaker"], "Nobody in sight"),
            role=words.name(quote["role"]),
            told=_told(quote, numbers),
        )
        for number, quote in enumerate(quotes, start=1)
    )


def _told(quote: Row, numbers: Mapping[UUID, int]) -> str:
    """How the quote is attributed, and how sure that is."""
    worded = quote["worded"]
    pieces = [
        f"{quote['kind']} {quote['stance']}",
        f"here “{words.name(worded)}”" if worded and worded != quote["speaker"] else "",
        f"cue “{words.name(quote['cue'])}”" if quote["cue"] else "",
        f"no canonical speaker: {quote['speaker_null_reason']}" if quote["speaker_null_reason"] else "",
        f"inside {numbers[quote['carrier_quote_id']]}" if quote["carrier_quote_id"] in numbers else "",
        f"score {quote['score']:.2f}",
    ]
    return " · ".join(piece for piece in pieces if piece)


def _marks(quotes: Sequence[Row], notes: Sequence[Note]) -> Iterator[_Mark]:
    for quote, note in zip(quotes, notes, strict=True):
        for at, span in enumerate(quote["spans"]):
            yield _Mark(span["char_start"], span["char_end"], note, opens=at == 0)
        if quote["speaker_start"] is not None:
            yield _Mark(quote["speaker_start"], quote["speaker_end"], note, speaker=True)


def _paragraphs(text: str, start: int, end: int, marks: Sequence[_Mark]) -> tuple[tuple[Run, ...], ...]:
    """The lines of a stretch that hold any words, each in runs."""
    found = []
    for line in text[start:end].split("\n"):
        low, high = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        if low < high:
            here = [mark for mark in marks if mark.start < high and low < mark.end]
            found.append(tuple(_runs(text, low, high, here)))
        start += len(line) + 1
    return tuple(found)


def _runs(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Run]:
    edges = {start, end}
    for mark in marks:
        edges |= {max(mark.start, start), min(mark.end, end)}
    places = sorted(edges)
    for low, high in pairwise(places):
        over = [mark for mark in marks if mark.start <= low and high <= mark.end]
        quoting = [mark for mark in over if not mark.speaker]
        inner = min(quoting, key=lambda mark: mark.end - mark.start, default=None)
        opens = inner is not None and inner.opens and inner.start == low
        yield Run(
            words=words.kept(text[low:high]),
            note=inner.note if inner else None,
            opens=opens,
            speaker=any(mark.speaker for mark in over),
        )
