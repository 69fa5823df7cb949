"""Brings names to a form in which spellings of one name are equal: used by every module of this folder."""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

POSSESSIVE = re.compile(r"['’](?:s|S)?$")
ARTICLE = re.compile(r"^the ", re.IGNORECASE)
# "U.S." and "US" are one name; a hyphen is as good as a blank.
DOTS = re.compile(r"\.")
BLANKS = re.compile(r"[\s‐‑-]+")
# Words that may stay out of initials: "Department of the Interior".
SMALL_WORDS = frozenset({"of", "the", "and", "for", "in", "on", "to", "a", "de", "la", "du", "des", "&", "y"})
CACHE_SIZE = 1 << 16


def without_ends(name: str) -> str:
    """Without a leading "the" and a possessive ending."""
    return ARTICLE.sub("", POSSESSIVE.sub("", name.strip()))


@lru_cache(maxsize=CACHE_SIZE)
def fold(name: str) -> str:
    """Without case, diacritics, dots, hyphens, a possessive ending and a leading "the"."""
    bare = without_ends(name)
    plain = bare if bare.isascii() else anyascii(bare)
    return BLANKS.sub(" ", DOTS.sub("", plain)).strip().casefold()


@lru_cache(maxsize=CACHE_SIZE)
def fold_word(word: str) -> str:
    """One token without case and diacritics, for looking up in the lexicons."""
    return (word if word.isascii() else anyascii(word)).casefold()


def initials(name: str, *, small_words: bool = False) -> str:
    """The first letters of the words, in lower case; small words only where asked for."""
    found = [word for word in re.findall(r"[^\W_]+", fold(name)) if small_words or word not in SMALL_WORDS]
    return "".join(word[0] for word in found)
