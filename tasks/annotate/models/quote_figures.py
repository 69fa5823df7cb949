"""Counts what is found of an article's quotes beside the gold: passages, their speakers, whole contents.

Called by `measure_outlets.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.annotate.quotes.units import Reading
from tasks.model import Span

# A passage belongs to contents that hold this share of its letters, as titles and scare quotes do not.
INSIDE = 0.8
# Least overlap (intersection over union of letters) at which two contents are the same.
FOUND, EXACT = 0.3, 0.999
# Marks and points at the ends of a content are no part of what is compared.
TRIMMED = " \t\n\"“”«»„‟'‘’,.;:!?—–-()[]…`"

Letters = set[int]


class Said(NamedTuple):
    """A content and its speaker, each in one piece or several."""

    spans: Sequence[Sequence[int]]
    speaker: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Figures:
    """F1 of passages, the share of gold passages whose speaker is right, F1 of contents; all in percent."""

    passages: float
    speaker: float
    contents: float
    exact: float


class Tally:
    """Everything counted over some articles."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def add(self, reading: Reading, gold: Sequence[Said], found: Sequence[Said]) -> None:
        """One article; `found` are its quotes but for those nested in another."""
        text = reading.text
        wanted = [_letters(text, said.spans) for said in gold]
        given = [_letters(text, said.spans) for said in found]
        passages = (passage for passage in reading.passages if not passage.single and passage.outer is None)
        in_gold, in_found = set().union(*wanted), set().union(*given)
        for passage in passages:
            letters = _letters(text, [passage.span])
            spoken, told = (len(letters & some) >= INSIDE * len(letters) for some in (in_gold, in_found))
            self.seen.update(gold=spoken, told=told, both=spoken and told)
            if spoken and (source := gold[_holder(letters, wanted)].speaker):
                named = found[_holder(letters, given)].speaker if told else ()
                self.seen.update(asked=1, named=bool(_letters(text, source) & _letters(text, named)))
        self._contents(wanted, given)

    def _contents(self, wanted: Sequence[Letters], given: Sequence[Letters]) -> None:
        """Contents paired one to one, those with the largest overlap first."""
        pairs = sorted(
            (
                (len(one & other) / len(one | other), i, j)
                for i, one in enumerate(wanted)
                for j, other in enumerate(given)
                if one & other
            ),
            reverse=True,
        )
        left, right = set[int](), set[int]()
        for overlap, i, j in pairs:
            if i not in left and j not in right:
                left.add(i)
                right.add(j)
                self.seen.update(found=overlap >= FOUND, exact=overlap >= EXACT)
        self.seen.update(contents=len(wanted) + len(given))

    def figures(self) -> Figures:
        """All of it in percent."""
        seen = self.seen
        return Figures(
            passages=_percent(2 * seen["both"], seen["gold"] + seen["told"]),
            speaker=_percent(seen["named"], seen["asked"]),
            contents=_percent(2 * seen["found"], seen["contents"]),
            exact=_percent(2 * seen["exact"], seen["contents"]),
        )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _letters(text: str, spans: Iterable[Sequence[int]]) -> Letters:
    """The places of what is written in some spans, without blanks and without marks at their ends."""
    found = Letters()
    for start, end in spans:
        inside = text[start:end]
        low = end - len(inside.lstrip(TRIMMED))
        high = start + len(inside.rstrip(TRIMMED))
        found.update(at for at in range(low, high) if not text[at].isspace())
    return found


def _holder(passage: Letters, contents: Sequence[Letters]) -> int:
    """The content that holds most of a passage."""
    return max(range(len(contents)), key=lambda at: len(contents[at] & passage))


def said(spans: Iterable[Span], speaker: Span | None) -> Said:
    """What was found, to be counted."""
    return Said(tuple(spans), (speaker,) if speaker is not None else ())
