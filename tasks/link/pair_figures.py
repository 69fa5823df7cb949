"""What two articles have in common, as figures: what `pair_score.py` judges by."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FIELDS, PLACES, UNIT
from tasks.link.window import COLUMNS, FIELD_NAMES, NO_TERM, Floats, Ints, Window

# Cosines of the fields, then: cosine of one's title and the other's lead, mean of both ways; sum of the
# lesser of both weights over the words of the bodies; days between; length of the shorter body and how much
# longer the other is, both in logarithms; whether one outlet published both.
FIGURES: Final = (*FIELDS, "title_lead", "overlap", "days", "length", "longer", "same_outlet")

BODY, TITLE, LEAD = (FIELD_NAMES.index(name) for name in ("body", "title", "lead"))


class Comparison:
    """Compares articles of a window with one another, one of them with many at a time."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.own = np.zeros(NO_TERM + 1, np.int32)  # the weights of the one that is compared, by term
        # Where a term of the title stands among the lead's, and the other way round.
        title, lead, end = COLUMNS[TITLE : LEAD + 2]
        self.crossed_columns = slice(title, end)
        self.crossed = window.terms[:, self.crossed_columns].copy()
        move = np.repeat([LEAD - TITLE, TITLE - LEAD], [lead - title, end - lead]) * PLACES
        self.crossed += np.where(self.crossed == NO_TERM, 0, move).astype(np.int32)

    def figures(self, pairs: Sequence[tuple[int, Ints]]) -> tuple[Ints, Ints, Floats]:
        """The pairs (an article, some others), and their figures: one row per pair, columns as FIGURES.

        The sums are exact, so the order of the two is all the same.
        """
        lengths = [len(others) for _, others in pairs]
        ones = np.repeat(np.array([article for article, _ in pairs], np.int64), lengths)
        others = np.concatenate([np.zeros(0, np.int64), *(others for _, others in pairs)])
        products = np.empty((len(ones), len(FIELDS) + 2))
        for (article, met), (start, end) in zip(pairs, pairwise(accumulate(lengths, initial=0)), strict=True):
            self._products(article, met, products[start:end])
        return ones, others, np.column_stack([products, self._circumstances(ones, others)])

    def _products(self, article: int, others: Ints, found: Floats) -> None:
        """Write the sums of products of the article's weights and those of each other into `found`.

        A field's sum is at most UNIT squared and a little, so it never leaves 32 bits.
        """
        own, window = self.own, self.window
        own[window.terms[article]] = window.weights[article]
        weights = window.weights.take(others, axis=0)
        met = own.take(window.terms.take(others, axis=0))
        found[:, : len(FIELDS)] = np.add.reduceat(met * weights, COLUMNS[:-1], axis=1)
        crossed = own.take(self.crossed.take(others, axis=0))
        found[:, -2] = np.einsum("ij,ij->i", crossed, weights[:, self.crossed_columns]) / 2
        found[:, :-1] /= UNIT * UNIT
        body = slice(COLUMNS[BODY], COLUMNS[BODY + 1])
        found[:, -1] = np.minimum(met[:, body], weights[:, body]).sum(axis=1) / UNIT
        own[window.terms[article]] = 0

    def _circumstances(self, ones: Ints, others: Ints) -> Floats:
        days, characters, outlets = self.window.days, self.window.characters, self.window.outlets
        shortest = np.log1p(np.minimum(characters[ones], characters[others]))
        longest = np.log1p(np.maximum(characters[ones], characters[others]))
        same: NDArray[np.bool_] = (outlets[ones] >= 0) & (outlets[ones] == outlets[others])
        return np.column_stack([np.abs(days[ones] - days[others]), shortest, longest - shortest, same])
