"""Finds the weights of one pass of the trained tagger. Called by `models/train.py` only; needs SciPy.

Method: stochastic gradients of the likelihood with steps by AdaGrad (Duchi, Hazan and Singer 2011), the l1
norm kept small at each step, the weights of the later rounds averaged. Some words are hidden in training, so
that their surroundings learn to do without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from tasks.annotate.entities.trained.chain import forward_backward, packed, viterbi
from tasks.annotate.entities.trained.encoding import OFFSETS, REACH, Encoded, places
from tasks.annotate.entities.trained.model import summed
from tasks.annotate.entities.trained.pairs import BITS

Array = np.ndarray[Any, Any]

FORBIDDEN = -8.0  # log weight of a name that goes on where none began; learning changes it little
FIRST_STEP_DAMPING = 1e-3
GRADIENT_SCALE = 100.0  # gradients are per hundred tokens
TABLES = ("words", "contexts", "pairs")
FEWEST_DOCUMENTS = 2
# Attributes that tell one word from all others; they are hidden with it.
IDENTIFYING = ("w=", "p4=", "x4=", "p3=", "x3=")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and in what steps: `hidden` is the share of words that do not show in a round."""

    rounds: int = 6
    documents: int = 12  # in a step: some 8,000 words
    rate: float = 0.15
    l1: float = 2e-6
    hidden: float = 0.2
    averaged: float = 0.5  # share of the rounds whose weights do not count
    mixed: int = 3  # rounds before these, over all corpora, where there are some with other guidelines
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A document: its sentences, the buckets of its pairs, its labels as numbers."""

    encoded: Encoded
    buckets: Array
    labels: Array


@dataclass(frozen=True)
class Attributes:
    """Which attributes each numbered word and context has; word rows past the middle are of hidden words."""

    words: Any
    contexts: Any
    pairs: Array  # which buckets may have weights


Parameters = dict[str, Array]


def attribute_matrix(rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> Any:
    """One row for each word or context, one column for each attribute that has weights."""
    cells = [
        (number, columns[name]) for number, names in enumerate(rows) for name in names if name in columns
    ]
    row, column = zip(*cells, strict=True)
    shape = (len(rows), len(columns))
    return sparse.csr_matrix((np.ones(len(cells), np.float32), (row, column)), shape=shape)


def word_matrix(words: Sequence[Sequence[str]], columns: Mapping[str, int]) -> Any:
    """The words' attributes, and once more without what tells them from others."""
    hidden = [[name for name in names if not name.startswith(IDENTIFYING)] for names in words]
    return attribute_matrix([*words, *hidden], columns)


def frequent_buckets(examples: Sequence[Example]) -> Array:
    """The buckets that several documents have, as a column of ones and zeros."""
    seen = np.zeros(1 << BITS, np.int32)
    for example in examples:
        seen[np.unique(example.buckets)] += 1
    return (seen >= FEWEST_DOCUMENTS).astype(np.float32)[:, None]


def fresh(labels: Sequence[str], attributes: Attributes) -> Parameters:
    """Weights that know only which labels can follow each other."""
    size = len(labels)
    transitions, opening = np.zeros((size, size), np.float32), np.zeros(size, np.float32)
    for after, label in enumerate(labels):
        if label.startswith("I-"):
            opening[after] = FORBIDDEN
            others = [before for before, name in enumerate(labels) if name[2:] != label[2:]]
            transitions[others, after] = FORBIDDEN
    return {
        "words": np.zeros((attributes.words.shape[1], OFFSETS * size), np.float32),
        "contexts": np.zeros((attributes.contexts.shape[1], OFFSETS * size), np.float32),
        "pairs": np.zeros((1 << BITS, size), np.float32),
        "transitions": transitions,
        "opening": opening,
    }


