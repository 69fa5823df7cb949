"""What the capitalised sequence around a word says of it, and of which one an abbreviation is the initials.

Called by `features`. The model sees two words to either side of a word; what makes one organisation of
"Ministry of Lakes, Rivers and Inland Harbours" stands further away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from tasks.annotate.entities.gazetteer import demonyms, first_names, name_words, role_words
from tasks.annotate.tokens import Token

Attributes = tuple[str, ...]

# What may stand between two capitalised words of a name; `JOINING` holds them as closely as a blank.
LINKS = frozenset({"of", "for", "and", "the", "&", "on", "in", "de", "'s", "’s", "-"})
JOINING = frozenset({"&", "-", "'s", "’s"})
MOST_LINKS = 2  # in a row: "of the"
OF = frozenset({"of", "for"})
# Lists of head words that tell what a name is of.
HEADS = ("organisation_last", "organisation_of", "place_last", "place_first", "thing_last", "fields")
LONGEST, FARTHEST = 5, 3  # words: longer sequences, and farther ends, count as these
LONGEST_SHORT_FORM = 7  # letters

Run = tuple[int, int]  # first token and last one (exclusive)


def linked_runs(sentence: Sequence[Token]) -> list[Run]:
    """The sequences of several words that begin and end with a capital, small words of names between."""
    return list(_runs(sentence, LINKS))


def run_attributes(sentence: Sequence[Token], runs: Sequence[Run]) -> dict[int, list[str]]:
    """By place in the sentence, for its `linked_runs`: what they are made of."""
    found: dict[int, list[str]] = {}
    for first, last in runs:
        kinds = [head_kind(token.text) for token in sentence[first:last]]
        said = _of_linked(sentence, first, kinds)
        for at in range(first, last):
            found[at] = said
        for start, end in _runs(sentence[first:last], JOINING):
            own = _of_joined(kinds[start:end])
            for at, more in enumerate(own, first + start):
                found[at] = [*said, *more]
    return found


def _of_joined(kinds: Sequence[str]) -> Iterator[list[str]]:
    """For each word of a sequence with nothing between: its ends, and how far away they are."""
    begin, end, last = kinds[0], kinds[-1], len(kinds) - 1
    said = [f"run {min(last + 1, LONGEST)}", f"run ends {end}", f"run begins {begin}", f"run {begin} {end}"]
    for at in range(last + 1):
        to_end, from_begin = min(last - at, FARTHEST), min(at, FARTHEST)
        yield [*said, f"run ends {end} in {to_end}", f"run begins {begin} {from_begin}"]


def _of_linked(sentence: Sequence[Token], first: int, kinds: Sequence[str]) -> list[str]:
    """Which head words a sequence with small words in it has, and which one stands before "of"."""
    said = [f"wide has {kind}" for kind in sorted(set(kinds)) if kind]
    of = _of_at(sentence, first, first + len(kinds))
    return said if of is None else [*said, f"wide of {kinds[of - 1 - first]}"]


def _of_at(sentence: Sequence[Token], first: int, last: int) -> int | None:
    return next((at for at in range(first + 1, last) if sentence[at].text in OF), None)


def _runs(sentence: Sequence[Token], links: frozenset[str]) -> Iterator[Run]:
    """The sequences of several tokens that begin and end with a capital."""
    at, size = 0, len(sentence)
    while at < size:
        last = ahead = at + 1
        if sentence[at].text[0].isupper():
            while ahead < size and ahead - last <= MOST_LINKS:
                word = sentence[ahead].text
                if word[0].isupper():
                    last = ahead + 1
                elif word not in links:
                    break
                ahead += 1
            if last - at > 1:
                yield at, last
        at = last


def head_kind(word: str) -> str:
    """Of which names the word is the head; else whether it is a nationality, a role, a given name, or ""."""
    kinds, lower = _head_kinds(), word.lower()
    return kinds[0].get(lower) or ("demonym" if word in demonyms() else kinds[1].get(lower, ""))


@cache
def _head_kinds() -> tuple[dict[str, str], dict[str, str]]:
    """By word in small letters: the lists of head words that have it; what else it may be."""
    heads: dict[str, str] = {}
    for name in HEADS:
        for word in name_words()[name]:
            heads[word] = f"{heads[word]}+{name}" if word in heads else name
    roles = role_words()["nouns"] | role_words()["honorifics"]
    return heads, dict.fromkeys(first_names(), "given") | dict.fromkeys(roles, "role")


def short_forms(sentences: Sequence[Sequence[Token]], runs: Sequence[Sequence[Run]]) -> dict[str, Attributes]:
    """By abbreviation: the head of the sequence in the document that it is the initials of.

    `runs` are the `linked_runs` of each sentence.

    One in brackets may also stand for small words before it: "new energy vehicle (NEV)" is nobody's name.
    """
    wanted = {token.text for sentence in sentences for token in sentence if _is_short_form(token.text)}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for sentence, own in zip(sentences, runs, strict=True) if wanted else ():
        for first, last in own:
            for short in _initials(sentence, first, last) & wanted:
                found[short].add(f"short of {_main_kind(sentence, first, last)}")
        for at in range(2, len(sentence)):
            short = sentence[at].text
            if sentence[at - 1].text == "(" and short in wanted and _spells_small(sentence, at - 1, short):
                found[short].add("short of small words")
    return {short: tuple(sorted(said)) for short, said in found.items()}


def _is_short_form(word: str) -> bool:
    is_near = 1 < len(word) <= LONGEST_SHORT_FORM and not word.islower() and not word[1:].islower()
    return is_near and sum(map(str.isupper, word)) > 1


def _initials(sentence: Sequence[Token], first: int, last: int) -> set[str]:
    """The capital initials, and those of all its words."""
    letters = [token.text[0] for token in sentence[first:last] if token.text[0].isalpha()]
    return {"".join(letter for letter in letters if letter.isupper()), "".join(letters)}


def _main_kind(sentence: Sequence[Token], first: int, last: int) -> str:
    """What the word before "of" is the head of, else the last word."""
    of = _of_at(sentence, first, last)
    return head_kind(sentence[last - 1].text) if of is None else f"of {head_kind(sentence[of - 1].text)}"


def _spells_small(sentence: Sequence[Token], bracket: int, short: str) -> bool:
    """Whether the words before the bracket have these initials, and not all of them a capital."""
    letters = [letter.lower() for letter in short if letter.isupper()]
    before = [token.text for token in sentence[max(0, bracket - len(letters)) : bracket]]
    return [word[0].lower() for word in before] == letters and any(word.islower() for word in before)
