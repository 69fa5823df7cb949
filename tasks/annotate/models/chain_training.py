"""Trains the chains of `quotes/trained/chain.py`: conditional likelihood, by FTRL-proximal with L1 and L2.

FTRL-proximal (McMahan et al. 2013) keeps the weights sparse while it learns. Only features that occur in
several documents get a weight. Needs scipy, which comes with the `train` group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from tasks.annotate.quotes.trained.chain import FORBIDDEN, Chain, side_by_side
from tasks.annotate.quotes.trained.features import BITS, Rows

Numbers = NDArray[np.int64]
Doubles = NDArray[np.float64]
DOCUMENTS_PER_BATCH = 12
LEAST_DOCUMENTS = 3  # a feature of fewer documents is left out: it would tell of them, not of the language
STEP = 0.1  # size of a first step of a weight or a transition
SHUNNED = -30.0  # score of a transition that never occurs, while learning


@dataclass(frozen=True)
class Sample:
    """A document: the numbers of its features (template by unit), its lines, the label of each unit."""

    numbers: Rows
    lines: Sequence[tuple[int, int]]
    labels: Numbers


@dataclass(frozen=True)
class Settings:
    """How long and how freely to learn."""

    epochs: int = 7
    l1: float = 2.5
    l2: float = 4.0
    seed: int = 20161108


def train(samples: Sequence[Sample], allowed: NDArray[np.bool_], settings: Settings) -> tuple[Chain, Numbers]:
    """A chain, and the numbers of the features it has weights of; `allowed[i, j]`: label j may follow i."""
    kept = _kept(samples)
    column = np.full(1 << BITS, -1, np.int64)
    column[kept] = np.arange(len(kept))
    groups = range(0, len(samples), DOCUMENTS_PER_BATCH)
    batches = [_Batch(samples[at : at + DOCUMENTS_PER_BATCH], column) for at in groups]
    learner = _Learner(len(kept), allowed, settings)
    order = np.random.default_rng(settings.seed)
    for _ in range(settings.epochs):
        for number in order.permutation(len(batches)):
            learner.learn(batches[number])
    return learner.chain(kept), kept


def _kept(samples: Sequence[Sample]) -> Numbers:
    """The numbers of the features that enough documents have."""
    documents = np.zeros(1 << BITS, np.int32)
    for sample in samples:
        documents[np.unique(sample.numbers)] += 1
    return np.flatnonzero(documents >= LEAST_DOCUMENTS)


class _Batch:
    """Some documents as one sparse matrix over the features that occur in them."""

    def __init__(self, samples: Sequence[Sample], column: Numbers) -> None:
        found = column[np.concatenate([sample.numbers for sample in samples], axis=1)].T
        known = found >= 0
        self.columns, places = np.unique(found[known], return_inverse=True)
        ends = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
        ones = np.ones(len(places), np.float32)
        size = (len(found), len(self.columns))
        self.matrix: Any = scipy.sparse.csr_matrix((ones, places.astype(np.int32), ends), shape=size)
        self.turned: Any = self.matrix.T.tocsr()
        starts = np.cumsum([0, *(sample.numbers.shape[1] for sample in samples)])
        lines = [
            (int(start) + low, int(start) + high)
            for start, sample in zip(starts, samples, strict=False)
            for low, high in sample.lines
        ]
        self.steps = side_by_side(lines)
        self.labels = np.concatenate([sample.labels for sample in samples])


class _Learner:
    """The weights while they are learnt."""

    def __init__(self, features: int, allowed: NDArray[np.bool_], settings: Settings) -> None:
        labels = len(allowed)
        self.settings, self.allowed = settings, allowed
        self.z = np.zeros((features, labels), np.float32)
        self.n = np.zeros((features, labels), np.float32)
        self.transitions = np.where(allowed, 0.0, SHUNNED)
        self.opening = np.zeros(labels)
        self.moved, self.opened = np.ones((labels, labels)), np.ones(labels)

    def learn(self, batch: _Batch) -> None:
        """One step on a batch."""
        columns = batch.columns
        weights = self._weights(columns)
        scores = (batch.matrix @ weights).astype(np.float64)
        surplus, between, first = expected_surplus(scores, batch, self.transitions, self.opening)
        slope = batch.turned @ surplus.astype(np.float32)
        n = self.n[columns]
        grown = n + slope * slope
        self.z[columns] += slope - (np.sqrt(grown) - np.sqrt(n)) / STEP * weights
        self.n[columns] = grown
        between[~self.allowed] = 0
        self.moved += between * between
        self.opened += first * first
        self.transitions -= STEP * between / np.sqrt(self.moved)
        self.opening -= STEP * first / np.sqrt(self.opened)

    def _weights(self, columns: Numbers | slice) -> NDArray[np.float32]:
        z = self.z[columns]
        shrunk = np.sign(z) * self.settings.l1 - z
        found = shrunk / ((1 + np.sqrt(self.n[columns])) / STEP + self.settings.l2)
        return np.where(np.abs(z) > self.settings.l1, found, 0).astype(np.float32)

    def chain(self, kept: Numbers) -> Chain:
        """What was learnt, with a row of zeros for the features that are not kept."""
        weights = self._weights(slice(None))
        row_of = np.full(1 << BITS, len(weights), np.int32)
        row_of[kept] = np.arange(len(weights), dtype=np.int32)
        opening = np.where(self.allowed[0], self.opening, FORBIDDEN)  # as behind label 0, "outside"
        return Chain(
            np.vstack([weights, np.zeros((1, weights.shape[1]), np.float32)]),
            row_of,
            np.where(self.allowed, self.transitions, FORBIDDEN).astype(np.float32),
            opening.astype(np.float32),
        )


def expected_surplus(
    scores: Doubles, batch: _Batch, transitions: Doubles, opening: Doubles
) -> tuple[Doubles, Doubles, Doubles]:
    """How much more of each label, transition and first label the model expects than the gold has.

    The gradient of the negative log likelihood, by the forward-backward algorithm with scaling.
    """
    steps = batch.steps
    state = np.exp(scores - scores.max(axis=1, keepdims=True))
    moves = np.exp(transitions)
    forward, scale = np.zeros_like(state), np.ones(len(state))
    reached = state[steps[0]] * np.exp(opening)
    for number, units in enumerate(steps):
        if number:
            reached = (forward[steps[number - 1][: len(units)]] @ moves) * state[units]
        scale[units] = reached.sum(axis=1)
        forward[units] = reached / scale[units][:, None]
    backward, between, gold = np.ones_like(state), np.zeros_like(moves), np.zeros_like(moves)
    for number in range(len(steps) - 2, -1, -1):
        units, behind = steps[number][: len(steps[number + 1])], steps[number + 1]
        coming = state[behind] * backward[behind] / scale[behind][:, None]
        backward[units] = coming @ moves.T
        between += forward[units].T @ coming
        np.add.at(gold, (batch.labels[units], batch.labels[behind]), 1)
    surplus = np.zeros_like(state)
    units = np.concatenate(steps)
    likely = forward[units] * backward[units]
    surplus[units] = likely / likely.sum(axis=1, keepdims=True)
    first = surplus[steps[0]].sum(axis=0)
    np.add.at(first, batch.labels[steps[0]], -1)
    surplus[units, batch.labels[units]] -= 1
    return surplus, between * moves - gold, first
