"""The articles of some days as flat arrays: what candidates and pair figures are computed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FIELDS, PLACES, ArticleFeatures

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Table = NDArray[np.int32]

FIELD_NAMES: Final = tuple(FIELDS)
# Columns of the fields in a table with one row per article, and the place of a term that nobody has.
COLUMNS: Final = tuple(accumulate(FIELDS.values(), initial=0))
NO_TERM: Final = len(FIELDS) * PLACES


@dataclass(frozen=True, slots=True)
class Window:
    """Articles in the order of their days.

    `days`, `outlets` (equal for one outlet, negative where it is not known) and `characters` have one number
    per article. `terms` and `weights` have one row per article and each field in its COLUMNS (3.2 kB each):
    terms are moved to the range of their field, weights are exact whole numbers; what a field does not fill
    is NO_TERM of no weight.
    """

    days: Ints
    outlets: Ints
    characters: Ints
    terms: Table
    weights: Table

    def __len__(self) -> int:
        return len(self.days)


def window_of(
    days: Ints,
    outlets: Ints,
    characters: Ints,
    sizes: NDArray[np.uint8],
    terms: NDArray[np.uint16],
    weights: NDArray[np.uint16],
) -> Window:
    """The window of articles whose features are these, one article after the other; `days` must not fall."""
    widths = np.diff(COLUMNS)
    within = np.arange(COLUMNS[-1]) - np.repeat(COLUMNS[:-1], widths)
    # The terms come in the order of the rows' filled places.
    filled = within < np.repeat(sizes.reshape(-1, len(FIELDS)), widths, axis=1)
    table = np.full(filled.shape, NO_TERM, np.int32)
    table[filled] = terms
    table += np.where(filled, np.repeat(np.arange(len(FIELDS)) * PLACES, widths), 0).astype(np.int32)
    heavy = np.zeros(filled.shape, np.int32)
    heavy[filled] = weights
    return Window(days, outlets, characters, table, heavy)


def window_of_articles(days: Ints, outlets: Ints, articles: Sequence[ArticleFeatures]) -> Window:
    """The window of these articles; `days` must not fall."""
    return window_of(
        days,
        outlets,
        np.array([article.characters for article in articles], np.int64),
        np.concatenate([np.zeros(0, np.uint8), *(article.sizes for article in articles)]),
        np.concatenate([np.zeros(0, np.uint16), *(article.terms for article in articles)]),
        np.concatenate([np.zeros(0, np.uint16), *(article.weights for article in articles)]),
    )


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers from each start, as many as its length, one range after the other."""
    if not len(starts):
        return np.zeros(0, np.int64)
    ends = np.cumsum(lengths)
    return np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
