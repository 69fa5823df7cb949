"""Who may have said a quote: the phrases around it, and what is known of each. Called by `ranking.py`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tasks.annotate.quotes.assembly import Draft
from tasks.annotate.quotes.attribution import Signs
from tasks.annotate.quotes.cues import cue_senses, word_class
from tasks.annotate.quotes.noun_phrases import apposition_end
from tasks.annotate.quotes.trained.phrases import Range, phrases
from tasks.annotate.quotes.trained.speech_parts import TAGS
from tasks.annotate.quotes.trained.traits import FAR, code, step_of
from tasks.annotate.quotes.units import Line, Reading, Unit
from tasks.model import Span

# What is known of a candidate: of where it stands, of its own words, of the cue, of the rest.
COLUMNS = (
    "origin", "side", "distance", "order", "verbs", "passages", "commas", "opens",
    "left", "lefttag", "right", "righttag", "head", "headtag", "words", "label", "often", "repeated",
    "cue", "cueclass", "cuetag", "beside", "rule", "content",
    "told", "likely", "current", "inside",
)  # fmt: skip
CURRENT = COLUMNS.index("current")
VERBS = frozenset(TAGS.index(tag) for tag in ("VBD", "VBZ", "VBP", "MD"))
WORDS = ("determiners", "personal", "pronouns", "unnamed", "generic", "plurals")
MOST_PHRASES = 12  # looked at in one sentence
MOST_BEHIND = 2  # looked at in the sentence behind
# Quotes before one, and paragraphs around it, whose speakers may be its own.
BEFORE = 2
OFTEN = (1, 2, 4, 8)  # uses of a phrase's head in the text, as steps
ELSEWHERE = 9  # in place of a count, for what stands in another paragraph
ENDS_HEAD = frozenset({",", "(", "of", "for", "in", "at", "from", "who"})


class Place(NamedTuple):
    """Units [start, end) of a line."""

    line: int
    start: int
    end: int

    def touches(self, other: Place) -> bool:
        """Whether they share a unit."""
        return self.line == other.line and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may have spoken: the words a reader would mark, those without apposition, the traits (COLUMNS)."""

    span: Span
    core: Span
    traits: tuple[int, ...]


class Surroundings:
    """A document with its quotes, to look for their speakers in; `signs` are those of each line."""

    def __init__(self, reading: Reading, signs: Sequence[Signs], drafts: Sequence[Draft]) -> None:
        self.reading, self.signs, self.drafts = reading, signs, drafts
        self.starts = [line.span.start for line in reading.lines]
        self.sources = [self.place(draft.source) if draft.source else None for draft in drafts]
        self.spoken = {
            place: (draft.source, draft.core or draft.source)
            for draft, place in zip(drafts, self.sources, strict=True)
            if place is not None and draft.source is not None
        }
        self.found: dict[tuple[int, int], list[Range]] = {}

    @cached_property
    def uses(self) -> Counter[str]:
        """How often each word is used outside of passages."""
        return Counter(unit.lower for line in self.reading.lines for unit in line.units)

    def place(self, span: Span) -> Place | None:
        """The units of a stretch of text."""
        number = bisect_right(self.starts, span.start) - 1
        if number < 0:
            return None
        units = self.reading.lines[number].units
        start = bisect_right(units, span.start, key=lambda unit: unit.start) - 1
        end = bisect_left(units, span.end, key=lambda unit: unit.start)
        return Place(number, start, end) if end > start >= 0 else None

    def phrases(self, line: int, sentence: int) -> list[Range]:
        """The noun phrases of a sentence."""
        if (line, sentence) not in self.found:
            low, high = self.reading.lines[line].sentences[sentence]
            told = phrases(self.reading.lines[line].units, self.signs[line].tags, low, high)
            self.found[line, sentence] = told[:MOST_PHRASES]
        return self.found[line, sentence]

    def candidates(self, index: int, anchor: Place) -> list[Candidate]:
        """The candidates for the speaker of a draft whose cue or passage is `anchor`, the present first."""
        traits = _Traits(self, index, anchor)
        seen: list[Place] = []
        found = []
        for origin, place in self._places(index, anchor):
            if not any(place.touches(other) for other in seen):
                seen.append(place)
                found.append(traits.candidate(origin, place))
        return found

    def _places(self, index: int, anchor: Place) -> Iterator[tuple[str, Place]]:
        """Where candidates stand, and how each was found; the longer phrase of two that touch comes first."""
        if (current := self.sources[index]) is not None:
            yield "current", current
        for number in range(max(0, index - BEFORE), min(len(self.drafts), index + 2)):
            other = self.sources[number]
            if number != index and other is not None and abs(other.line - anchor.line) <= BEFORE:
                yield "earlier" if number < index else "later", other
        line = self.reading.lines[anchor.line]
        sentence = sentence_of(line, anchor.start)
        yield from self._in("here", anchor.line, sentence)
        if sentence:
            yield from self._in("before", anchor.line, sentence - 1)
        elif anchor.line and (above := self.reading.lines[anchor.line - 1]).sentences:
            yield from self._in("above", anchor.line - 1, len(above.sentences) - 1)
        if sentence + 1 < len(line.sentences):
            yield from list(self._in("behind", anchor.line, sentence + 1))[:MOST_BEHIND]

    def _in(self, origin: str, line: int, sentence: int) -> Iterator[tuple[str, Place]]:
        for start, end in self.phrases(line, sentence):
            yield origin, Place(line, start, end)


