"""The words of a saying as they are compared, and which of them carry matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import function_words
from tasks.annotate.tokens import Token

# A word's first letters stand for its forms ("restore", "restoring", "restoration"): truncation, which for
# English finds about as much as a rule-based stemmer does (Frakes 1992, "Stemming algorithms").
STEM_LETTERS = 5
CACHE_SIZE = 1 << 16

_PARTS = re.compile(r"\d[\d.,:]*\w*|'s|[^\W_]+(?:\.[^\W_]+)*\.?")
_NUMBER = re.compile(r"\d[\d.,:]*")
IN_FULL = {
    "n't": "not",
    "'re": "are",
    "'ve": "have",
    "'ll": "will",
    "'m": "am",
    "cannot": "can not",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "ca": "can",  # of "can't", "won't", "shan't"
    "wo": "will",
    "sha": "shall",
}
COUNTRY = dict.fromkeys(("U.S.", "US", "USA", "U.S.A."), ("united", "states"))


def _set(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Verbs and adverbs that say little, besides the function words of the lexicon.
LIGHT = _set(
    "'s s t d also yes well really very just so now then there here got get gets getting go goes going gone"
    " like know think say says said want thing things lot way people time make made making let us me him her"
    " them mr mrs ms"
)
CALENDAR = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december"
)
NEGATIONS = _set("not no never nothing nobody none without neither")


def folded(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The words of the tokens without case, accents and marks; contractions and hyphens in full.

    "We’re", "don’t" and "attorney-client" are two words each, as another outlet may write them; so is "U.S.".
    """
    return tuple(chain.from_iterable([_words_of(token.text) for token in tokens]))


@lru_cache(maxsize=CACHE_SIZE)
def _words_of(token: str) -> tuple[str, ...]:
    if token in COUNTRY:
        return COUNTRY[token]
    word = fold_word(token.replace("’", "'"))
    full = IN_FULL.get(word, word)
    return tuple(part.replace(".", "") if part.endswith(".") else part for part in _PARTS.findall(full))


@lru_cache(maxsize=CACHE_SIZE)
def is_content(word: str) -> bool:
    """Whether a folded word carries matter of its own."""
    return word not in LIGHT and word not in function_words()


@lru_cache(maxsize=CACHE_SIZE)
def stem(word: str) -> str:
    """What the forms of a folded word have in common."""
    plain = word.removesuffix("s") if len(word) == STEM_LETTERS and not word.endswith("ss") else word
    return plain[:STEM_LETTERS] if len(plain) > STEM_LETTERS else plain.removesuffix("s") or plain


def numbers(words: tuple[str, ...]) -> frozenset[str]:
    """The numbers written in digits, without the separators of thousands."""
    return frozenset(word.rstrip(".,:").replace(",", "") for word in words if _NUMBER.match(word))
