"""Capitalised sequences of a sentence, with the small words that hold names together.

Called by the rule tagger. A chunk is only a candidate: `names.py` says what it is, or cuts it up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.annotate.entities.gazetteer import name_words, ordinary_words
from tasks.annotate.tokens import Token

# "al-Assad", "el-Sisi", "d'Ivoire": names that begin with a small letter.
LOWER_PREFIX = re.compile(r"(?:al|el|as|ad|an|ar|at|ash|ul|bin|ibn)[-‐‑][^\W\d_]")
PARTICLES = frozenset({
    "de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "le", "van", "von", "der", "den", "ter", "ten",
    "bin", "bint", "ibn", "ben", "al", "el", "ul", "ur", "abu", "y", "e", "zu", "af", "av",
})  # fmt: skip
LINKS = frozenset({"of", "for", "on", "against", "without"})
POSSESSIVES = frozenset({"'s", "’s"})
APOSTROPHES = frozenset({"'", "’"})
OPENERS = frozenset("\"'“‘«„([—–-:•*;…/|>")
# A name of more tokens than this is a list or a headline.
LONGEST_CHUNK = 12


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens `first` to `last` (exclusive) of a sentence; `starts` where a capital proves nothing."""

    tokens: Sequence[Token]
    first: int
    last: int
    starts: bool

    @property
    def words(self) -> Sequence[Token]:
        """Its own tokens."""
        return self.tokens[self.first : self.last]


def is_capitalised(word: str) -> bool:
    """Whether the token may be part of a name by its look."""
    return (word[0].isupper() and word != "I") or LOWER_PREFIX.match(word) is not None


def chunks(tokens: Sequence[Token]) -> list[Chunk]:
    """The capitalised sequences of a sentence."""
    found: list[Chunk] = []
    at = 0
    while at < len(tokens):
        if not is_capitalised(tokens[at].text):
            at += 1
            continue
        last = _end(tokens, at)
        found.append(Chunk(tokens, at, last, starts=_starts(tokens, at)))
        at = last
    return found


def _starts(tokens: Sequence[Token], at: int) -> bool:
    """Whether it opens the sentence, or a part of it after an opening mark or a colon."""
    return (
        at == 0
        or tokens[at - 1].text in OPENERS
        or all(not token.text[0].isalnum() for token in tokens[:at][-3:])
    )


def _end(tokens: Sequence[Token], first: int) -> int:
    last = first + 1
    takes_of = tokens[first].text.casefold() in name_words()["organisation_of"]
    while last < len(tokens) and last - first < LONGEST_CHUNK:
        step = _step(tokens, first, last, takes_of=takes_of)
        if not step:
            break
        last += step
        takes_of = takes_of or tokens[last - 1].text.casefold() in name_words()["organisation_of"]
    return last


def _step(tokens: Sequence[Token], first: int, last: int, *, takes_of: bool) -> int:
    """How many more tokens belong to the name: 0 where it ends."""
    word = tokens[last].text
    if is_capitalised(word) and word not in POSSESSIVES:
        return 1
    small = _small_words(tokens, last)
    if not small or last + small >= len(tokens) or not is_capitalised(tokens[last + small].text):
        return 0
    follows = tokens[last : last + small]
    return (
        small + 1 if _joins(tokens, first, last, [token.text for token in follows], takes_of=takes_of) else 0
    )


def _small_words(tokens: Sequence[Token], at: int) -> int:
    """How many small words stand there that could join two parts of a name (at most three)."""
    count = 0
    while at + count < len(tokens) and count < 3 and _is_small(tokens[at + count].text):
        count += 1
    return count


def _is_small(word: str) -> bool:
    return (
        word in PARTICLES or word in LINKS or word in {"the", "and", "&"} or word in POSSESSIVES | APOSTROPHES
    )


def _joins(tokens: Sequence[Token], first: int, last: int, small: list[str], *, takes_of: bool) -> bool:
    """Whether the small words hold what stands before and after them together as one name."""
    if small == ["&"] or all(word in PARTICLES for word in small):
        return True
    before = tokens[last - 1].text.casefold()
    if small[0] in LINKS and small[1:] in ([], ["the"]):
        return before in name_words()["organisation_of"] or before in _PLACE_OF
    if small == ["and"]:
        return takes_of and _is_topic(tokens[last - 1].text) and _is_topic(tokens[last + 1].text)
    if len(small) == 1 and (small[0] in POSSESSIVES or _glued(tokens, last)):
        return before in name_words()["possessive_first"]
    return False


# "Republic of Korea", "Gulf of Aden"; the organisations' words are in the lexicon.
_PLACE_OF = frozenset(
    "republic kingdom gulf bay strait straits sea isle cape state states port province city district region county "
    "emirate sultanate principality commonwealth territory mount university union port people's".split()
)


def _glued(tokens: Sequence[Token], at: int) -> bool:
    """A lone apostrophe that closes a plural: "Workers' Party"."""
    return (
        tokens[at].text in APOSTROPHES
        and tokens[at].start == tokens[at - 1].end
        and tokens[at - 1].text[-1] == "s"
    )


def _is_topic(word: str) -> bool:
    """A word of a field of work ("Health and Sports"), not a name."""
    return word.casefold() in ordinary_words() or word.casefold() in name_words()["organisation_last"]
