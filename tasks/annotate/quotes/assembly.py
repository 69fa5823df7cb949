"""Attributions and passages made into quotes: pieces joined, speakers carried over, nested quotes placed.

Works on what any tagger finds; called by `annotate_quotes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.annotate.quotes.attribution import Attribution
from tasks.annotate.quotes.marks import Passage
from tasks.annotate.quotes.noun_phrases import subject_after
from tasks.annotate.quotes.units import Line, Reading
from tasks.model import QuoteKind, Role, Span, Stance

WORD = re.compile(r"[^\W_]+")
# A passage without attribution that shares its sentence with other words is a title or a scare quote, unless
# it is as long as this, in words, and somebody has been speaking.
FRAGMENT_WORDS = 7
# Paragraphs over which a speaker is carried to a passage without attribution.
CARRY_LINES = 2
# Shares of right speakers among passages without attribution, measured like those of the rules.
SURE_MERGED = 0.9
SURE_CARRIED = 0.75
SURE_FRAGMENT = 0.6
SURE_NESTED = 0.6
OUTER_MARKS = "\"“”«»„‟'‘’`.,;:!?…— \t"


@dataclass(frozen=True, slots=True)
class Draft:
    """A quote to be: an attribution with its place, before its canonical speaker is known."""

    line: int
    spans: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    core: Span | None
    stance: Stance
    rule: str
    score: float
    carried: bool = False

    @property
    def hull(self) -> Span:
        """From the first character of the content to the last."""
        return Span(self.spans[0].start, self.spans[-1].end)

    def holds(self, span: Span) -> bool:
        """Whether one of its pieces holds a stretch of text."""
        return any(piece.holds(span) for piece in self.spans)


def assemble(reading: Reading, attributions: Sequence[Sequence[Attribution]]) -> list[Draft]:
    """All quotes of a document in the order of its text, those nested in another included."""
    found: list[Draft] = []
    for line in reading.lines:
        found = _line_drafts(reading, line, attributions[line.number], found)
    return sorted(found, key=lambda draft: (draft.spans[0].start, -draft.hull.end))


def _line_drafts(
    reading: Reading, line: Line, attributions: Sequence[Attribution], before: list[Draft]
) -> list[Draft]:
    """The drafts of one more line put behind those before it."""
    drafts = [*before, *(_draft(line, attribution) for attribution in attributions if attribution.contents)]
    for low, high in line.sentences:
        for at in range(low, high):
            passage = line.units[at].passage
            if passage is not None and not any(d.holds(passage.span) for d in drafts[-LOOK_BACK:]):
                _place_passage(reading, line, (low, high), passage, drafts)
    return drafts


# Drafts looked at for one that holds a passage already; more never stand in one sentence and its neighbours.
LOOK_BACK = 40


def _draft(line: Line, attribution: Attribution) -> Draft:
    return Draft(
        line=line.number,
        spans=attribution.contents,
        cue=attribution.cue,
        source=attribution.source,
        core=attribution.core,
        stance=attribution.stance,
        rule=attribution.rule,
        score=attribution.score,
    )


def _place_passage(
    reading: Reading, line: Line, sentence: tuple[int, int], passage: Passage, drafts: list[Draft]
) -> None:
    """Joins a passage without attribution to the quote it goes on with, or gives it the last speaker."""
    if passage.single:
        return
    place, last = _last_before(drafts, passage.span)
    alone = _stands_alone(line, sentence)
    if last is not None and passage.continues and last.line == line.number - 1:
        drafts[place] = replace(last, spans=(*last.spans, passage.span))
    elif last is not None and alone and last.line == line.number and _is_quoted(reading, last):
        drafts[place] = replace(last, spans=(*last.spans, passage.span), score=min(last.score, SURE_MERGED))
    elif alone or _words(reading.text, passage.span) >= FRAGMENT_WORDS:
        drafts.append(_carried(line, sentence, passage, last, alone=alone))
        drafts.sort(key=lambda draft: draft.spans[0].start)


def _last_before(drafts: Sequence[Draft], span: Span) -> tuple[int, Draft | None]:
    """The draft that ends last before a stretch of text, and its index."""
    for place in range(len(drafts) - 1, max(-1, len(drafts) - 1 - LOOK_BACK), -1):
        if drafts[place].spans[0].start < span.start:
            return place, drafts[place]
    return -1, None


def _stands_alone(line: Line, sentence: tuple[int, int]) -> bool:
    """Whether a sentence is nothing but passages and marks."""
    return not any(unit.lower and unit.lower[0].isalnum() for unit in line.units[sentence[0] : sentence[1]])


def _is_quoted(reading: Reading, draft: Draft) -> bool:
    """Whether a draft's content ends in a passage, so that the next passage goes on with it."""
    last = draft.spans[-1].of(reading.text).rstrip(" .,;")
    return last[-1:] in {'"', "”", "»", "’", "'"} or draft.rule in {"lead-in", "transcript"}


def _words(text: str, span: Span) -> int:
    return len(WORD.findall(text, span.start, span.end))


def _carried(
    line: Line, sentence: tuple[int, int], passage: Passage, last: Draft | None, *, alone: bool
) -> Draft:
    """A passage without a cue: spoken by whom the sentence before tells of, or by the last speaker."""
    subject = _nearest_subject(line, sentence)
    near = last is not None and line.number - last.line <= CARRY_LINES and line.role is not Role.TITLE
    source, core = (last.source, last.core) if near and last is not None else (None, None)
    rule, score = ("carry-over", SURE_CARRIED) if alone else ("fragment", SURE_FRAGMENT)
    if (
        subject is not None
        and (source is None or source.end <= subject.start)
        and last_is_earlier(last, subject)
    ):
        source = core = subject
        rule = "nearest subject"
        score = SURE_FRAGMENT
    return Draft(line.number, (passage.span,), None, source, core, Stance.SPEECH, rule, score, carried=True)


def last_is_earlier(last: Draft | None, subject: Span) -> bool:
    """Whether no quote stands between a subject and the passage."""
    return last is None or last.hull.end <= subject.start


def _nearest_subject(line: Line, sentence: tuple[int, int]) -> Span | None:
    """The noun phrase that opens the passage's own sentence, or the one before it in the paragraph."""
    place = line.sentences.index(sentence)
    for low, high in reversed(line.sentences[max(0, place - 1) : place + 1]):
        if line.units[low].passage is not None:
            continue
        phrase = subject_after(line.units, low, high)
        if phrase is not None:
            return Span(line.units[phrase.start].start, line.units[phrase.core - 1].end)
    return None


# --- kinds ---------------------------------------------------------------------------


def kind_of(text: str, spans: Sequence[Span], passages: Sequence[Passage]) -> QuoteKind:
    """Direct where all letters stand in passages, mixed where some do; `passages` touch the spans."""
    quoted = total = 0
    for span in spans:
        for word in WORD.finditer(text, span.start, span.end):
            total += 1
            quoted += any(p.span.start < word.end() and word.start() < p.span.end for p in passages)
    if not quoted:
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if quoted == total else QuoteKind.MIXED
