"""Mentions that a list or a pattern settles: dates, quantities, money, nationalities.

Called by `annotate_entities` after the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from tasks.annotate.entities.amounts import money_mentions, quantity_mentions
from tasks.annotate.entities.gazetteer import countries, demonyms, longest_demonym
from tasks.annotate.entities.written_time import date_mentions
from tasks.annotate.tokens import Paragraph, Token
from tasks.model import Label, Mention, Span


def closed_mentions(text: str, paragraphs: Sequence[Paragraph], reference: date | None) -> list[Mention]:
    """The dates, sums, quantities and nationalities, in text order; `reference` is the day of publication."""
    found: list[Mention] = []
    for paragraph in paragraphs:
        line = paragraph.span
        inside = [
            *date_mentions(text, line, reference),
            *money_mentions(text, line),
            *quantity_mentions(text, line),
            *_nationalities(paragraph.tokens),
        ]
        found.extend(without_touching(inside))
    return found


def without_touching(mentions: Sequence[Mention]) -> list[Mention]:
    """In text order; of two that share a character the longer stays, then the earlier found."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.span.start, -one.span.end)):
        if found and mention.span.touches(found[-1].span):
            if mention.span.end - mention.span.start > found[-1].span.end - found[-1].span.start:
                found[-1] = mention
            continue
        found.append(mention)
    return found


def _nationalities(tokens: Sequence[Token]) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        if not tokens[at].text[0].isupper():
            at += 1
            continue
        size, code = _demonym(tokens, at)
        if size:
            yield _nationality(Span(tokens[at].start, tokens[at + size - 1].end), code)
        elif "-" in tokens[at].text:
            yield from _parts(tokens[at])
        at += size or 1


def _demonym(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    if _cased(tokens[at].text) not in _first_words():
        return 0, ""
    for size in range(min(longest_demonym(), len(tokens) - at), 0, -1):
        name = " ".join(_cased(token.text) for token in tokens[at : at + size])
        if name in demonyms():
            return size, demonyms()[name]
    return 0, ""


@cache
def _first_words() -> frozenset[str]:
    """The words that demonyms begin with."""
    return frozenset(name.split(" ", 1)[0] for name in demonyms())


def _cased(word: str) -> str:
    """A word in capitals as it is written otherwise."""
    return word.capitalize() if word.isupper() and len(word) > 4 else word


def _parts(token: Token) -> Iterator[Mention]:
    """The nationalities in a hyphenated word: "Russian-Turkish", "Syrian-born"."""
    start = token.start
    for part in token.text.split("-"):
        if part in demonyms():
            yield _nationality(Span(start, start + len(part)), demonyms()[part])
        start += len(part) + 1


def _nationality(span: Span, code: str) -> Mention:
    return Mention(span, Label.NATIONALITY, 0.9, "demonym", normalized=code if code in countries() else None)