def learnt(
    examples: Sequence[Example],
    labels: Sequence[str],
    attributes: Attributes,
    schedule: Schedule,
    others: Sequence[Example] = (),
) -> Parameters:
    """The weights that the examples teach; `others`, of other guidelines, have a say in the first rounds.

    Method of that: weights of more domains as what those of one stay near to (Chelba and Acero 2004); what
    the first rounds have added up keeps the later steps small.
    """
    steps = _Steps(fresh(labels, attributes), schedule)
    total = {name: np.zeros_like(values) for name, values in steps.weights.items()}
    chance = np.random.default_rng(schedule.seed)
    for _ in range(schedule.mixed if others else 0):
        _round(steps, [*examples, *others], attributes, chance)
    summed_up = 0
    for number in range(schedule.rounds):
        _round(steps, examples, attributes, chance)
        if number >= schedule.rounds * schedule.averaged:
            summed_up += 1
            for name, values in steps.weights.items():
                total[name] += values
    return {name: values / summed_up for name, values in total.items()}


def averaged(models: Iterable[Parameters]) -> Parameters:
    """The mean of the weights of models with the same attributes."""
    all_ = list(models)
    return {name: np.mean([one[name] for one in all_], axis=0) for name in all_[0]}


def _round(
    steps: _Steps, examples: Sequence[Example], attributes: Attributes, chance: np.random.Generator
) -> None:
    """Goes once through the examples."""
    for batch in _batches(examples, steps.schedule.documents, chance):
        shown = _some_hidden(batch, attributes, steps.schedule.hidden, chance)
        steps.take(_gradients(steps.weights, shown, attributes))
    steps.catch_up()


class _Steps:
    """The weights on their way; rows of the tables that a step does not touch wait for their l1 norm."""

    def __init__(self, weights: Parameters, schedule: Schedule) -> None:
        self.weights, self.schedule = weights, schedule
        self._squares = {name: np.full_like(values, FIRST_STEP_DAMPING) for name, values in weights.items()}
        self._number = 0
        self._last = {name: np.zeros((len(self.weights[name]), 1), np.float32) for name in TABLES}

    def take(self, gradients: Mapping[str, Gradient]) -> None:
        """One step by AdaGrad."""
        self._number += 1
        for name, (rows, gradient) in gradients.items():
            squares = self._squares[name][rows] + gradient * gradient
            self._squares[name][rows] = squares
            step = self.schedule.rate / np.sqrt(squares)
            self._change(name, rows, self.weights[name][rows] - step * gradient, step)

    def catch_up(self) -> None:
        """Gives all rows the l1 norm of the steps that did not touch them."""
        for name in TABLES:
            step = self.schedule.rate / np.sqrt(self._squares[name])
            self._change(name, slice(None), self.weights[name], step)

    def _change(self, name: str, rows: Any, values: Array, step: Array) -> None:
        if name in TABLES and self.schedule.l1:
            waited = self._number - self._last[name][rows]
            least = step * waited * np.float32(self.schedule.l1 * GRADIENT_SCALE)
            values = np.sign(values) * np.maximum(np.abs(values) - least, 0)
            self._last[name][rows] = self._number
        self.weights[name][rows] = values


def _batches(examples: Sequence[Example], size: int, chance: np.random.Generator) -> Iterator[Example]:
    order = chance.permutation(len(examples))
    for at in range(0, len(order), size):
        yield joined([examples[place] for place in order[at : at + size]])


def joined(examples: Sequence[Example]) -> Example:
    """Several documents as one."""
    lengths = [length for one in examples for length in one.encoded.lengths]
    encoded = Encoded(
        np.concatenate([one.encoded.words for one in examples]),
        np.concatenate([one.encoded.contexts for one in examples]),
        places(lengths),
        lengths,
    )
    return Example(
        encoded,
        np.concatenate([one.buckets for one in examples]),
        np.concatenate([one.labels for one in examples]),
    )


