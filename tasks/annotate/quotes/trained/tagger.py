"""The trained tagger: a chain of labels where prose attributes, the rules where a line's form does.

Called by `annotate_quotes`. The model (`tasks/annotate/models/quote_labels.npz`) is read once a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from tasks.annotate.quotes.assembly import Cover
from tasks.annotate.quotes.attribution import SURE, UNCUED, Attribution, Signs, Tagging
from tasks.annotate.quotes.labels import dash_source, from_source, label, signatures, spoken_label
from tasks.annotate.quotes.tagger import RuleTagger
from tasks.annotate.quotes.trained.chain import Chain, unpacked
from tasks.annotate.quotes.trained.labels import LABELS, NUMBERS, OUTSIDE, Sheet
from tasks.annotate.quotes.trained.linking import linked
from tasks.annotate.quotes.trained.speech_parts import speech_parts
from tasks.annotate.quotes.trained.traits import MARKS
from tasks.annotate.quotes.units import Line, Reading
from tasks.annotate.tokens import TERMINATORS
from tasks.model import Role, Span, Stance

MODEL = "quote_labels.npz"
# Taken off the score of "outside": half of the sure errors of the chain are attributions that it misses.
EAGERNESS = 0.15
CUE = frozenset(number for number, label in enumerate(LABELS) if label.endswith(" cue"))
SOURCE = [number for number, label in enumerate(LABELS) if " source" in label]
# How far a source's score may lie above or below that of "outside", in whole steps.
MOST_LEAD = 7
CONTENT = frozenset(number for number, label in enumerate(LABELS) if " content" in label)
# Rules that stand where the chain finds nothing: what they find alone is mostly right, too.
SURE_RULES = frozenset(
    {"quote-subject-cue", "cue-quote", "according-to", "subject-cue-that", "subject-cue-object", "lead-in"}
)
INVERTED, CLAUSE_FIRST = "quote-subject-cue", "clause-subject-cue"
# Words from which a passage that begins with a capital and ends in a point is no title.
CLAUSE_WORDS = 4
CLAUSE_ENDS = frozenset(",.?!")
# Units that are worked on at once: the features of so many take some 3 MB.
BLOCK = 4000
# A chain, and how often a word is a cue, as a step, by the hash of the word.
Labelling = tuple[Chain, dict[int, int]]


class TrainedTagger:
    """Attributions by a linear-chain CRF that has the rules' attributions among its features."""

    name = "crf-1"

    def __init__(self, model: Callable[[], Labelling] | None = None) -> None:
        self.rules, self.model = RuleTagger(), model or label_model

    def tag(self, reading: Reading) -> Tagging:
        """The attributions of each line, and the passages that are speech."""
        by_rules = self.rules.attributions(reading)
        found: list[list[Attribution]] = []
        seen: list[Signs] = []
        for block in _blocks(reading.lines):
            lines = reading.lines[block.start : block.stop]
            rules = by_rules[block.start : block.stop]
            signs = list(self._signs(reading, lines, rules))
            for line, sign, ruled in zip(lines, signs, rules, strict=True):
                after = reading.lines[line.number + 1 : line.number + 2]
                found.append(_attributions(line, sign.labels, after[0] if after else None, ruled))
            seen += signs
        return Tagging(found, seen)

    def _signs(
        self, reading: Reading, lines: Sequence[Line], rules: Sequence[Sequence[Attribution]]
    ) -> Iterator[Signs]:
        """The labels of the units of each line, and what else is seen of them."""
        chain, shares = self.model()
        sheet = Sheet(lines)
        tags = speech_parts(sheet.forms)
        scores = chain.scores(NUMBERS(sheet.complete(tags, rules, reading.mentions, shares)))
        scores[:, OUTSIDE] -= EAGERNESS
        best = chain.best(scores, sheet.ranges)
        lead = scores[:, SOURCE].max(axis=1) - scores[:, OUTSIDE]
        sourced = np.clip(np.round(lead), -MOST_LEAD, MOST_LEAD).astype(int)
        for start, end in sheet.ranges:
            yield Signs(*(column[start:end].tolist() for column in (tags, best, sourced)))


def _blocks(lines: Sequence[Line]) -> Iterator[range]:
    """Ranges of lines of about BLOCK units."""
    start, units = 0, 0
    for number, line in enumerate(lines):
        units += len(line.units)
        if units >= BLOCK:
            yield range(start, number + 1)
            start, units = number + 1, 0
    if start < len(lines):
        yield range(start, len(lines))


