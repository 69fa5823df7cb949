"""Groups that are made anew near new articles only are those that making all of them anew gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.link.clustering import groups
from tasks.link.pair_score import among_neighbours, story_model
from tasks.link.regrouping import Chosen, Pairs, regrouped
from tasks.link.window import Floats, Ints

ARTICLES = 24


@st.composite
def likenesses(draw: st.DrawFn) -> tuple[Ints, Ints, Floats]:
    """Pairs of articles, none twice: how likely they are lies around where neighbours decide."""
    articles = st.integers(0, ARTICLES - 1)
    drawn = draw(
        st.dictionaries(
            st.tuples(articles, articles).filter(lambda pair: pair[0] < pair[1]),
            st.sampled_from([0.08, 0.15, 0.25, 0.3, 0.35, 0.45, 0.6, 0.8, 0.99]),
            max_size=60,
        )
    )
    pairs = np.array(sorted(drawn), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], np.array([drawn[pair] for pair in sorted(drawn)], np.float64)


def grouped(pairs: tuple[Ints, Ints, Floats], is_new: Chosen) -> Ints:
    """The groups of all articles but the new ones, by judging all their pairs."""
    ones, others, alone = pairs
    known = ~(is_new[ones] | is_new[others])
    ones, others, alone = ones[known], others[known], alone[known]
    model = story_model()
    likely = among_neighbours(ones, others, alone, model)
    return groups(ARTICLES, ones, others, likely, model.together)


@settings(max_examples=300, deadline=None)
@given(pairs=likenesses(), new=st.sets(st.integers(0, ARTICLES - 1), min_size=1, max_size=6))
def test_what_is_not_made_anew_has_not_changed(pairs: tuple[Ints, Ints, Floats], new: set[int]) -> None:
    is_new = np.isin(np.arange(ARTICLES), list(new))
    before = grouped(pairs, is_new)
    anew = regrouped(Pairs(ARTICLES, *pairs), is_new, is_new, story_model())
    before[anew.articles] = anew.groups
    assert before.tolist() == grouped(pairs, np.zeros(ARTICLES, np.bool_)).tolist()


@settings(max_examples=100, deadline=None)
@given(pairs=likenesses(), new=st.lists(st.integers(0, ARTICLES - 1), min_size=2, max_size=9, unique=True))
def test_new_articles_may_be_followed_one_by_one(pairs: tuple[Ints, Ints, Floats], new: list[int]) -> None:
    is_new = np.isin(np.arange(ARTICLES), new)
    found = grouped(pairs, is_new)
    for article in new:
        anew = regrouped(Pairs(ARTICLES, *pairs), is_new, np.arange(ARTICLES) == article, story_model())
        found[anew.articles] = anew.groups
    assert found.tolist() == grouped(pairs, np.zeros(ARTICLES, np.bool_)).tolist()
