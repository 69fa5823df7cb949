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

from tasks.link.features import FIELDS, PLACES, UNIT
from tasks.link.window import FIELD_NAMES, Ints, Terms, Weights, Window, ranges

# Names what follows and the arithmetic below: who is a candidate.
CANDIDATES: Final = "candidates 2"

# Candidates share heavy terms of these fields: the products of their weights add up to a share of the product
# of two unit vectors.
KEY_FIELDS: Final = ("body", "title", "names")
KEY_TERMS: Final = 30  # the heaviest of each field
# The least share, by the days between the two. The further apart they are the likelier they tell of what came
# of the event, and the more alike must they be. (Of pairs that the model finds likely enough to be kept, 1.6
# out of 100 share less; more than three days apart it keeps none.)
LEAST_SHARED: Final = (0.10, 0.15, 0.20, 0.30)
STORY_DAYS: Final = len(LEAST_SHARED) - 1  # further apart only copies are paired


@dataclass(frozen=True, slots=True)
class Postings:
    """For every key, the articles that have it among their heaviest terms: an inverted index.

    The articles (and weights) of key k are those from `starts[k]` to `starts[k + 1]`, by day. `keys` and
    `own` are the same by article.
    """

    starts: Ints
    articles: Ints
    weights: Weights
    keys: Terms
    own: Weights
    own_starts: Ints


_LEAST: Final = np.array([*LEAST_SHARED, np.inf]) * UNIT * UNIT


def candidates(window: Window, new: NDArray[np.bool_]) -> Iterator[tuple[int, Ints]]:
    """For every new article its candidates, both by their number in the window; every pair comes once.

    New articles are compared with all, those that are not new never with each other.
    """
    postings = postings_of(window)
    for article in np.flatnonzero(new).tolist():
        found = sharing(window, postings, article)
        yield article, found[~new[found] | (found > article)]


def sharing(window: Window, postings: Postings, article: int) -> Ints:
    """The articles that share enough heavy terms with this one."""
    mine = slice(postings.own_starts[article], postings.own_starts[article + 1])
    keys = postings.keys[mine]
    starts = postings.starts[keys]
    lengths = postings.starts[keys + 1] - starts
    places = ranges(starts, lengths)
    shared = np.bincount(
        postings.articles[places],
        weights=postings.weights[places] * np.repeat(postings.own[mine], lengths),
        minlength=len(window),
    )
    apart = np.minimum(np.abs(window.days - window.days[article]), len(LEAST_SHARED))
    is_found = shared >= _LEAST[apart]
    is_found[article] = False
    return np.flatnonzero(is_found)


def postings_of(window: Window) -> Postings:
    """The inverted index of the articles' heaviest terms."""
    number = np.repeat(np.arange(len(window)), np.diff(window.starts))
    kept = np.zeros(len(number), np.bool_)
    for field in (FIELD_NAMES.index(name) for name in KEY_FIELDS):
        inside = np.flatnonzero(window.fields == field)
        kept[inside[heaviest(number[inside], window.weights[inside], window.terms[inside])]] = True
    terms, weights, articles = window.terms[kept], window.weights[kept], number[kept]
    order = np.argsort(terms, kind="stable")
    counts = np.bincount(terms, minlength=len(FIELDS) * PLACES)
    return Postings(
        starts=np.concatenate([[0], np.cumsum(counts)]),
        articles=articles[order],
        weights=weights[order],
        keys=terms,
        own=weights,
        own_starts=np.searchsorted(articles, np.arange(len(window) + 1)),
    )


def heaviest(articles: Ints, weights: Weights, terms: Terms) -> Ints:
    """Which of these terms are among the KEY_TERMS heaviest of their article; of equal ones the lowest."""
    lightness = UNIT - weights.astype(np.int64)
    keys = (articles << 40) | (lightness << 24) | terms  # terms take 20 bits, weights 13
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(articles[order], articles[order])
    return order[np.arange(len(order)) - first < KEY_TERMS]
