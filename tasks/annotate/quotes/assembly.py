"""Attributions and passages made into quotes: pieces joined, speakers carried over, nested quotes placed.

Works on what any tagger finds; called by `annotate_quotes`.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from tasks.annotate.quotes.attribution import UNCUED, Attribution
from tasks.annotate.quotes.marks import Passage
from tasks.annotate.quotes.noun_phrases import subject_after
from tasks.annotate.quotes.tagger import line_attributions
from tasks.annotate.quotes.units import Line, Reading
from tasks.model import QuoteKind, Role, Span, Stance

WORD = re.compile(r"[^\W_]+")
# What stands in the marks of a transcript and is not spoken: "(CROSSTALK)", "Follow Roe on Twitter @roe".
ASIDE = re.compile(r"\W*(?:\([A-Z][A-Z .,-]*\)|Follow .{1,60} on (?:Twitter|Facebook|X)\b.{0,40})\W*")
# Paragraphs over which a speaker is carried to a passage without attribution.
CARRY_LINES = 2
# Shares of right speakers among passages without attribution, measured like those of the rules.
SURE_MERGED = 0.9
SURE_CARRIED = 0.3
SURE_NEAREST = 0.5
SURE_FRAGMENT = 0.2


@dataclass(slots=True)
class Draft:
    """A quote to be: an attribution with its place, before its canonical speaker is known."""

    line: int
    spans: list[Span]
    cue: Span | None
    source: Span | None
    core: Span | None
    stance: Stance
    rule: str
    score: float
    nested: bool = False

    @property
    def hull(self) -> Span:
        """From the first character of the content to the last."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands among the quotes: what holds another comes first."""
        return self.spans[0].start, -self.spans[-1].end

    def holds(self, span: Span) -> bool:
        """Whether one of its pieces holds a stretch of text."""
        at = bisect_right(self.spans, span.start, key=lambda piece: piece.start) - 1
        return at >= 0 and self.spans[at].holds(span)


class Cover:
    """Stretches of text, to ask whether one holds or touches another; asked in logarithmic time."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for span in sorted(spans):
            if self.ends and span.start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], span.end)
            else:
                self.starts.append(span.start)
                self.ends.append(span.end)

    def holds(self, span: Span) -> bool:
        """Whether a stretch lies inside."""
        at = bisect_right(self.starts, span.start) - 1
        return at >= 0 and span.end <= self.ends[at]

    def touches(self, span: Span) -> bool:
        """Whether a stretch shares a character with one of them."""
        at = bisect_right(self.starts, span.end - 1) - 1
        return at >= 0 and span.start < self.ends[at]


def assemble(reading: Reading, attributions: Sequence[Sequence[Attribution]]) -> list[Draft]:
    """All quotes of a document in the order of its text, those nested in another included."""
    found: list[Draft] = []
    before: Sequence[Attribution] = ()
    for line in reading.lines:
        told = [attribution for attribution in attributions[line.number] if attribution.contents]
        here = [attribution for attribution in told if attribution.rule != UNCUED]
        spoken = {span for attribution in told if attribution.rule == UNCUED for span in attribution.contents}
        cover = Cover(span for attribution in (*before, *here) for span in attribution.contents)
        found += _LineAssembly(reading, line, found[-1] if found else None).run(here, spoken, cover)
        before = here
    nested = [draft for line in reading.nested for draft in _nested_drafts(line)]
    return _without_strays(sorted([*found, *nested], key=lambda draft: draft.order))


class _LineAssembly:
    """The quotes of one paragraph; `last` is the last one before it, and may be continued."""

    def __init__(self, reading: Reading, line: Line, last: Draft | None) -> None:
        self.reading, self.line, self.last = reading, line, last
        self.drafts: list[Draft] = []

    def run(self, attributions: Sequence[Attribution], spoken: Container[Span], cover: Cover) -> list[Draft]:
        """Its drafts, in the order of the text; `spoken` are the passages that are speech without a cue."""
        self.drafts = sorted((_draft(self.line, attribution) for attribution in attributions), key=_order)
        for number, (low, high) in enumerate(self.line.sentences):
            alone = self._stands_alone(number)
            for unit in self.line.units[low:high]:
                if unit.passage is not None and not unit.passage.single and not cover.touches(unit.span):
                    self._place(number, unit.passage, alone=alone, is_speech=unit.span in spoken)
        return self.drafts

    def _place(self, sentence: int, passage: Passage, *, alone: bool, is_speech: bool) -> None:
        """Joins a passage without attribution to the quote it goes on with, or finds it a speaker."""
        if ASIDE.fullmatch(passage.span.of(self.reading.text)):
            return
        at = bisect_right(self.drafts, (passage.span.start, 0), key=_order) - 1
        last = self.drafts[at] if at >= 0 else self.last
        if last is not None and self._goes_on(last, passage, alone=alone):
            last.spans.append(passage.span)
            last.line = self.line.number
            last.score = min(last.score, SURE_MERGED)
        elif self._is_stray(passage):
            return
        elif is_speech or self._opens_again(passage):
            insort(self.drafts, self._carried(sentence, passage, last, alone=alone), key=_order)

    def _is_stray(self, passage: Passage) -> bool:
        """Whether a passage without attribution is but a lone mark in the middle of a paragraph."""
        return not passage.closed and passage.span.start != self.line.units[0].start

    def _opens_again(self, passage: Passage) -> bool:
        """Whether a passage is a further paragraph of an open one, with a mark of its own."""
        return passage.continues and not self.reading.text[passage.span.start].isalnum()

    def _goes_on(self, last: Draft, passage: Passage, *, alone: bool) -> bool:
        """Whether a passage is the next piece of a quote, as in “…,” she said. “…”."""
        if last.spans[-1].end > passage.span.start:
            return False
        if last.line == self.line.number:
            return alone and (last.rule == "lead-in" or self._ends_in_marks(last))
        return passage.continues and self.line.goes_on and last.line == self.line.number - 1

    def _ends_in_marks(self, draft: Draft) -> bool:
        tail = self.reading.text[max(0, draft.spans[-1].end - 3) : draft.spans[-1].end].rstrip(" .,;")
        return tail[-1:] in {'"', "”", "»", "’", "'"}

    def _stands_alone(self, sentence: int) -> bool:
        """Whether a sentence is nothing but passages and marks."""
        low, high = self.line.sentences[sentence]
        return not any(unit.lower[:1].isalnum() for unit in self.line.units[low:high])

    def _carried(self, sentence: int, passage: Passage, last: Draft | None, *, alone: bool) -> Draft:
        """A passage without a cue: spoken by whom the sentence tells of, or by the last speaker."""
        rule, score = ("carry-over", SURE_CARRIED) if alone else ("fragment", SURE_FRAGMENT)
        near = last is not None and self.line.number - last.line <= CARRY_LINES
        source, core = (last.source, last.core) if last is not None and near else (None, None)
        subject = self._nearest_subject(sentence)
        if subject is not None and (last is None or last.hull.end <= subject.start):
            source = core = subject
            rule, score = "nearest-subject", SURE_NEAREST
        if self.line.role is Role.TITLE and rule != "nearest-subject":
            source = core = None
        return Draft(self.line.number, [passage.span], None, source, core, Stance.SPEECH, rule, score)

    def _nearest_subject(self, sentence: int) -> Span | None:
        """The noun phrase that opens the passage's own sentence, or the one before it in the paragraph."""
        units = self.line.units
        for low, high in reversed(self.line.sentences[max(0, sentence - 1) : sentence + 1]):
            phrase = subject_after(units, low, high) if units[low].passage is None else None
            if phrase is not None:
                return Span(units[phrase.start].start, units[phrase.core - 1].end)
        return None


