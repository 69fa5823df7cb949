"""How likely two articles tell of the same event. Called by `story_step.py`.

Two steps, both learnt (`models/stories.json`, made by `models/train_stories.py`, described in
`models/README.md`):

1. `likelihood`: of the two alone, by boosted trees of two questions each (Friedman 2001), that never make
   more likeness count less.
2. `among_neighbours`: the same, seen beside what else each of them resembles. A likeness that is middling may
   be the best there is, or be put in the shade by better ones (compare the local scaling of Zelnik-Manor and
   Perona 2004); a third article that is like both speaks for the pair.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from tasks.link.window import Floats, Ints, ranges

# Less likely pairs are forgotten: whatever stands beside them, they never put two articles together.
LEAST_KEPT: Final = 0.07
# Where nothing is known of a pair, it is this likely.
LEAST_LIKELY: Final = 0.05
LIKELIHOOD_DIGITS: Final = 6  # rounding, so that no processor's last bit decides anything
# What an article's other pairs may change, as a logit: .1 becomes .33 at most, .9 becomes .67 at least.
# Without a bound large stories fall apart into days, and articles that are like nothing are put together.
MOST_MOVED: Final = 1.5
# Of so many of an article's best pairs a third article may come that speaks for a pair.
BEST_PAIRS: Final = 15


@dataclass(frozen=True)
class StoryModel:
    """The learnt figures.

    Tree t asks whether `figure[t, 0]` is at most `threshold[t, 0]`, then question 1 (yes) or 2 (no) of the
    same kind, and adds one of its four `leaves`. `neighbours` weighs (own, stronger of the two rivals, weaker
    one, common neighbour), `bias` is added. Articles are put together from `together` on.
    """

    version: str
    figures: tuple[str, ...]
    base: float
    figure: Ints
    threshold: Floats
    leaves: Floats
    neighbours: Floats
    bias: float
    together: float

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> StoryModel:
        """The model as it stands in the file."""
        trees = told["trees"]
        return cls(
            version=told["version"],
            figures=tuple(told["figures"]),
            base=told["base"],
            figure=np.array([tree["figure"] for tree in trees], np.int64).reshape(-1, 3),
            threshold=np.array([tree["threshold"] for tree in trees], np.float64).reshape(-1, 3),
            leaves=np.array([tree["leaves"] for tree in trees], np.float64).reshape(-1, 4),
            neighbours=np.array(told["neighbours"], np.float64),
            bias=told["bias"],
            together=told["together"],
        )


@cache
def story_model() -> StoryModel:
    """The model that ships."""
    file = resources.files("tasks.link.models") / "stories.json"
    return StoryModel.of(json.loads(file.read_text(encoding="utf-8")))


def likelihood(figures: Floats, model: StoryModel) -> Floats:
    """How likely each pair tells of one event, by its figures alone: 0 to 1."""
    total = np.full(len(figures), model.base)
    columns = np.ascontiguousarray(figures.T)
    for figure, threshold, leaves in zip(model.figure, model.threshold, model.leaves, strict=True):
        first = columns[figure[0]] > threshold[0]
        second = np.where(first, columns[figure[2]] > threshold[2], columns[figure[1]] > threshold[1])
        total += leaves[2 * first + second]
    return _likely(total)


# --- beside what else they resemble --------------------------------------------------


def among_neighbours(lefts: Ints, rights: Ints, alone: Floats, model: StoryModel) -> Floats:
    """The likelihood of each pair, given all pairs of its two articles (of those not told, LEAST_LIKELY)."""
    told = evidence(lefts, rights, alone)
    own = told[:, 0]
    return _likely(np.clip(told @ model.neighbours + model.bias, own - MOST_MOVED, own + MOST_MOVED))


def evidence(lefts: Ints, rights: Ints, alone: Floats) -> Floats:
    """For each pair four logits: its own, the stronger rival's, the weaker one's, the common neighbour's."""
    stronger, weaker = rivals(lefts, rights, alone)
    common = common_neighbour(lefts, rights, alone)
    return np.column_stack([_logit(alone), _logit(stronger), _logit(weaker), _logit(common)])


def rivals(lefts: Ints, rights: Ints, alone: Floats) -> tuple[Floats, Floats]:
    """For each pair, the best other pair of its one article and of its other: (the better, the worse)."""
    number = int(max(lefts.max(initial=-1), rights.max(initial=-1))) + 1
    best, second = np.full(number, LEAST_LIKELY), np.full(number, LEAST_LIKELY)
    ends = np.concatenate([lefts, rights])
    both = np.concatenate([alone, alone])
    np.maximum.at(best, ends, both)
    is_best = both >= best[ends]
    np.maximum.at(second, ends[~is_best], both[~is_best])
    second = np.where(np.bincount(ends[is_best], minlength=number) > 1, best, second)
    # The best pair of an article has the second best for its rival.
    of_left = np.where(alone >= best[lefts], second[lefts], best[lefts])
    of_right = np.where(alone >= best[rights], second[rights], best[rights])
    return np.maximum(of_left, of_right), np.minimum(of_left, of_right)


def common_neighbour(lefts: Ints, rights: Ints, alone: Floats) -> Floats:
    """For each pair, how like both the best third article is: the lesser of its two likelihoods."""
    number = int(max(lefts.max(initial=-1), rights.max(initial=-1))) + 1
    keys, values = _best_pairs(lefts, rights, alone, number)
    ends, others = np.divmod(keys, max(1, number))
    sizes = np.bincount(ends, minlength=number)
    starts = np.cumsum(sizes) - sizes
    # The fewer pairs of the two are looked up among those of the other.
    is_less = sizes[lefts] <= sizes[rights]
    from_one, to_other = np.where(is_less, lefts, rights), np.where(is_less, rights, lefts)
    lengths = sizes[from_one]
    places, pairs = ranges(starts[from_one], lengths), np.repeat(np.arange(len(lefts)), lengths)
    wanted = to_other[pairs] * number + others[places]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    hit = keys[at] == wanted
    found = np.full(len(lefts), LEAST_LIKELY)
    np.maximum.at(found, pairs[hit], np.minimum(values[places[hit]], values[at[hit]]))
    return found


def _best_pairs(lefts: Ints, rights: Ints, alone: Floats, number: int) -> tuple[Ints, Floats]:
    """The BEST_PAIRS best pairs of every article, and their likelihoods.

    A pair is `number` times the article plus the other; they come in rising order.
    """
    ends, others = np.concatenate([lefts, rights]), np.concatenate([rights, lefts])
    keys, values = ends * number + others, np.concatenate([alone, alone])
    order = np.argsort(keys)
    many = np.flatnonzero(np.bincount(ends, minlength=number)[ends[order]] > BEST_PAIRS)
    if len(many):
        crowded = order[many]
        by_likeness = np.lexsort((others[crowded], -values[crowded], ends[crowded]))
        sorted_ends = ends[crowded][by_likeness]
        rank = np.arange(len(crowded)) - np.searchsorted(sorted_ends, sorted_ends)
        order = np.delete(order, many[by_likeness[rank >= BEST_PAIRS]])
    return keys[order], values[order]


def _likely(logits: Floats) -> Floats:
    likely: Floats = np.round(1 / (1 + np.exp(-logits)), LIKELIHOOD_DIGITS)
    return likely


def _logit(likely: Floats) -> Floats:
    kept = np.clip(likely, LEAST_LIKELY, 1 - 1e-4)
    logits: Floats = np.log(kept / (1 - kept))
    return logits