def _some_hidden(
    example: Example, attributes: Attributes, share: float, chance: np.random.Generator
) -> Example:
    words = example.encoded.words
    hide = (chance.random(len(words)) < share) & (words >= REACH)
    shown = np.where(hide, words + attributes.words.shape[0] // 2, words)
    encoded = Encoded(shown, example.encoded.contexts, example.encoded.places, example.encoded.lengths)
    return Example(encoded, example.buckets, example.labels)


def scores(weights: Parameters, example: Example, attributes: Attributes) -> Array:
    """The scores of all tokens by label."""
    encoded, size = example.encoded, len(weights["opening"])
    found: Array = weights["pairs"][example.buckets].sum(axis=1)
    for name, numbers in (("words", encoded.words), ("contexts", encoded.contexts)):
        used, places_of = np.unique(numbers, return_inverse=True)
        table = np.asarray(getattr(attributes, name)[used] @ weights[name]).reshape(-1, OFFSETS, size)
        found = found + summed(table, places_of.ravel(), encoded.places)
    return found


# The rows of a table that have a gradient, and what it is there; all rows of what is no table.
Gradient = tuple[Any, Array]


def _gradients(weights: Parameters, example: Example, attributes: Attributes) -> dict[str, Gradient]:
    """Of the negative log likelihood per hundred tokens."""
    packing = packed(example.encoded.lengths)
    order = np.empty_like(packing.rows)
    order[packing.rows] = np.arange(len(order))
    beliefs = forward_backward(
        scores(weights, example, attributes)[order], packing, weights["transitions"], weights["opening"]
    )
    surplus = beliefs.marginals[packing.rows]
    surplus[np.arange(len(surplus)), example.labels] -= 1
    firsts = _first_tokens(example.encoded.lengths)
    gold_pairs = np.zeros_like(beliefs.pairs)
    inner = np.ones(len(surplus), bool)
    inner[firsts] = False
    after = np.nonzero(inner)[0]
    np.add.at(gold_pairs, (example.labels[after - 1], example.labels[after]), 1)
    surplus *= np.float32(GRADIENT_SCALE / len(surplus))
    scale = np.float32(GRADIENT_SCALE / len(surplus))
    everything = slice(None)
    return {
        "words": _by_attribute(surplus, example.encoded.words, example.encoded, attributes.words),
        "contexts": _by_attribute(surplus, example.encoded.contexts, example.encoded, attributes.contexts),
        "pairs": _by_bucket(surplus, example.buckets, attributes.pairs),
        "transitions": (everything, np.asarray(beliefs.pairs - gold_pairs, np.float32) * scale),
        "opening": (everything, surplus[firsts].sum(axis=0)),
    }


def _first_tokens(lengths: Sequence[int]) -> Array:
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)


def _by_attribute(surplus: Array, numbers: Array, encoded: Encoded, matrix: Any) -> Gradient:
    """What each attribute at each offset has too much of each label."""
    size = surplus.shape[1]
    spread = np.zeros((len(numbers), OFFSETS, size), np.float32)
    for offset in range(OFFSETS):
        spread[encoded.places - REACH + offset, offset] = surplus
    used, places_of = np.unique(numbers, return_inverse=True)
    cells = (np.ones(len(numbers), np.float32), (places_of.ravel(), np.arange(len(numbers))))
    gather = sparse.csr_matrix(cells, shape=(len(used), len(numbers)))
    having = matrix[used]
    rows, columns = np.unique(having.indices, return_inverse=True)
    few = sparse.csr_matrix((having.data, columns.ravel(), having.indptr), shape=(len(used), len(rows)))
    return rows, np.asarray(few.T @ (gather @ spread.reshape(len(numbers), OFFSETS * size)))


def _by_bucket(surplus: Array, buckets: Array, allowed: Array) -> Gradient:
    rows, columns = np.unique(buckets, return_inverse=True)
    ends = np.arange(0, buckets.size + 1, buckets.shape[1])
    cells = (np.ones(buckets.size, np.float32), columns.ravel(), ends)
    few = sparse.csr_matrix(cells, shape=(len(buckets), len(rows)))
    return rows, np.asarray(few.T @ surplus) * allowed[rows]


def predicted(
    weights: Parameters, examples: Sequence[Example], attributes: Attributes
) -> Iterator[tuple[Array, Array]]:
    """For each document the likeliest labels and the label probabilities of its tokens."""
    for example in examples:
        packing = packed(example.encoded.lengths)
        packed_scores = np.empty((len(packing.rows), len(weights["opening"])), np.float32)
        packed_scores[packing.rows] = scores(weights, example, attributes)
        chain = (packed_scores, packing, weights["transitions"], weights["opening"])
        yield viterbi(*chain)[packing.rows], forward_backward(*chain).marginals[packing.rows]