def _attributions(
    line: Line, labels: Sequence[int], following: Line | None, ruled: Sequence[Attribution]
) -> list[Attribution]:
    """What the form of a line says (transcripts, signatures, titles), the chain, then the rules."""
    if (labelled := label(line)) is not None:
        return [labelled]
    found = [*signatures(line), *from_source(line, following)]
    found += [spoken for unit in line.units if unit.passage and (spoken := spoken_label(unit))]
    if line.role is Role.TITLE and (by_rules := ruled or dash_source(line)):
        return [*found, *by_rules]  # headlines attribute in ways that the training text has few of
    found += _apart_from(found, _beside_rules(linked(line, labels, following), ruled))
    return [*found, *_apart_from(found, _sure(line, labels, ruled)), *_uncued(line, labels, found)]


def _uncued(line: Line, labels: Sequence[int], found: Sequence[Attribution]) -> list[Attribution]:
    """The passages that the chain takes for content, with a cue or without, and further sentences.

    Neither length nor a paragraph of its own tells speech from titles, headlines and labels ("Related:"); the
    chain does, better than both.
    """
    first = min((one.cue.start for one in found if one.cue is not None), default=line.span.end)
    return [
        Attribution((unit.span,), None, None, None, Stance.SPEECH, UNCUED, SURE["trained"])
        for at, (unit, told) in enumerate(zip(line.units, labels, strict=True))
        if unit.passage is not None
        and (told in CONTENT or (unit.start > first and _is_further_sentence(line, at)))
    ]


def _is_further_sentence(line: Line, at: int) -> bool:
    """As in "Roe said in Bern, N.D. “And we will.”": a clause in marks behind a sentence that attributes."""
    inside = line.units[at].text.strip(MARKS)
    ended = at > 0 and line.units[at - 1].text[-1] in TERMINATORS
    whole = inside[:1].isupper() and inside[-1:] in CLAUSE_ENDS
    return ended and whole and len(inside.split()) >= CLAUSE_WORDS


def _beside_rules(trained: Sequence[Attribution], ruled: Sequence[Attribution]) -> list[Attribution]:
    """Attributions mended by rules that have the same cue."""
    by_cue = {rule.cue: rule for rule in ruled}
    return [_mended(one, by_cue[one.cue]) if one.cue in by_cue else one for one in trained]


def _mended(trained: Attribution, rule: Attribution) -> Attribution:
    """An attribution mended by a rule.

    The chain may take the speaker of “…,” said Jane Roe for a part of the content, or stop in the middle of
    a clause that goes on to the comma before its speaker: "…, which may help, Jane Roe said".
    """
    if rule.rule == INVERTED and rule.source is not None:
        contents = tuple(piece for piece in trained.contents if not piece.touches(rule.source))
        if contents != trained.contents:
            return replace(trained, contents=contents or rule.contents, source=rule.source, core=rule.core)
    if rule.rule == CLAUSE_FIRST and len(trained.contents) == 1:
        whole, part = rule.contents[0], trained.contents[0]
        if part.start == whole.start and part.end < whole.end:
            return replace(trained, contents=rule.contents)
    return trained


def _sure(line: Line, labels: Sequence[int], ruled: Sequence[Attribution]) -> list[Attribution]:
    """What rules find that are mostly right, or whose cue the chain sees, too."""
    cues = {unit.start for unit, label in zip(line.units, labels, strict=True) if label in CUE}
    return [
        found
        for found in ruled
        if found.rule in SURE_RULES or (found.cue is not None and found.cue.start in cues)
    ]


def _apart_from(found: Sequence[Attribution], more: Sequence[Attribution]) -> list[Attribution]:
    """Those that share no word with what was found before, but for the speaker."""
    taken = Cover(span for other in found for span in _worded(other))
    return [one for one in more if not any(taken.touches(span) for span in _worded(one))]


def _worded(attribution: Attribution) -> list[Span]:
    """The contents and the cue."""
    return [*attribution.contents, *([attribution.cue] if attribution.cue else [])]


@cache
def label_model() -> Labelling:
    """The stored chain, and how often a word is a cue, as a step, by the hash of the word."""
    chain, arrays = unpacked(files("tasks.annotate.models").joinpath(MODEL).read_bytes())
    keys = np.cumsum(arrays["share_gaps"], dtype=np.int64)
    return chain, dict(zip(keys.tolist(), arrays["share_steps"].tolist(), strict=True))
