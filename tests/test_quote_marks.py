"""Which marks open and close a passage."""

from __future__ import annotations

import pytest

from tasks.annotate.quotes.marks import find_passages
from tasks.annotate.tokens import lines_of
from tasks.model import Span


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("He wrote “one ‘two’ three”.", ["“one ‘two’ three”", "‘two’"]),
        ("He wrote ”one“ and “two“.", ["”one“", "“two“"]),
        ('He wrote "one, and then “two”.', ['"one, and then “two”.', "“two”"]),
        ("He wrote »eins« and «deux».", ["»eins«", "«deux»"]),
        ('The 6\'2" man said "no".', ['"no"']),
        ("It is the bank's and the banks'.", []),
        (
            "“I live in what he calls “hell” and I love it.” ― Ida Berg",
            ["“I live in what he calls “hell” and I love it.”", "“hell”"],
        ),
        ("“I went home. “I slept,” he said.", ["“I went home. ", "“I slept,”"]),
        ('Of [her] plans" and others, the one with "more money" won.', ['"more money"']),
        ('He said," I will go."', ['" I will go."']),
    ],
)
def test_marks_pair_by_kind(text: str, passages: list[str]) -> None:
    assert [passage.span.of(text) for passage in find_passages(text, [Span(0, len(text))])] == passages


def test_lines_are_the_paragraphs_that_passages_are_looked_for_in() -> None:
    text = '"one\n\ntwo" three'
    passages = find_passages(text, lines_of(text, Span(0, len(text))))
    assert [passage.span.of(text) for passage in passages] == ['"one', 'two"']
    assert [passage.continues for passage in passages] == [False, True]
