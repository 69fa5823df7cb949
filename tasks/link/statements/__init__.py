"""The same statement across the articles of a story: who worded it how. Pure: values in, values out.

`segments.py` cuts quotes into sayings, `words.py` says what their words are; `pairs.py` pairs the sayings
that are one statement, by the figures of `likeness.py` and the trained score of `score.py`; `occasions.py`
and `reworded.py` find statements that were translated or retold; `groups.py` makes statements of the pairs.
The values are in `model.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.link.statements.groups import statements_of
from tasks.link.statements.model import Id, Saying, SayingPair, Statement, Telling
from tasks.link.statements.occasions import occasions_of
from tasks.link.statements.pairs import paired
from tasks.link.statements.reworded import reworded
from tasks.link.statements.segments import sayings_of


@dataclass(frozen=True, slots=True)
class LinkedStatements:
    """What is said in a story: the statements, and the pairs of sayings that they were made of."""

    statements: tuple[Statement, ...]
    pairs: tuple[SayingPair, ...]


def link_statements(tellings: Sequence[Telling]) -> LinkedStatements:
    """Find the same statements in the tellings of one story, across articles and within one.

    A function of the set of tellings, whatever their order.
    """
    told = sorted(tellings, key=lambda telling: telling.article_id)
    sayings = {telling.article_id: sayings_of(telling) for telling in told}
    everything = [saying for article in sayings.values() for saying in article]
    alike = paired(everything)
    shared = speakers_of_several(sayings)
    occasions = {
        telling.article_id: occasions_of(telling)
        for telling in told
        if any(saying.speaker_name in shared for saying in sayings[telling.article_id])
    }
    pairs = [*alike, *reworded(sayings, occasions, alike)]
    return LinkedStatements(tuple(statements_of(everything, pairs)), tuple(pairs))


def speakers_of_several(sayings: Mapping[Id, Sequence[Saying]]) -> frozenset[str]:
    """The speakers whom two articles or more quote."""
    articles = Counter(
        name for article in sayings.values() for name in {saying.speaker_name for saying in article} if name
    )
    return frozenset(name for name, quoting in articles.items() if quoting > 1)