def sentence_of(line: Line, at: int) -> int:
    """The number of the sentence that a unit is in."""
    return min(bisect_right(line.sentences, at, key=lambda sentence: sentence[1]), len(line.sentences) - 1)


class _Traits:
    """What is known of the candidates for one draft."""

    def __init__(self, all_: Surroundings, index: int, anchor: Place) -> None:
        self.all, self.index, self.anchor = all_, index, anchor
        self.lines, self.draft = all_.reading.lines, all_.drafts[index]
        line, signs = self.lines[anchor.line], all_.signs[anchor.line]
        self.units = line.units
        self.low, self.high = line.sentences[sentence_of(line, anchor.start)]
        self.verbs = [0, *accumulate(tag in VERBS for tag in signs.tags)]
        self.commas = [0, *accumulate(unit.text == "," for unit in line.units)]
        self.passages = [0, *accumulate(unit.passage is not None for unit in line.units)]
        before = all_.sources[index - 1] if index else None
        self.last = self._head(before).lower if before is not None else ""
        self.cue = self._cue()

    def candidate(self, origin: str, place: Place) -> Candidate:
        """A candidate with its traits."""
        span, core = self.all.spoken.get(place) or self._spans(place)
        current = int(origin == "current")
        traits = (code(origin), *self._where(place), *self._own(place), *self.cue, *self._seen(place, core))
        return Candidate(span, core, (*traits[:-1], current, traits[-1]))

    def _spans(self, place: Place) -> tuple[Span, Span]:
        """The words of a phrase that a reader would mark, and those without apposition."""
        line = self.lines[place.line]
        core = Span(line.units[place.start].start, line.units[place.end - 1].end)
        high = line.sentences[sentence_of(line, place.start)][1]
        return Span(core.start, line.units[apposition_end(line.units, place.end, high) - 1].end), core

    def _where(self, place: Place) -> tuple[int, ...]:
        """On which side of the cue, how far from it, and what stands between."""
        if place.line != self.anchor.line:
            return 4 + (place.line > self.anchor.line), FAR, self._order(place), *[ELSEWHERE] * 3, 2
        right = place.start >= self.anchor.end
        low, high = (self.anchor.end, place.start) if right else (place.end, self.anchor.start)
        high = max(low, high)
        apart = not self.low <= place.start < self.high
        return (
            2 - right + 5 * apart,
            step_of(high - low),
            self._order(place),
            *(min(sums[high] - sums[low], 3) for sums in (self.verbs, self.passages, self.commas)),
            int(place.start == self.low),
        )

    def _order(self, place: Place) -> int:
        """Which phrase of its sentence it is."""
        sentence = sentence_of(self.lines[place.line], place.start)
        return min(bisect_left(self.all.phrases(place.line, sentence), (place.start, place.end)), 3)

    def _own(self, place: Place) -> tuple[int, ...]:
        """Its words, those beside it, and whom they name."""
        units, tags = self.lines[place.line].units, self.all.signs[place.line].tags
        head = self._head(place)
        first = units[place.start].lower
        return (
            code(_word(units, place.start - 1)),
            tags[place.start - 1] + 1 if place.start else 0,
            code(_word(units, place.end)),
            tags[place.end] + 1 if place.end < len(tags) else 0,
            code(head.lower),
            tags[self._head_at(place)] + 1,
            code("+".join(name for name in WORDS if first in word_class(name))),
            code(self.all.reading.mentions[head.mention].label.value) if head.mention is not None else 0,
            bisect_left(OFTEN, self.all.uses[head.lower]),
            int(bool(self.last) and head.lower == self.last),
        )

    def _cue(self) -> tuple[int, ...]:
        """The cue, the words beside it, and on which side of it the content stands."""
        draft, units, at = self.draft, self.units, self.anchor.start
        quoted = any(unit.passage is not None and draft.holds(unit.span) for unit in units)
        if draft.cue is None:
            return code("-"), code("-"), 0, code("-"), code(draft.rule), 1 + quoted
        left, right = draft.spans[0].start < draft.cue.start, draft.spans[-1].start > draft.cue.start
        senses = cue_senses().get(units[at].lower, ())
        return (
            code(units[at].lower),
            code(senses[0].cue_class.name + senses[0].form.value if senses else "?"),
            self.all.signs[self.anchor.line].tags[at],
            code(f"{_word(units, at - 1)} {_word(units, self.anchor.end)}"),
            code(draft.rule),
            1 + quoted + 2 * left + 4 * right,
        )

    def _seen(self, place: Place, core: Span) -> tuple[int, ...]:
        """What the chain takes it for, and whether it stands in a content."""
        signs = self.all.signs[place.line]
        near = self.all.drafts[max(0, self.index - 1) : self.index + 2]
        lead = max(signs.sourced[place.start : place.end])
        return signs.labels[place.start], lead, int(any(draft.holds(core) for draft in near))

    def _head(self, place: Place) -> Unit:
        return self.lines[place.line].units[self._head_at(place)]

    def _head_at(self, place: Place) -> int:
        """The last unit of a phrase before what belongs to it: "the mayor | of Oslo"."""
        units = self.lines[place.line].units
        ends = (at for at in range(place.start + 1, place.end) if units[at].lower in ENDS_HEAD)
        return next(ends, place.end) - 1


def _word(units: Sequence[Unit], at: int) -> str:
    """A unit beside something: its word, or what it is."""
    if not 0 <= at < len(units):
        return "|"
    return "<>" if units[at].passage is not None else units[at].lower
