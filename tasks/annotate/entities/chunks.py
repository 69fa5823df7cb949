"""Capitalised sequences of a sentence, with the small words that hold names together.

Called by the rule tagger. A chunk is only a candidate: `names.py` says what it is, or cuts it up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import context, demonyms, first_names, name_words, phrases
from tasks.annotate.entities.lookup import is_capitalised, match_phrase
from tasks.annotate.tokens import Token

HYPHEN = re.compile(r"[-‐‑]")
INITIAL = re.compile(r"[A-Z]\.")
INITIAL_STATES = frozenset({"S", "K", "N"})
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


def compound_parts(word: str) -> list[str]:
    """The known names in a hyphenated word: "London" of "London-based", both of "US-China"; else none."""
    parts = HYPHEN.split(word)
    if len(parts) != 2 or not parts[0] or not parts[1] or not _is_known(parts[0]):
        return []
    if parts[1].islower() and parts[1].isalpha():
        return parts[:1]
    return parts if _is_known(parts[1]) and fold_word(word) not in phrases() else []


def _is_known(part: str) -> bool:
    if part in demonyms():
        return True
    entry = phrases().get(fold_word(part))
    return entry is not None and part[0].isupper() and (not entry.is_case_sensitive or entry.surface == part)


def _is_calendar(word: str) -> bool:
    return word.casefold() in context("weekdays") or word.rstrip(".").casefold() in context("months")


def _may_open(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name may begin here: not with a day or a month, unless that is a person's name."""
    word = tokens[at].text
    if not is_capitalised(word) or word.casefold() in context("weekdays") or is_compound(tokens, at):
        return False
    if word.rstrip(".").casefold() not in context("months"):
        return True
    follows = tokens[at + 1].text if at + 1 < len(tokens) else ""
    before = tokens[at - 1].text.casefold() if at else ""
    return (
        word.casefold() in context("given_months")
        and before not in context("before_months")
        and is_capitalised(follows or ".")
    )


def chunks(tokens: Sequence[Token]) -> list[Chunk]:
    """The capitalised sequences of a sentence."""
    found: list[Chunk] = []
    at = 0
    while at < len(tokens):
        if not _may_open(tokens, at):
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
        or all(not token.text[0].isalnum() for token in tokens[max(0, at - 3) : at])
    )


def _end(tokens: Sequence[Token], first: int) -> int:
    last = first + 1
    takes_of = tokens[first].text.casefold() in name_words()["organisation_of"]
    while last < len(tokens) and last - first < LONGEST_CHUNK:
        step = _step(tokens, last, takes_of=takes_of) or _rest_of_known_name(tokens, first, last)
        if not step:
            break
        last += step
        takes_of = takes_of or tokens[last - 1].text.casefold() in name_words()["organisation_of"]
    return last


def _step(tokens: Sequence[Token], last: int, *, takes_of: bool) -> int:
    """How many more tokens belong to the name: 0 where it ends."""
    word = tokens[last].text
    if word == "." and _closes_initials(tokens, last):
        return 1
    if is_compound(tokens, last):
        return 0
    if is_capitalised(word) and word not in POSSESSIVES:
        return 1 if not _is_calendar(word) or _is_surname_may(tokens, last) else 0
    if takes_of and word == "," and (fields := _fields(tokens, last)):
        return fields
    small = _small_words(tokens, last)
    if not small or last + small >= len(tokens) or not is_capitalised(tokens[last + small].text):
        return 0
    follows = tokens[last : last + small]
    words = [token.text for token in follows]
    return small + 1 if _joins(tokens, last, words, takes_of=takes_of) else 0


def _rest_of_known_name(tokens: Sequence[Token], first: int, last: int) -> int:
    """How many more tokens a known name has that began in the sequence: "Bosnia | and Herzegovina"."""
    return max(0, *(at + match_phrase(tokens, at, len(tokens))[0] - last for at in range(first, last)))


def _closes_initials(tokens: Sequence[Token], at: int) -> bool:
    """Whether the full stop belongs to initials written apart: "U. S."."""
    before = tokens[max(0, at - 2) : at]
    return (
        len(before) == 2
        and INITIAL.fullmatch(before[0].text) is not None
        and before[1].text in INITIAL_STATES
    )


def is_compound(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word is a name with a common word behind it, or two names before a common word."""
    parts = compound_parts(tokens[at].text) if "-" in tokens[at].text else []
    follows = tokens[at + 1].text if at + 1 < len(tokens) else "."
    return len(parts) == 1 or (len(parts) == 2 and not is_capitalised(follows))


def _small_words(tokens: Sequence[Token], at: int) -> int:
    """How many small words stand there that could join two parts of a name (at most three)."""
    count = 0
    while at + count < len(tokens) and count < 3 and _is_small(tokens[at + count].text):
        count += 1
    return count


def _is_small(word: str) -> bool:
    return (
        word in context("particles")
        or word in LINKS
        or word in {"the", "and", "&"}
        or word in POSSESSIVES | APOSTROPHES
    )


def _joins(tokens: Sequence[Token], last: int, small: list[str], *, takes_of: bool) -> bool:
    """Whether the small words hold what stands before and after them together as one name."""
    if small == ["&"] or all(word in context("particles") for word in small):
        return True
    before = tokens[last - 1].text.casefold()
    if small[0] in LINKS and small[1:] in ([], ["the"]):
        return before in name_words()["organisation_of"] or before in context("place_of")
    if small == ["and"]:
        return takes_of and _is_topic(tokens[last - 1].text) and _is_topic(tokens[last + 1].text)
    if len(small) == 1 and (small[0] in POSSESSIVES or _glued(tokens, last)):
        return before in name_words()["possessive_first"]
    return False


# "Republic of Korea", "Gulf of Aden"; the organisations' words are in the lexicon.


def _glued(tokens: Sequence[Token], at: int) -> bool:
    """A lone apostrophe that closes a plural: "Workers' Party"."""
    return (
        tokens[at].text in APOSTROPHES
        and tokens[at].start == tokens[at - 1].end
        and tokens[at - 1].text[-1] == "s"
    )


def _is_surname_may(tokens: Sequence[Token], at: int) -> bool:
    """A month as the last part of a person's name: "Theresa May"."""
    return tokens[at].text == "May" and tokens[at - 1].text.casefold() in first_names()


def _fields(tokens: Sequence[Token], comma: int) -> int:
    """How many tokens a list of fields takes up from its comma on: ", Labour and Social Development"."""
    at = comma
    while at + 1 < len(tokens) and tokens[at].text == "," and _is_topic(tokens[at + 1].text):
        at += 2
        while at < len(tokens) and is_capitalised(tokens[at].text) and _is_topic(tokens[at].text):
            at += 1
        if at < len(tokens) and tokens[at].text == ",":
            continue
        ends = at + 1 < len(tokens) and tokens[at].text == "and" and _is_topic(tokens[at + 1].text)
        return at + 2 - comma if ends else 0
    return 0


def _is_topic(word: str) -> bool:
    """Whether it is a word of a field of work ("Health")."""
    return word[0].isupper() and word.casefold() in name_words()["fields"]
