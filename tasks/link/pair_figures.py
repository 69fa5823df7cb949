"""What two articles have in common, as figures: what `pair_score.py` judges by."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FIELDS, PLACES, UNIT
from tasks.link.window import FIELD_NAMES, Floats, Ints, Terms, Weights, Window, ranges

# Cosines of the fields, then: cosine of one's title and the other's lead, mean of both ways; sum of the
# lesser of both weights over the words of the bodies; days between; length of the shorter body and how much
# longer the other is, both in logarithms; whether one outlet published both.
FIGURES: Final = (*FIELDS, "title_lead", "overlap", "days", "length", "longer", "same_outlet")

BODY, TITLE, LEAD = (FIELD_NAMES.index(name) for name in ("body", "title", "lead"))


class Comparison:
    """Compares articles of a window with one another, one of them with many at a time."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.table = np.zeros(len(FIELDS) * PLACES, np.float32)
        # Where a term of the title stands among the lead's, and the other way round.
        self.crossed = window.terms + (window.fields == TITLE) * np.int32((LEAD - TITLE) * PLACES)
        self.crossed -= (window.fields == LEAD) * np.int32((LEAD - TITLE) * PLACES)
        # Where the title's terms of each article begin, and where the lead's, which follow them, end.
        before = np.concatenate([[0], np.cumsum(window.fields < TITLE)])
        until = np.concatenate([[0], np.cumsum(window.fields <= LEAD)])
        self.titles = window.starts[:-1] + np.diff(before[window.starts])
        self.leads = window.starts[:-1] + np.diff(until[window.starts])

    def figures(self, article: int, others: Ints) -> Floats:
        """The figures of this article with each of the others: one row per pair, columns as FIGURES.

        The sums are exact, so the order of the two is all the same.
        """
        window, table = self.window, self.table
        mine = slice(window.starts[article], window.starts[article + 1])
        table[window.terms[mine]] = window.weights[mine]
        try:
            products = self._products(others)
        finally:
            table[window.terms[mine]] = 0
        return np.column_stack([products, self._circumstances(article, others)])

    def _products(self, others: Ints) -> Floats:
        window = self.window
        hits, owners, met = self._met(window.terms, window.starts[others], window.starts[others + 1])
        fields, weights = window.fields[hits], window.weights[hits]
        cells = owners * len(FIELDS) + fields
        cosines = np.bincount(cells, weights=met * weights, minlength=len(others) * len(FIELDS))
        body = fields == BODY
        lesser = np.minimum(met[body], weights[body])
        overlap = np.bincount(owners[body], weights=lesser, minlength=len(others))
        hits, owners, met = self._met(self.crossed, self.titles[others], self.leads[others])
        crossing = np.bincount(owners, weights=met * window.weights[hits], minlength=len(others)) / 2
        square = UNIT * UNIT
        return np.column_stack([cosines.reshape(-1, len(FIELDS)) / square, crossing / square, overlap / UNIT])

    def _met(self, terms: Terms, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Weights]:
        """Of the terms from each start to its end those that the article has, too, and its weights for them.

        Where they lie, from which of the starts, and the weights. Few are met, so what follows is quick.
        """
        lengths = ends - starts
        places = ranges(starts, lengths)
        met = self.table[terms[places]]
        hits = np.flatnonzero(met)
        return places[hits], np.searchsorted(np.cumsum(lengths), hits, side="right"), met[hits]

    def _circumstances(self, article: int, others: Ints) -> Floats:
        window = self.window
        days = np.abs(window.days[others] - window.days[article])
        lengths = np.log1p(np.minimum(window.characters[others], window.characters[article]))
        longest = np.log1p(np.maximum(window.characters[others], window.characters[article]))
        known = window.outlets[article] >= 0
        same: NDArray[np.bool_] = known & (window.outlets[others] == window.outlets[article])
        return np.column_stack([days, lengths, longest - lengths, same])
