"""Finds known names and demonyms at a token, the longest first. Called by the rule tagger's modules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import Entry, demonyms, longest_demonym, longest_phrase, phrases
from tasks.annotate.tokens import Token

# "al-Assad", "el-Sisi", "d'Ivoire": names that begin with a small letter.
LOWER_PREFIX = re.compile(r"(?:al|el|as|ad|an|ar|at|ash|ul|bin|ibn)[-‐‑][^\W\d_]")
LOWER_PREFIX_STARTS = "aeubi"


def is_capitalised(word: str) -> bool:
    """Whether the token may be part of a name by its look."""
    if word[0].isupper():
        return word != "I"
    return word[0] in LOWER_PREFIX_STARTS and LOWER_PREFIX.match(word) is not None


def match_phrase(tokens: Sequence[Token], at: int, limit: int) -> tuple[int, Entry | None]:
    """The longest known name that begins at a token and ends before `limit`, and how many tokens it has."""
    if not is_capitalised(tokens[at].text):
        return 0, None
    longest = longest_phrase().get(fold_word(tokens[at].text), 0)
    for size in range(min(longest, limit - at), 0, -1):
        key = " ".join(fold_word(token.text) for token in tokens[at : at + size])
        entry = phrases().get(key)
        if entry is not None and (
            not entry.is_case_sensitive or surface(tokens, at, at + size) == entry.surface
        ):
            return size, entry
    return 0, None


def match_demonym(tokens: Sequence[Token], at: int, limit: int) -> int:
    """How many tokens the demonym has that begins at a token; 0 where there is none."""
    for size in range(min(longest_demonym(), limit - at), 0, -1):
        if " ".join(token.text for token in tokens[at : at + size]) in demonyms():
            return size
    return 0


def surface(tokens: Sequence[Token], first: int, last: int) -> str:
    """The text of tokens `first` to `last` (exclusive); blanks between them count as one."""
    parts = [tokens[first].text]
    for one, other in pairwise(tokens[first:last]):
        parts.append(other.text if other.start == one.end else " " + other.text)
    return "".join(parts)
