"""MONEY and QUANTITY mentions: "$1.5 million" is "1500000 USD", "18 miles" is "18 mile".

Called by `closed_classes`. Currencies and units are in `lexicon/amounts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from tasks.annotate.entities.gazetteer import amount_words
from tasks.model import Label, Mention, Span

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "b": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
# Written out in digits up to here; larger numbers are nobody's budget.
LARGEST_WRITTEN_OUT = 1e15
VAGUE = r"(?:[Ss]everal|[Mm]any|(?:[Aa]\ )?[Ff]ew|[Ss]ome)\ (?:hundred|thousand|million|dozen|billion)s?"
_MANY = "[Tt]ens|[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions|[Bb]illions"
BARE = rf"(?:(?:[Tt]ens|[Hh]undreds)\ of\ )?(?:{_MANY})"
MAGNITUDE = re.compile(r"(hundred|thousand|million|dozen|billion|ten)s?", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    """The words as alternatives, the longest first, for a verbose pattern."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _scale(group: str) -> str:
    return rf"(?:[ -]?(?P<{group}>{_any_of(SCALES)})\b)?"


@cache
def _money_pattern() -> re.Pattern[str]:
    tables = amount_words()
    dollars, codes, words = (_any_of(tables[name]) for name in ("dollars", "codes", "words"))
    symbols = re.escape("".join(tables["symbols"]))
    return re.compile(
        rf"""
          (?:(?<![A-Za-z])(?P<dollar>{dollars})\ ?\$|(?P<symbol>[{symbols}]))\s?(?P<n1>{NUMBER}){_scale("s1")}
        | (?<![A-Za-z])(?P<code>{codes})\.?\s?(?P<n2>{NUMBER}){_scale("s2")}
        | (?<![\w.,])(?P<n3>{NUMBER}){_scale("s3")}[ -](?:(?P<of>{dollars})\ )?(?P<word>{words}|{codes})s?\b
        | \b(?P<vague>{BARE}|{VAGUE})\ (?:of\ )?(?:(?P<of4>{dollars})\ )?(?P<word4>{words})s?\b
        """,
        re.VERBOSE,
    )


@cache
def _quantity_pattern() -> re.Pattern[str]:
    units = _any_of(amount_words()["units"])
    return re.compile(
        rf"""
          (?<![\w.,$€£])(?P<number>{NUMBER}){_scale("scale")}\s?-?(?P<unit>{units})s?(?!\w)
        | \b(?P<vague>{VAGUE})\b
        | \b(?P<bare>{BARE})(?=\ of\b)
        """,
        re.VERBOSE,
    )


def money_mentions(text: str, span: Span) -> Iterator[Mention]:
    """The sums of money in a stretch of the text, with their currency's ISO code where the words tell it."""
    for match in _money_pattern().finditer(text, span.start, span.end):
        number = match["n1"] or match["n2"] or match["n3"]
        scale = match["s1"] or match["s2"] or match["s3"]
        amount = _amount(number, scale) if number else _magnitude(match["vague"])
        currency = _currency(match)
        normalized = f"{amount} {currency}" if currency else amount
        yield Mention(Span(*match.span()), Label.MONEY, 0.95, "money", normalized=normalized)


def _currency(match: re.Match[str]) -> str:
    """The ISO code of the currency; empty where the word is of several."""
    tables = amount_words()
    if match["symbol"]:
        return tables["symbols"][match["symbol"]]
    if match["code"]:
        return tables["codes"][match["code"]]
    prefix = match["dollar"] or match["of"] or match["of4"]
    word = match["word"] or match["word4"] or "dollar"
    if prefix:
        return tables["dollars"][prefix] if word == "dollar" else ""
    return {**tables["codes"], **tables["words"]}[word]


def _amount(number: str, scale: str | None) -> str:
    """The number in digits: "1.5 million" is 1500000."""
    value = float(number.replace(",", "")) * SCALES.get(scale or "", 1)
    return f"{value:.15g}" if value < LARGEST_WRITTEN_OUT else f"{value:g}"


def quantity_mentions(text: str, span: Span) -> Iterator[Mention]:
    """The quantities in a stretch of the text: numbers with a unit, and round ones ("several hundred")."""
    for match in _quantity_pattern().finditer(text, span.start, span.end):
        if match["unit"]:
            normalized = (
                f"{_amount(match['number'], match['scale'])} {amount_words()['units'][match['unit']]}"
            )
        else:
            normalized = _magnitude(match[0])
        yield Mention(Span(*match.span()), Label.QUANTITY, 0.9, "quantity", normalized=normalized)


def _magnitude(written: str) -> str:
    """The order of magnitude: "several hundred", "tens of thousands"."""
    sizes = [found.casefold() for found in MAGNITUDE.findall(written)]
    first = written.split(maxsplit=1)[0].casefold()
    if first in {"several", "many", "few", "a", "some"}:
        return f"{'few' if first == 'a' else first} {sizes[-1]}"
    return " of ".join(f"{size}s" for size in sizes)
