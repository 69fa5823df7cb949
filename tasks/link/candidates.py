"""The pairs of articles that are worth a closer look. Called by `story_step.py`.

Whether two articles are candidates depends on the two alone, so a pair that was looked at once never has to
be looked at again, whatever arrives later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import PLACES, UNIT
from tasks.link.window import COLUMNS, FIELD_NAMES, NO_TERM, Floats, Ints, Window, ranges

# Names what follows and the arithmetic below: who is a candidate.
CANDIDATES: Final = "candidates 2"

# Candidates share heavy terms of these fields: the products of their weights add up to a share of the product
# of two unit vectors.
KEY_FIELDS: Final = ("body", "title", "names")
KEY_TERMS: Final = 30  # the heaviest of each field
# The least share, by the days between the two. The further apart they are the likelier they tell of what came
# of the event, and the more alike must they be (models/README.md tells what these limits were chosen on).
LEAST_SHARED: Final = (0.10, 0.15, 0.20, 0.30)
STORY_DAYS: Final = len(LEAST_SHARED) - 1  # further apart only copies are paired


_LEAST: Final = np.array([*LEAST_SHARED, np.inf]) * UNIT * UNIT

# New articles that are compared in one go; beside 6,000 others they take some 10 MB.
ARTICLES_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The heaviest terms of articles: article, term and weight, one number each."""

    articles: Ints
    terms: Ints
    weights: Ints

    def of(self, kept: NDArray[np.bool_] | Ints) -> Keys:
        """Some of them: those that are marked, or at these places."""
        return Keys(self.articles[kept], self.terms[kept], self.weights[kept])


@dataclass(frozen=True, slots=True)
class Postings:
    """For every term, who has it among their heaviest: an inverted index.

    The articles (and weights) of term t are those from `starts[t]` to `starts[t + 1]`.
    """

    starts: Ints
    articles: Ints
    weights: Ints


def candidates(window: Window, new: NDArray[np.bool_]) -> Iterator[tuple[int, Ints]]:
    """For every new article its candidates, both by their number in the window; every pair comes once.

    New articles are compared with all, those that are not new never with each other.
    """
    keys = keys_of(window)
    own = keys.of(new[keys.articles])
    own = own.of(np.argsort(own.articles, kind="stable"))
    postings = postings_of(keys, own)
    numbers = np.flatnonzero(new)
    for portion in np.split(numbers, np.arange(ARTICLES_AT_ONCE, len(numbers), ARTICLES_AT_ONCE)):
        shared = shared_weights(postings, own, portion, len(window))
        apart = np.minimum(np.abs(window.days - window.days[portion, None]), len(LEAST_SHARED))
        found = shared >= _LEAST[apart]
        found &= ~new | (np.arange(len(window)) > portion[:, None])
        for row, article in enumerate(portion.tolist()):
            yield article, np.flatnonzero(found[row])


def shared_weights(postings: Postings, own: Keys, articles: Ints, number: int) -> Floats:
    """What each of the articles has in common with each of the window: one row per article; exact sums."""
    mine = slice(*np.searchsorted(own.articles, [articles[0], articles[-1] + 1]))
    starts = postings.starts[own.terms[mine]]
    lengths = postings.starts[own.terms[mine] + 1] - starts
    places = ranges(starts, lengths)
    rows = np.searchsorted(articles, own.articles[mine])
    cells = np.repeat(rows * number, lengths) + postings.articles[places]
    weights = np.repeat(own.weights[mine], lengths) * postings.weights[places]
    shared = np.bincount(cells, weights=weights, minlength=len(articles) * number)
    return np.asarray(shared, np.float64).reshape(len(articles), number)


def keys_of(window: Window) -> Keys:
    """The KEY_TERMS heaviest terms of each of the fields, of all articles; of equal ones the lowest."""
    found = [heaviest(window, FIELD_NAMES.index(name)) for name in KEY_FIELDS]
    articles, columns = (np.concatenate(numbers) for numbers in zip(*found, strict=True))
    return Keys(
        articles,
        window.terms[articles, columns].astype(np.int64),
        window.weights[articles, columns].astype(np.int64),
    )


def heaviest(window: Window, field: int) -> tuple[Ints, Ints]:
    """The heaviest terms of a field: rows and columns of the window's tables."""
    columns = slice(COLUMNS[field], COLUMNS[field + 1])
    weights = window.weights[:, columns]
    kept = weights > 0
    if weights.shape[1] > KEY_TERMS:
        # The lighter the larger, then the higher: 13 bits and 16.
        order = ((UNIT - weights) << 16) | (window.terms[:, columns] & (PLACES - 1))
        kept &= order <= np.partition(order, KEY_TERMS - 1, axis=1)[:, [KEY_TERMS - 1]]
    rows, places = np.nonzero(kept)
    return rows, places + columns.start


def postings_of(keys: Keys, wanted: Keys) -> Postings:
    """The inverted index of the keys, as far as one of the wanted ones has their terms."""
    is_wanted = np.zeros(NO_TERM, np.bool_)
    is_wanted[wanted.terms] = True
    kept = keys.of(is_wanted[keys.terms])
    order = np.argsort(kept.terms)
    starts = np.concatenate([[0], np.cumsum(np.bincount(kept.terms, minlength=NO_TERM))])
    return Postings(starts, kept.articles[order], kept.weights[order])
