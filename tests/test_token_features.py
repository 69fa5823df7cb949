"""What a word's form gives the taggers: shape, affixes, and what large amounts of text say of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.annotate.token_features import shape_of, word_form
from tasks.annotate.word_classes import UNKNOWN, word_class


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("Minister", "Xxx"),
        ("U.S.", "X.X."),
        ("2019", "dd"),
        ("22nd", "ddxx"),
        ("al-Assad", "xx-Xxx"),
        ("ÇAVUŞ", "XX"),
    ],
)
def test_a_shape_tells_how_a_word_is_written(word: str, shape: str) -> None:
    assert shape_of(word) == shape


def test_words_that_are_used_alike_are_in_one_cluster() -> None:
    assert word_class("Monday").path == word_class("Thursday").path != ""
    assert word_class("Monday").clusters[0] == word_class("Thursday").clusters[0] >= 0
    assert word_class("Monday").clusters != word_class("said").clusters


def test_a_name_is_seldom_written_small_and_a_common_word_often() -> None:
    london, the = word_class("London"), word_class("The")
    assert london.capital is not None
    assert the.capital is not None
    assert london.capital > 0 > the.capital
    assert word_class("said").capital is None


def test_what_the_table_lacks_has_only_its_form() -> None:
    assert word_class("Xqvzzkrt") == UNKNOWN
    own = ("w=xqvzzkrt", "s=Xxx", "p2=xq", "p3=xqv", "p4=xqvz", "x2=rt", "x3=krt", "x4=zkrt")
    assert word_form("Xqvzzkrt").features == own


@given(st.text(min_size=1))
def test_any_text_has_a_form(word: str) -> None:
    form = word_form(word)
    assert form.lower == word.lower()
    assert form.features[0] == f"w={form.lower}"
