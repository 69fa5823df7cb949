"""A linear-chain CRF (Lafferty et al. 2001) with hashed features: its weights, and the best labels.

All paragraphs of an article are decoded (Viterbi) side by side, so that numpy does the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.annotate.quotes.trained.features import BITS, Rows

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
# A transition that is forbidden has this score; no sum of weights comes near.
FORBIDDEN = -1e4
# Weights are stored in so many steps to either side of zero.
STEPS = 127
# The share of weights that the largest step covers; the few beyond it are cut to it.
COVERED = 0.9995


@dataclass(frozen=True)
class Chain:
    """`weights` has a row for each kept feature and one of zeros at the end, `row_of` the row of each number.

    `transitions[i, j]` is the score of label j behind label i, `opening` that of a first label.
    """

    weights: Floats
    row_of: NDArray[np.int32]
    transitions: Floats
    opening: Floats

    def scores(self, numbers: Rows) -> Floats:
        """The score of each label for each unit, its neighbours' labels aside."""
        found = np.zeros((numbers.shape[1], self.weights.shape[1]), np.float32)
        part = np.empty_like(found)
        for row in self.row_of[numbers]:
            np.take(self.weights, row, axis=0, out=part, mode="clip")  # no row is cut: clip takes no copy
            found += part
        return found

    def best(self, scores: Floats, lines: Sequence[tuple[int, int]]) -> Labels:
        """The best sequence of labels of each line (a range of units); 0 outside of the lines."""
        steps = side_by_side(lines)
        back = np.zeros(scores.shape, np.int8)
        ends: list[Floats] = []
        for number, units in enumerate(steps):
            if number == 0:
                reached = scores[units] + self.opening
            else:
                through = ends[-1][: len(units), :, None] + self.transitions
                back[units] = through.argmax(axis=1)
                reached = np.maximum.reduce(through, axis=1) + scores[units]
            ends.append(reached)
        found = np.zeros(len(scores), np.int64)
        for number in reversed(range(len(steps))):
            chosen = ends[number].argmax(axis=1)
            if number + 1 < len(steps):
                behind = steps[number + 1]
                chosen[: len(behind)] = back[behind, found[behind]]
            found[steps[number]] = chosen
        return found


def side_by_side(lines: Sequence[tuple[int, int]]) -> list[NDArray[np.int64]]:
    """For each place in a line, the units at that place of all lines that have it; the longest first."""
    ordered = sorted((line for line in lines if line[0] < line[1]), key=lambda line: line[0] - line[1])
    starts = np.array([start for start, _ in ordered], np.int64)
    lengths = np.array([end - start for start, end in ordered], np.int64)
    longest = int(lengths[0]) if ordered else 0
    return [starts[: int(np.searchsorted(-lengths, -place))] + place for place in range(longest)]


def packed(chain: Chain, numbers: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """The arrays to store; `numbers` are those of the features whose rows the weights are, in order."""
    weights = chain.weights[:-1]
    kept = np.flatnonzero(np.any(weights != 0, axis=1))
    step = float(np.quantile(np.abs(weights[weights != 0]), COVERED)) / STEPS
    small = np.clip(np.round(weights[kept] / step), -STEPS, STEPS).astype(np.int8)
    some = np.any(small != 0, axis=1)
    gaps = np.diff(numbers[kept][some], prepend=0)
    return {
        "weights": np.ascontiguousarray(small[some].T),
        "gaps": gaps.astype(np.uint32 if gaps.max(initial=0) > np.iinfo(np.uint16).max else np.uint16),
        "step": np.array(step, np.float32),
        "transitions": chain.transitions.astype(np.float32),
        "opening": chain.opening.astype(np.float32),
    }


def unpacked(content: bytes) -> tuple[Chain, dict[str, NDArray[Any]]]:
    """A chain as `packed` stored it, and all arrays that were stored with it."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    small = arrays["weights"].T
    weights = np.zeros((len(small) + 1, small.shape[1]), np.float32)
    weights[:-1] = small * arrays["step"]
    row_of = np.full(1 << BITS, len(small), np.int32)
    row_of[np.cumsum(arrays["gaps"], dtype=np.int64)] = np.arange(len(small), dtype=np.int32)
    return Chain(weights, row_of, arrays["transitions"], arrays["opening"]), arrays
