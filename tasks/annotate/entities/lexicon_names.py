"""Names that the lexicons settle, whatever the tagger says of the words.

Called by `annotate_entities`: "London" of "London-based" is no word of its own to a tagger, long names of
countries hold small words ("Trinidad and Tobago"), and in headlines capitals tell nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from tasks.annotate.entities.gazetteer import context
from tasks.annotate.entities.lookup import match_phrase
from tasks.annotate.entities.names import compounds, is_headline, known_names
from tasks.annotate.entities.tagger import NameSpan
from tasks.annotate.tokens import Paragraph, Token
from tasks.annotate.word_classes import word_class
from tasks.model import Label

WHY = "lexicon"
SCORE = 0.8
# Tokens that make the name of a country a long one.
LONG_NAME = 3


def with_lexicon_names(paragraphs: Sequence[Paragraph], tagged: Sequence[NameSpan]) -> list[NameSpan]:
    """The tagger's names (in text order), and those of the lexicons where it has none, or only a part.

    A hyphenated word gives way to the known names in it.
    """
    starts = [span.start for span in tagged]
    found: list[NameSpan] = []
    words: set[int] = set()
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            found += _long_names(sentence.tokens)
            found += _month_names(sentence.tokens)
            parts = list(_in_compounds(sentence.tokens))
            words |= {word.start for word, _ in parts}
            found += [part for _, part in parts]
            if is_headline(sentence):
                found += [
                    name for name in _in_headline(sentence.tokens) if not _is_taken(name, tagged, starts)
                ]
    return [*(span for span in tagged if span.start not in words), *found]


def _long_names(tokens: Sequence[Token]) -> Iterator[NameSpan]:
    """Names of countries with a small word inside."""
    for at in range(1, len(tokens)):
        if tokens[at].text == "and" and tokens[at - 1].text[0].isupper():
            for first in range(max(0, at - LONG_NAME), at):
                size, entry = match_phrase(tokens, first, len(tokens))
                if entry is not None and entry.kind == "country" and first + size > at:
                    last = tokens[first + size - 1]
                    yield NameSpan(tokens[first].start, last.end, entry.label, SCORE, WHY)
                    break


def _month_names(tokens: Sequence[Token]) -> Iterator[NameSpan]:
    """People who are called like a month, with their surname: "April Jones", not "in April Jones said"."""
    for at in range(1, len(tokens) - 1):
        month, surname = tokens[at], tokens[at + 1]
        if month.text.casefold() in context("given_months") and month.text.istitle():
            before = tokens[at - 1].text
            is_date = before.casefold() in context("before_months") or not before.islower()
            if not is_date and _is_surname(tokens, at + 1):
                yield NameSpan(month.start, surname.end, Label.PERSON, SCORE, WHY)


def _is_surname(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing but a name is written like this, and it is no known place, no part of a longer name."""
    word = tokens[at].text
    is_alone = at + 1 == len(tokens) or not tokens[at + 1].text[0].isupper()
    is_name = word.isalpha() and word.istitle() and (word_class(word).capital or 0) > 0
    return is_alone and is_name and not match_phrase(tokens, at, len(tokens))[0]


def _in_compounds(tokens: Sequence[Token]) -> Iterator[tuple[Token, NameSpan]]:
    """Each hyphenated word with the known names in it, one by one."""
    hyphenated = [token for token in tokens if "-" in token.text]
    if not hyphenated:
        return
    starts = [token.start for token in hyphenated]
    for part in compounds(tokens):
        if part.label is not None:
            whole = hyphenated[bisect_right(starts, part.start) - 1]
            yield whole, NameSpan(part.start, part.end, part.label, SCORE, WHY)


def _in_headline(tokens: Sequence[Token]) -> Iterator[NameSpan]:
    for one in known_names(tokens):
        if one.label is not None:
            yield NameSpan(one.start, one.end, one.label, SCORE, WHY)


def _is_taken(name: NameSpan, tagged: Sequence[NameSpan], starts: Sequence[int]) -> bool:
    """Whether the tagger has a name that shares a character."""
    at = bisect_left(starts, name.end) - 1
    return at >= 0 and tagged[at].end > name.start
