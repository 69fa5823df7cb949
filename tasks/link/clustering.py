"""Pairs → groups: average linkage over the pairs, in whatever order they come. Called by `story_step.py`.

Two groups are put together while the mean over all pairs between them is at least a threshold (a pair that is
not told counts 0). Only articles that a pair of that height joins, directly or through others, can end up in
one group, so each such component is worked on by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.window import Floats, Ints

# Articles whose pairs are held as a table: 4,000 take 64 MB. A larger component is cut at higher thresholds.
MOST_AT_ONCE: Final = 4_000
THRESHOLD_STEP: Final = 0.05


def groups(number: int, lefts: Ints, rights: Ints, likely: Floats, together: float) -> Ints:
    """For each of `number` articles the lowest number of its group.

    `lefts`, `rights` and `likely` are the pairs. The result depends on the numbering only where two unions
    are equally good, so number the articles by something that is their own.
    """
    result = np.arange(number)
    labels = components(number, lefts, rights, likely >= together)
    # Two that nothing else is joined to need no working out.
    inner = labels[lefts] == labels[rights]
    of_two = (np.bincount(labels, minlength=number) == 2)[labels[lefts]]
    lone = inner & of_two
    result[np.maximum(lefts[lone], rights[lone])] = labels[lefts[lone]]
    rest = np.flatnonzero(inner & ~of_two)
    lefts, rights, likely = lefts[rest], rights[rest], likely[rest]
    for members, inside in pieces(np.unique([lefts, rights]), lefts, rights, likely, together):
        local = np.searchsorted(members, np.stack([lefts[inside], rights[inside]]))
        found = average_linkage(len(members), local[0], local[1], likely[inside], together)
        result[members] = members[found]
    return result


def pieces(
    articles: Ints, lefts: Ints, rights: Ints, likely: Floats, together: float
) -> Iterator[tuple[Ints, Ints]]:
    """(articles, pairs between them) of each component of two to MOST_AT_ONCE articles.

    What is larger is cut at higher thresholds; in the end, where all is the same, by number.
    """
    labels = components(int(articles.max(initial=-1)) + 1, lefts, rights, likely >= together)
    order = articles[np.argsort(labels[articles], kind="stable")]
    of_pair = np.where(labels[lefts] == labels[rights], labels[lefts], -1)
    by_label = np.argsort(of_pair, kind="stable")
    sorted_labels = of_pair[by_label]
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members) < 2:
            continue
        first, last = np.searchsorted(sorted_labels, [labels[members[0]], labels[members[0]] + 1])
        inside = np.sort(by_label[first:last])
        if len(members) <= MOST_AT_ONCE:
            yield np.sort(members), inside
        else:
            yield from _smaller(np.sort(members), inside, lefts, rights, likely, together + THRESHOLD_STEP)


def _smaller(
    members: Ints, inside: Ints, lefts: Ints, rights: Ints, likely: Floats, together: float
) -> Iterator[tuple[Ints, Ints]]:
    if together < 1:
        for part, pairs in pieces(members, lefts[inside], rights[inside], likely[inside], together):
            yield part, inside[pairs]
        return
    for at in range(0, len(members), MOST_AT_ONCE):
        part = members[at : at + MOST_AT_ONCE]
        yield part, inside[np.isin(lefts[inside], part) & np.isin(rights[inside], part)]


def components(number: int, lefts: Ints, rights: Ints, joined: NDArray[np.bool_]) -> Ints:
    """For each article the lowest number that it is joined to, directly or through others."""
    labels = np.arange(number)
    lefts, rights = lefts[joined], rights[joined]
    while True:
        lowest = np.minimum(labels[lefts], labels[rights])
        before = labels.copy()
        np.minimum.at(labels, labels[lefts], lowest)
        np.minimum.at(labels, labels[rights], lowest)
        np.minimum.at(labels, lefts, lowest)
        np.minimum.at(labels, rights, lowest)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def average_linkage(number: int, lefts: Ints, rights: Ints, likely: Floats, together: float) -> Ints:
    """Average linkage (UPGMA, Sokal and Michener 1958) of a few thousand articles at most.

    By chains of nearest neighbours (Murtagh 1983), in time and space of `number` squared: whoever finds in
    each other the best partner is put together, for no later union can offer either a better one.
    """
    table = np.zeros((number, number), np.float32)
    table[lefts, rights] = table[rights, lefts] = likely
    sizes = np.ones(number)
    labels = np.arange(number)
    open_ones = np.ones(number, np.bool_)
    chain: list[int] = []
    while chain or open_ones.any():
        if not chain:
            chain.append(int(np.argmax(open_ones)))
        last = chain[-1]
        best = int(np.argmax(table[last]))
        # Of equals the one we came from, or the chain would go round in circles.
        if len(chain) > 1 and table[last, chain[-2]] >= table[last, best]:
            best = chain[-2]
        if table[last, best] < together:
            open_ones[last] = False  # nothing it could be put with, now or later
            _close(table, last)
            chain.pop()
        elif len(chain) > 1 and best == chain[-2]:
            kept, gone = sorted((best, last))
            _unite(table, sizes, kept, gone)
            labels[labels == gone] = kept
            open_ones[gone] = False
            del chain[-2:]
        else:
            chain.append(best)
    return labels


def _unite(table: NDArray[np.float32], sizes: Floats, kept: int, gone: int) -> None:
    """The mean likelihoods of the union of two groups."""
    total = sizes[kept] + sizes[gone]
    mean = (table[kept] * sizes[kept] + table[gone] * sizes[gone]) / total
    table[kept], table[:, kept] = mean, mean
    table[kept, kept] = 0
    sizes[kept] = total
    _close(table, gone)


def _close(table: NDArray[np.float32], group: int) -> None:
    table[group], table[:, group] = 0, 0