def _order(draft: Draft) -> tuple[int, int]:
    return draft.order


def _draft(line: Line, attribution: Attribution) -> Draft:
    return Draft(
        line=line.number,
        spans=sorted(attribution.contents),
        cue=attribution.cue,
        source=attribution.source,
        core=attribution.core,
        stance=attribution.stance,
        rule=attribution.rule,
        score=attribution.score,
    )


def _nested_drafts(line: Line) -> Iterable[Draft]:
    """The quotes inside one passage: those in marks of their own that have a cue and a source there."""
    inner = [unit.passage.span for unit in line.units if unit.passage is not None]
    for attribution in line_attributions(line, None):
        if attribution.cue is None:
            continue
        cover = Cover(attribution.contents)
        spans = [span for span in inner if cover.holds(span)]
        if spans:
            draft = _draft(line, attribution)
            draft.spans, draft.nested = spans, True
            yield draft


def _without_strays(drafts: Sequence[Draft]) -> list[Draft]:
    """Drops nested quotes whose passage is no quote itself."""
    outer = Cover(span for draft in drafts if not draft.nested for span in draft.spans)
    return [draft for draft in drafts if not draft.nested or outer.holds(draft.hull)]


def carriers(drafts: Sequence[Draft]) -> list[int | None]:
    """For each draft the index of the innermost one that holds it; drafts in the order of the text."""
    found: list[int | None] = []
    open_: list[int] = []
    for index, draft in enumerate(drafts):
        while open_ and drafts[open_[-1]].hull.end < draft.hull.end:
            open_.pop()
        found.append(open_[-1] if open_ and drafts[open_[-1]].holds(draft.hull) else None)
        open_.append(index)
    return found


def kind_of(text: str, spans: Sequence[Span], passages: Cover) -> QuoteKind:
    """Direct where every word stands in a passage, mixed where some do, else indirect."""
    inside = [
        passages.touches(Span(*word.span()))
        for span in spans
        for word in WORD.finditer(text, span.start, span.end)
    ]
    if not any(inside):
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if all(inside) else QuoteKind.MIXED
