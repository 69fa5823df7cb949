"""The trained tagger behind the tagger interface: names with their probabilities, nothing to download.

Called by `annotate_entities`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from tasks.annotate.entities.tagger import NameSpan
from tasks.annotate.entities.trained.chain import (
    Beliefs,
    Packing,
    forward_backward,
    packed,
    span_probability,
    viterbi,
)
from tasks.annotate.entities.trained.consistency import FirstPass, consistency_attributes, spans
from tasks.annotate.entities.trained.encoding import Encoded
from tasks.annotate.entities.trained.features import context_attributes
from tasks.annotate.entities.trained.model import Scorer, Weights, digest, loaded
from tasks.annotate.tokens import Paragraph, Token
from tasks.model import Label

Array = np.ndarray[Any, Any]

VERSION = 1
MODEL = "names.npz"
WHY = "crf"
# Tokens. Each place in a sentence costs a step; what is longer is a list, or no text.
LONGEST_SENTENCE = 150
NAMES = {label.value: label for label in (Label.PERSON, Label.ORGANISATION, Label.PLACE)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass says of a document, in packed rows, and where the tokens stand in them."""

    labels: Array
    beliefs: Beliefs
    packing: Packing


@dataclass(frozen=True)
class TrainedTagger:
    """Finds names by two passes over a document: the second knows what the first says of it as a whole."""

    weights: Weights
    name: str
    _scorer: Scorer = field(init=False, repr=False)

    @property
    def is_consistent(self) -> bool:
        """Whether there is a second pass."""
        return self.weights.passes > 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "_scorer", Scorer(self.weights))

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order, none overlapping another; scores are probabilities of these spans."""
        sentences = [piece for paragraph in paragraphs for piece in _pieces(paragraph)]
        if not sentences:
            return []
        self._scorer.begin()
        contexts = context_attributes(sentences)
        encoded = self._scorer.encoder.encoded(sentences, contexts)
        pairs = self._scorer.pair_scores(encoded)
        reading = self._read(encoded, pairs, 0)
        if self.weights.passes > 1:
            flat = [one for sentence in contexts for one in sentence]
            more = consistency_attributes(sentences, self._first_pass(reading), flat)
            reading = self._read(self._scorer.encoder.with_contexts(encoded, more), pairs, 1)
        return self._names(sentences, reading)

    def _read(self, encoded: Encoded, pairs: Array, number: int) -> Reading:
        packing = packed(encoded.lengths)
        scores = np.empty((len(packing.rows), len(self.weights.labels)), np.float32)
        scores[packing.rows] = pairs[:, number] + self._scorer.scores(encoded, number)
        transitions, opening = self.weights.transitions[number], self.weights.opening[number]
        labels = viterbi(scores, packing, transitions, opening)
        return Reading(labels, forward_backward(scores, packing, transitions, opening), packing)

    def _first_pass(self, reading: Reading) -> FirstPass:
        rows = reading.packing.rows
        return FirstPass(reading.labels[rows].tolist(), reading.beliefs.marginals[rows], self.weights.labels)

    def _names(self, sentences: Sequence[Sequence[Token]], reading: Reading) -> list[NameSpan]:
        labels, rows = reading.labels[reading.packing.rows].tolist(), reading.packing.rows.tolist()
        moves = np.exp(self.weights.transitions[-1])
        found, start = [], 0
        for sentence in sentences:
            own = labels[start : start + len(sentence)]
            for first, last, kind in spans(own, self.weights.labels):
                if kind in NAMES:
                    after = None
                    if last < len(sentence):
                        after = (rows[start + last], self.weights.labels.index(f"I-{kind}"))
                    inside = slice(start + first, start + last)
                    score = span_probability(reading.beliefs, rows[inside], labels[inside], after, moves)
                    found.append(
                        NameSpan(
                            sentence[first].start, sentence[last - 1].end, NAMES[kind], min(1.0, score), WHY
                        )
                    )
            start += len(sentence)
        return found


def _pieces(paragraph: Paragraph) -> Iterator[Sequence[Token]]:
    """The sentences; one that is longer than sentences are comes in pieces."""
    for sentence in paragraph.sentences:
        for at in range(0, len(sentence.tokens), LONGEST_SENTENCE):
            yield sentence.tokens[at : at + LONGEST_SENTENCE]


@cache
def trained_tagger() -> TrainedTagger:
    """The tagger that is shipped; its name tells which model it is."""
    content = files("tasks.annotate.entities.models").joinpath(MODEL).read_bytes()
    return TrainedTagger(loaded(content), f"crf-{VERSION}.{digest(content)}")
