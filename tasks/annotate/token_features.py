"""What a word's own form says of it: the base features that the trained taggers share.

Computed once for each distinct word of a process (`word_form` is cached), then only looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tasks.annotate.word_classes import WordClass, word_class

DIGIT = re.compile(r"\d")
LETTER = re.compile(r"[^\W\d_]")
RUN = re.compile(r"(.)\1{2,}")
# Lengths of the affixes, in characters.
PREFIXES = (2, 3, 4)
SUFFIXES = (2, 3, 4)
# How many bits of a Brown path are used, besides all of them.
PATH_BITS = (4, 6, 10)
# A cluster for conjunctions of two words: of the Brown tree, where the word is in it.
COARSE_BITS = 6
CACHE_SIZE = 1 << 17  # distinct words; a week of an outlet has some 50,000


@dataclass(frozen=True, slots=True)
class WordForm:
    """A word as the taggers see it.

    `shape` is "Xxx" for "Minister", `cluster` a coarse class ("" where it is not known), `features` the
    whole list, each "name=value" or a bare name.
    """

    lower: str
    shape: str
    is_capitalised: bool
    cluster: str
    features: tuple[str, ...]


@lru_cache(maxsize=CACHE_SIZE)
def word_form(word: str) -> WordForm:
    """The form of a token; `word` is not empty."""
    lower, shape = word.lower(), shape_of(word)
    known = word_class(word)
    features = [f"w={lower}", f"s={shape}"]
    if word[0].isalpha():
        features += _affixes(lower)
        features += ["capitals"] if word.isupper() and len(word) > 1 else []
        features += ["hyphen"] if "-" in word else []
    features += _class_features(known)
    return WordForm(lower, shape, word[0].isupper(), _coarse(known), tuple(features))


def shape_of(word: str) -> str:
    """Capitals as X, small letters as x, digits as d, marks as they are; runs cut to two."""
    letters = LETTER.sub(lambda match: "X" if match[0].isupper() else "x", word)
    return RUN.sub(r"\1\1", DIGIT.sub("d", letters))


def _affixes(lower: str) -> list[str]:
    return [
        *(f"p{length}={lower[:length]}" for length in PREFIXES),
        *(f"x{length}={lower[-length:]}" for length in SUFFIXES),
    ]


def _class_features(known: WordClass) -> list[str]:
    found = [f"c{number}={cluster}" for number, cluster in enumerate(known.clusters, start=1) if cluster >= 0]
    if known.path:
        found += [f"b{bits}={known.path[:bits]}" for bits in PATH_BITS]
        found.append(f"b={known.path}")
    if known.capital is not None:
        found.append(f"capital={known.capital}")
    if known.commonness is not None:
        found.append(f"common={known.commonness}")
    return found


def _coarse(known: WordClass) -> str:
    if known.path:
        return known.path[:COARSE_BITS]
    return f"c{known.clusters[0]}" if known.clusters[0] >= 0 else ""
