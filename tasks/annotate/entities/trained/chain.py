"""Inference in linear chains: likely labels and their probabilities, for all sentences of a document at once.

Called by the tagger and by the training. Method: Lafferty, McCallum and Pereira (2001), forward-backward
with scaled probabilities, Viterbi. Sentences are packed by place (all first tokens, all second tokens, …),
the longest sentence first, so that each step works on one block without padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Packing:
    """How the tokens of sentences are packed.

    `rows[i]` is the packed row of token i; block `t` holds the tokens at place t of their sentences and has
    `sizes[t]` rows, from `starts[t]` on.
    """

    rows: Array
    starts: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What forward-backward finds, in packed rows: each token's label probabilities, and what they come from.

    `pairs` are expected counts of neighbouring labels, `log_mass` the logarithms of all sentences' totals.
    """

    marginals: Array
    forward: Array
    backward: Array
    scales: Array
    likelihoods: Array
    pairs: Array
    log_mass: float


def packed(lengths: Sequence[int]) -> Packing:
    """The packing of sentences of these lengths (each at least 1)."""
    sizes_of = np.asarray(lengths)
    order = np.argsort(-sizes_of, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    longest = int(sizes_of.max(initial=0))
    sizes = np.array([(sizes_of > place).sum() for place in range(longest)], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    places = np.concatenate([np.arange(length) for length in lengths]) if longest else np.empty(0, np.int64)
    rows = starts[places] + np.repeat(rank, sizes_of) if longest else places
    return Packing(rows, tuple(starts.tolist()), tuple(sizes.tolist()))


def forward_backward(scores: Array, packing: Packing, transitions: Array, opening: Array) -> Beliefs:
    """Label probabilities of packed `scores` (tokens by labels, log weights).

    `opening` is added to the scores of sentences' first tokens.
    """
    peak = scores.max(axis=1, keepdims=True)
    likelihoods, moves = np.exp(scores - peak), np.exp(transitions)
    forward, backward = np.empty_like(likelihoods), np.ones_like(likelihoods)
    scales = np.empty(len(scores), likelihoods.dtype)
    before: Array | None = None
    for start, size in zip(packing.starts, packing.sizes, strict=True):
        block = slice(start, start + size)
        came = np.exp(opening)[None] if before is None else before[:size] @ moves
        mass = came * likelihoods[block]
        scales[block] = np.add.reduce(mass, axis=1)
        before = mass / scales[block, None]
        forward[block] = before
    pairs = np.zeros_like(moves)
    for place in range(len(packing.sizes) - 1, 0, -1):
        start, size = packing.starts[place], packing.sizes[place]
        block, earlier = slice(start, start + size), packing.starts[place - 1]
        ahead = backward[block] * likelihoods[block] / scales[block, None]
        backward[earlier : earlier + size] = ahead @ moves.T
        pairs += forward[earlier : earlier + size].T @ ahead
    log_mass = float(np.log(scales).sum() + peak.sum())
    return Beliefs(forward * backward, forward, backward, scales, likelihoods, pairs * moves, log_mass)


def viterbi(scores: Array, packing: Packing, transitions: Array, opening: Array) -> Array:
    """The most likely labels of each sentence, in packed rows."""
    came_from = np.zeros(scores.shape, np.int8)
    totals = np.empty_like(scores)
    before: Array | None = None
    for start, size in zip(packing.starts, packing.sizes, strict=True):
        block = slice(start, start + size)
        if before is None:
            before = scores[block] + opening
        else:
            paths = before[:size, :, None] + transitions
            came_from[block] = paths.argmax(axis=1)
            before = np.maximum.reduce(paths, axis=1) + scores[block]
        totals[block] = before
    return _traced_back(totals, came_from, packing)


def _traced_back(totals: Array, came_from: Array, packing: Packing) -> Array:
    """The labels that lead to the best last one of each sentence."""
    labels = np.zeros(len(totals), np.int64)
    current = np.empty(0, np.int64)
    for start, size in zip(reversed(packing.starts), reversed(packing.sizes), strict=True):
        ending = totals[start + len(current) : start + size].argmax(axis=1)
        current = np.concatenate([current, ending])
        labels[start : start + size] = current
        current = came_from[np.arange(start, start + size), current].astype(np.int64)
    return labels


def span_probability(
    beliefs: Beliefs, rows: Sequence[int], labels: Sequence[int], after: tuple[int, int] | None, moves: Array
) -> float:
    """How likely exactly these labels are at these packed rows.

    `after` is the row behind them and the label that would carry the span on, None at a sentence's end;
    `moves` are the exponentials of the transitions.
    """
    first, last = rows[0], rows[-1]
    mass = float(beliefs.forward[first, labels[0]])
    for place in range(1, len(rows)):
        row = rows[place]
        step = moves[labels[place - 1], labels[place]] * beliefs.likelihoods[row, labels[place]]
        mass *= float(step / beliefs.scales[row])
    if after is None:
        return mass * float(beliefs.backward[last, labels[-1]])
    row, carrying = after
    ahead = moves[labels[-1]] * beliefs.likelihoods[row] * beliefs.backward[row] / beliefs.scales[row]
    return mass * float(ahead.sum() - ahead[carrying])
