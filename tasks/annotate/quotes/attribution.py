"""What a tagger finds: contents with their cue and source. The seam between taggers and `assembly.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tasks.annotate.quotes.units import Reading
from tasks.model import QuoteKind, Span, Stance

# The rule of a passage that a tagger takes for speech. Where nothing else attributes it, `assembly.py` finds
# it the quote that it goes on with, or a speaker.
UNCUED = "uncued"
# How sure a rule is: the share of its attributions whose content and speaker were right on a public gold
# standard of US news (PolNeAR), rounded. Headlines and signatures are too rare there and are estimates.
SURE = {
    "quote-subject-cue": 0.95,
    "cue-quote": 0.85,
    "clause-subject-cue": 0.75,
    "according-to": 0.8,
    "subject-cue-that": 0.9,
    "subject-cue-clause": 0.7,
    "subject-cue-object": 0.6,
    "participle": 0.65,
    "headline": 0.7,
    "transcript": 0.5,
    "lead-in": 0.7,
    "signature": 0.9,
    "trained": 0.95,
}
# The trained tagger is surer of what stands in marks.
SURE_TRAINED = {QuoteKind.DIRECT: 0.95, QuoteKind.MIXED: 0.8, QuoteKind.INDIRECT: 0.7}


@dataclass(frozen=True, slots=True)
class Attribution:
    """Contents with their cue and source, before they are made quotes.

    `source` is the span a reader would mark, `core` that span without any apposition.
    """

    contents: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    core: Span | None
    stance: Stance
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Signs:
    """What a tagger saw of each unit of a line: part of speech and label (numbers), the lead of a source."""

    tags: Sequence[int]
    labels: Sequence[int]
    sourced: Sequence[int]


@dataclass(frozen=True, slots=True)
class Tagging:
    """The attributions of each line, its passages that are speech (UNCUED), and its signs, if any."""

    attributions: Sequence[Sequence[Attribution]]
    signs: Sequence[Signs] = ()


class AttributionTagger(Protocol):
    """What finds attributions: the rules here, or a trained tagger."""

    name: str

    def tag(self, reading: Reading) -> Tagging:
        """What it finds in a document."""
        ...
