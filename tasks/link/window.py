"""The articles of some days as flat arrays: what candidates and pair figures are computed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FIELDS, PLACES, ArticleFeatures

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Terms = NDArray[np.int32]
Weights = NDArray[np.float32]

FIELD_NAMES: Final = tuple(FIELDS)


@dataclass(frozen=True, slots=True)
class Window:
    """Articles in the order of their days.

    `days`, `outlets` (equal for one outlet, negative where it is not known) and `characters` have one number
    per article. `terms` holds the terms of all articles one after the other, each moved to the range of its
    field, `fields` the numbers of these fields and `weights` the weights: exact whole numbers. `starts` cuts
    them into articles; there is one start more than articles.
    """

    days: Ints
    outlets: Ints
    characters: Ints
    starts: Ints
    terms: Terms
    weights: Weights
    fields: NDArray[np.uint8]

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
    sizes = sizes.reshape(-1, len(FIELDS)).astype(np.int64)
    fields = np.repeat(np.tile(np.arange(len(FIELDS), dtype=np.uint8), len(sizes)), sizes.ravel())
    return Window(
        days,
        outlets,
        characters,
        np.concatenate([[0], np.cumsum(sizes.sum(axis=1))]),
        terms + fields.astype(np.int32) * PLACES,
        weights.astype(np.float32),
        fields,
    )


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
