"""The same statement across the articles of a story: who worded it how. Pure: values in, values out.

`tellings.py` takes from an annotated document what is needed; `segments.py` cuts its quotes into sayings,
`words.py` says what their words are, `occasions.py` where they were said, and `packing.py` keeps that with
the article's version. `pairs.py` pairs the sayings that are one statement, by the figures of `likeness.py`
and the trained score of `score.py`; `reworded.py` finds those that were translated or retold; `groups.py`
makes statements of the pairs. The values are in `model.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.link.statements.groups import statements_of
from tasks.link.statements.model import SayingPair, SayingsOfArticle, Statement
from tasks.link.statements.pairs import paired
from tasks.link.statements.reworded import reworded


@dataclass(frozen=True, slots=True)
class LinkedStatements:
    """What is said in a story: the statements, and the pairs of sayings that they were made of."""

    statements: tuple[Statement, ...]
    pairs: tuple[SayingPair, ...]


def link_statements(articles: Iterable[SayingsOfArticle]) -> LinkedStatements:
    """Find the same statements in the articles of one story, across articles and within one.

    A function of the set of articles, whatever their order.
    """
    told = {one.source.article_id: one for one in articles}
    everything = [saying for article in sorted(told) for saying in told[article].sayings]
    alike = paired(everything)
    sayings = {article: one.sayings for article, one in told.items()}
    pairs = [*alike, *reworded(sayings, {article: one.occasions for article, one in told.items()}, alike)]
    return LinkedStatements(tuple(statements_of(everything, pairs)), tuple(pairs))
