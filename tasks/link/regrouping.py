"""Whom new articles put together or apart: the groups around them, made anew. Called by `story_step.py`.

A pair is as likely as the other pairs of its two articles let it be. So a new article changes how likely the
pairs of those are that it resembles, and these pairs change the groups they lie in; all others stay what they
were. What is computed here for the pairs near by comes out as if it were computed for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.link.clustering import groups
from tasks.link.pair_score import StoryModel, among_neighbours
from tasks.link.window import Floats, Ints, ranges

# One value per article or per pair.
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The articles whose stories are made anew, by number, and for each the lowest number of its group."""

    articles: Ints
    groups: Ints


def regrouped(pairs: Pairs, is_new: Chosen, is_seed: Chosen, model: StoryModel) -> Regrouped:
    """The groups of the seeds, and all groups that the new articles changed.

    Seeds are to be grouped in any case; the new articles among them are those whose changes are followed.
    Other new ones are there, but whom they move is found when they are seeds.
    """
    near = pairs.with_partners(is_seed)
    likely = Likelihoods(pairs, model)
    likely.judge(near)
    changed = likely.differ_without(is_new, near)
    inside = _joined_to(is_seed | pairs.ends_of(changed), likely)
    between = inside[pairs.ones] & inside[pairs.others]
    found = groups(
        len(inside), pairs.ones[between], pairs.others[between], likely.values[between], model.together
    )
    articles = np.flatnonzero(inside)
    return Regrouped(articles, found[articles])


def _joined_to(start: Chosen, likely: Likelihoods) -> Chosen:
    """The articles that likely pairs join to these, directly or through others."""
    pairs, reached, last = likely.pairs, start.copy(), start
    while last.any():
        likely.judge(last)
        joined = pairs.of(last)
        joined = joined[likely.values[joined] >= likely.model.together]
        found = pairs.ends_of(joined) & ~reached
        reached |= found
        last = found
    return reached


class Pairs:
    """The pairs between some articles, each once; finds those of an article.

    `ones`, `others` and `alone` (how likely, by the two alone) have one value per pair.
    """

    def __init__(self, articles: int, ones: Ints, others: Ints, alone: Floats) -> None:
        self.articles, self.ones, self.others, self.alone = articles, ones, others, alone
        ends = np.concatenate([ones, others])
        self._by_end = np.argsort(ends, kind="stable") % max(1, len(ones))
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=articles))])

    def of(self, articles: Chosen) -> Ints:
        """The numbers of the pairs that one of these articles is in, in their order."""
        numbers = np.flatnonzero(articles)
        starts = self._starts[numbers]
        found = np.zeros(len(self.ones), np.bool_)
        found[self._by_end[ranges(starts, self._starts[numbers + 1] - starts)]] = True
        return np.flatnonzero(found)

    def ends_of(self, pairs: Ints) -> Chosen:
        """The articles of these pairs."""
        found = np.zeros(self.articles, np.bool_)
        found[self.ones[pairs]] = found[self.others[pairs]] = True
        return found

    def with_partners(self, articles: Chosen) -> Chosen:
        """These articles and all that share a pair with one of them."""
        return articles | self.ends_of(self.of(articles))


class Likelihoods:
    """How likely pairs are beside the others of their articles: `values`, NaN as long as nobody asked."""

    def __init__(self, pairs: Pairs, model: StoryModel) -> None:
        self.pairs, self.model = pairs, model
        self.values: Floats = np.full(len(pairs.ones), np.nan)

    def judge(self, articles: Chosen) -> None:
        """Judge all pairs of these articles."""
        wanted = self.pairs.of(articles)
        wanted = wanted[np.isnan(self.values[wanted])]
        if len(wanted):
            self.values[wanted] = self._judged(wanted, self._around(wanted))

    def differ_without(self, new: Chosen, near: Chosen) -> Ints:
        """The pairs of the near articles that were judged otherwise before the new ones came."""
        known = ~(new[self.pairs.ones] | new[self.pairs.others])
        wanted = self.pairs.of(near)
        wanted = wanted[known[wanted]]
        if not len(wanted):
            return wanted
        around = self._around(wanted)
        before = self._judged(wanted, around[known[around]])
        differ: Ints = wanted[before != self.values[wanted]]
        return differ

    def _around(self, wanted: Ints) -> Ints:
        """All pairs that have a say in how likely the wanted ones are: those of their articles."""
        return self.pairs.of(self.pairs.ends_of(wanted))

    def _judged(self, wanted: Ints, among: Ints) -> Floats:
        """The likelihoods of the wanted pairs among these, which hold them."""
        pairs = self.pairs
        found = among_neighbours(pairs.ones[among], pairs.others[among], pairs.alone[among], self.model)
        judged: Floats = found[np.searchsorted(among, wanted)]
        return judged
