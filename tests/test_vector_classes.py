"""What GloVe's vectors say of words: clusters in a tree, by hashes of the words."""

from __future__ import annotations

from tasks.annotate.entities.trained.features import word_attributes
from tasks.annotate.entities.trained.vector_classes import FINEST, VECTOR_CLUSTERS, vector_class


def test_words_that_are_used_alike_are_in_one_cluster() -> None:
    assert vector_class("honda") == vector_class("toyota") is not None
    assert vector_class("honda") != vector_class("tuesday")


def test_every_level_of_the_tree_holds_the_finer_ones() -> None:
    assert all(FINEST % size == 0 for size in VECTOR_CLUSTERS)
    number = vector_class("honda")
    assert number is not None
    assert 0 <= number < FINEST
    told = [one for one in word_attributes("Honda") if one.startswith("v") and "=" in one]
    assert told == [f"v{size}={number // (FINEST // size)}" for size in VECTOR_CLUSTERS]


def test_a_word_that_the_table_lacks_says_nothing() -> None:
    assert vector_class("xqvzzkrt") is None
    assert not [one for one in word_attributes("Xqvzzkrt") if one.startswith("v")]
