"""Words of matter: what is left of a text without its small words and endings, and how rare each is.

The counts behind the rarity are frozen (`models/words.tsv`, `models/names.tsv`): a word weighs the same in
every article, whenever it was linked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final, Literal

WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d,.]*\d|\d")

# Words that stand in every kind of article.
SMALL_WORDS: Final = frozenset(
    """
    a about after against all also am an and any are as at be because been before being but by can could
    did do does down during each for from had has have having he her here him his how i if in into is it
    its just like ll made make many may me might more most mr mrs ms much must my new no not now of off on
    one only or other our out over own per re said same say says she should since so some still such than
    that the their them then there these they this those through to told too two under until up us ve very
    was we were what when where which while who whom whose why will with would yet you your
    """.split()  # noqa: SIM905 - quote marks would hide them
)
# Endings that are cut where at least LEAST_STEM letters stay.
ENDINGS: Final = ("ingly", "edly", "ing", "ed", "ly")
LEAST_STEM: Final = 4

# A word that this share of the articles has tells nothing.
MOST_COMMON: Final = 0.3
# Rarer words count as seen in one article: their true frequency is anybody's guess, and those seen in few
# articles are not shipped.
LEAST_ARTICLES: Final = 3

CACHED_WORDS: Final = 1 << 17

Dictionary = Literal["words", "names"]


def stems(text: str) -> list[str]:
    """The stems of the words of matter, in order."""
    return [stem for word in WORD.findall(text) if (stem := stem_of(word))]


@lru_cache(maxsize=CACHED_WORDS)
def stem_of(word: str) -> str:
    """The word without its ending, in lower case; empty for small words and single letters.

    A light stemmer (after Harman 1991, "How effective is suffixing?"): it cuts plurals, -ed, -ing and -ly,
    and never needs to be right, only the same for the forms of a word.
    """
    plain = word.lower().replace("’", "'").removesuffix("'s")
    if plain in SMALL_WORDS or (len(plain) < 2 and not plain.isdigit()):
        return ""
    return _without_ending(plain)


def _without_ending(word: str) -> str:
    if len(word) < LEAST_STEM:
        return word
    if len(word) > LEAST_STEM and word.endswith("ies"):
        return f"{word[:-3]}y"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
            return _undoubled(word.removesuffix(ending))
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if len(word) > LEAST_STEM and word.endswith("e") else word


def _undoubled(stem: str) -> str:
    """The stem "stopp" → "stop", "fall" as it is; without a last e, so that "hoped" and "hope" are one."""
    if stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return stem[:-1] if len(stem) > LEAST_STEM and stem.endswith("e") else stem


@lru_cache(maxsize=CACHED_WORDS)
def rarity(term: str, dictionary: Dictionary = "words") -> float:
    """Inverse document frequency: ln((N + 1) / (articles + 0.5)); 0 where every third article has it.

    (Spärck Jones 1972, smoothed.)
    """
    total, articles = counts(dictionary)
    found = articles.get(term, 1)
    return 0.0 if found > MOST_COMMON * total else math.log((total + 1) / (found + 0.5))


@cache
def counts(dictionary: Dictionary) -> tuple[int, Mapping[str, int]]:
    """How many articles were counted, and how many of them have each term."""
    file = resources.files("tasks.link.models") / f"{dictionary}.tsv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.rsplit("\t", 1) for line in lines)
    return int(header.rsplit("\t", 1)[1]), {term: int(articles) for term, articles in pairs}
