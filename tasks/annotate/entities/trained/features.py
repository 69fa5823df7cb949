"""What a word is by the lexicons, and what its place in the document says: the features of single tokens.

Called by the trained tagger and by its training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import (
    all_contexts,
    cities,
    demonyms,
    first_names,
    function_words,
    name_words,
    ordinary_words,
    phrases,
    role_words,
)
from tasks.annotate.entities.lookup import match_phrase
from tasks.annotate.token_features import word_form
from tasks.annotate.tokens import Token

# A sentence with this share of capitalised long words is a headline or a list.
HEADLINE_SHARE = 0.65
SHORTEST_LONG_WORD, FEWEST_LONG_WORDS = 4, 4
SHAPE_START = 3  # letters of a shape that are kept where it is joined with another feature
LONGEST_PHRASE = 3  # longer phrases of the lexicons count as this long
SHORTEST_PHRASE_WORD = 3

Attributes = tuple[str, ...]


def word_attributes(word: str) -> list[str]:
    """What the word itself says: its form and clusters, and the lexicons it is in."""
    found = list(word_form(word).features)
    if not word[0].isalpha():
        return found
    lower, folded = word.lower(), fold_word(word)
    for name, holds in _lists():
        if holds(word, lower, folded):
            found.append(name)
    if (size := cities().get(folded)) is not None:
        found.append(f"city={size}")
    found += _phrase_kinds().get(folded, ())
    return found


Test = Callable[[str, str, str], bool]


@cache
def _lists() -> tuple[tuple[str, Test], ...]:
    """The names of the lexicons' lists, and whether one holds a word (as it is, in lower case, folded)."""
    ordinary = ordinary_words() - function_words()
    return (
        ("demonym", lambda word, _lower, _folded: word in demonyms()),
        ("given", lambda _word, _lower, folded: folded in first_names()),
        ("function", lambda _word, lower, _folded: lower in function_words()),
        ("ordinary", lambda _word, lower, _folded: lower in ordinary),
        *_tests("name", name_words(), lower=True),
        *_tests("role", role_words(), lower=True),
        *_tests("context", all_contexts(), lower=False),
    )


def _tests(kind: str, lists: Mapping[str, Collection[str]], *, lower: bool) -> list[tuple[str, Test]]:
    def test(members: Collection[str]) -> Test:
        if lower:
            return lambda _word, lower_form, _folded: lower_form in members
        return lambda word, _lower_form, _folded: word in members

    return [(f"{kind}:{name}", test(members)) for name, members in lists.items()]


@cache
def _phrase_kinds() -> dict[str, tuple[str, ...]]:
    """By word: the kinds of the lexicons' phrases that it is part of, or all of."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for phrase, entry in phrases().items():
        parts = phrase.split(" ")
        for part in parts:
            if len(part) >= SHORTEST_PHRASE_WORD:
                found[part].add(f"{'is' if len(parts) == 1 else 'in'}:{entry.kind}")
    return {word: tuple(sorted(kinds)) for word, kinds in found.items()}


def context_attributes(sentences: Sequence[Sequence[Token]]) -> list[list[Attributes]]:
    """For each token of each sentence what its sentence and its document say of it."""
    small = {token.text for sentence in sentences for token in sentence if token.text.islower()}
    bracketed = {
        sentence[at].text
        for sentence in sentences
        for at in range(1, len(sentence))
        if sentence[at - 1].text == "(" and sentence[at].text[0].isupper()
    }
    return [_of_sentence(sentence, small, bracketed) for sentence in sentences]


def _of_sentence(sentence: Sequence[Token], small: set[str], bracketed: set[str]) -> list[Attributes]:
    headline = is_headline(sentence)
    known = _phrase_attributes(sentence)
    first = next((at for at, token in enumerate(sentence) if token.text[0].isalnum()), len(sentence))
    found: list[Attributes] = []
    for at, token in enumerate(sentence):
        own = [known[at]] if at in known else []
        if headline or at == first:
            shape = word_form(token.text).shape[:SHAPE_START]
            own += ["headline", f"headline {shape}"] if headline else []
            own += ["first", f"first {shape}"] if at == first else []
        if token.text[0].isupper():
            own += ["small elsewhere"] if token.text.lower() in small else []
            own += ["bracketed"] if token.text in bracketed else []
        found.append(tuple(own))
    return found


def is_headline(sentence: Sequence[Token]) -> bool:
    """Whether so many long words are capitalised that capitals do not tell names."""
    long = [token for token in sentence if token.text[0].isalpha() and len(token.text) >= SHORTEST_LONG_WORD]
    capitals = sum(token.text[0].isupper() for token in long)
    return len(long) >= FEWEST_LONG_WORDS and capitals > HEADLINE_SHARE * len(long)


def _phrase_attributes(sentence: Sequence[Token]) -> dict[int, str]:
    """By place in the sentence: of which kind a known phrase there is, and whether it begins there."""
    found: dict[int, str] = {}
    at = 0
    while at < len(sentence):
        size, entry = match_phrase(sentence, at, len(sentence))
        if entry is not None:
            for place in range(size):
                begins = "begins" if place == 0 else "goes on"
                found[at + place] = f"{begins}:{entry.kind}:{min(size, LONGEST_PHRASE)}"
        at += size or 1
    return found
