"""What a word is by the lexicons, and what its place in the document says: the features of single tokens.

Called by the trained tagger and by its training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

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
from tasks.annotate.entities.lookup import is_capitalised, match_phrase
from tasks.annotate.entities.trained.runs import Run, linked_runs, run_attributes, short_forms
from tasks.annotate.entities.trained.vector_classes import FINEST, VECTOR_CLUSTERS, vector_class
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
    lower = word.lower()
    if (number := vector_class(lower)) is not None:
        found += [f"v{size}={number // (FINEST // size)}" for size in VECTOR_CLUSTERS]
    if not word[0].isalpha():
        return found
    lists, folded = _lists(), fold_word(word)
    found += lists.as_written.get(word, ())
    found += lists.lower.get(lower, ())
    found += lists.folded.get(folded, ())
    if (size := cities().get(folded)) is not None:
        found.append(f"city={size}")
    found += _phrase_kinds().get(folded, ())
    return found


class _Lists(NamedTuple):
    """By word: the lexicons' lists that have it, of those read as written, in small letters, folded."""

    as_written: dict[str, tuple[str, ...]]
    lower: dict[str, tuple[str, ...]]
    folded: dict[str, tuple[str, ...]]


@cache
def _lists() -> _Lists:
    contexts = {f"context:{name}": words for name, words in all_contexts().items()}
    names = {f"name:{name}": words for name, words in name_words().items()}
    abbreviations = {"abbreviation": names.pop("name:not_organisations")}
    roles = {f"role:{name}": words for name, words in role_words().items()}
    function = {"function": function_words(), "ordinary": ordinary_words() - function_words()}
    return _Lists(
        _by_word({"demonym": demonyms(), **contexts, **abbreviations}),
        _by_word({**function, **names, **roles}),
        _by_word({"given": first_names()}),
    )


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, words in lists.items():
        for word in words:
            found[word].append(name)
    return {word: tuple(names) for word, names in found.items()}


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
    runs = [linked_runs(sentence) for sentence in sentences]
    document = _Document(small, bracketed, short_forms(sentences, runs))
    return [_of_sentence(sentence, own, document) for sentence, own in zip(sentences, runs, strict=True)]


class _Document(NamedTuple):
    """What a document says of words: which are also written small, which stand in brackets, short forms."""

    small: set[str]
    bracketed: set[str]
    short: Mapping[str, Attributes]


def _of_sentence(sentence: Sequence[Token], own_runs: Sequence[Run], document: _Document) -> list[Attributes]:
    headline = is_headline(sentence)
    is_prose = not (headline and is_shouted(sentence))
    runs = run_attributes(sentence, own_runs) if own_runs and is_prose else {}
    known = _phrase_attributes(sentence)
    first = next((at for at, token in enumerate(sentence) if token.text[0].isalnum()), len(sentence))
    found: list[Attributes] = []
    for at, token in enumerate(sentence):
        if not (headline or token.text[0].isupper() or at == first or at in known or at in runs):
            found.append(())
            continue
        own = [known[at]] if at in known else []
        if headline or at == first:
            shape = word_form(token.text).shape[:SHAPE_START]
            own += ["headline", f"headline {shape}"] if headline else []
            own += ["first", f"first {shape}"] if at == first else []
        if token.text[0].isupper():
            own += ["small elsewhere"] if token.text.lower() in document.small else []
            own += ["bracketed"] if token.text in document.bracketed else []
            own += document.short.get(token.text, ())
        own += runs.get(at, ())
        found.append(tuple(own))
    return found


def is_headline(sentence: Sequence[Token]) -> bool:
    """Whether so many long words are capitalised that capitals do not tell names."""
    long = [token for token in sentence if token.text[0].isalpha() and len(token.text) >= SHORTEST_LONG_WORD]
    capitals = sum(token.text[0].isupper() for token in long)
    return len(long) >= FEWEST_LONG_WORDS and capitals > HEADLINE_SHARE * len(long)


def is_shouted(sentence: Sequence[Token]) -> bool:
    """Whether nearly all is in capitals, so that no sequence of them tells a name."""
    long = [token.text for token in sentence if token.text[0].isalpha() and len(token.text) > 1]
    return len(long) >= FEWEST_LONG_WORDS and sum(map(str.isupper, long)) > HEADLINE_SHARE * len(long)


def _phrase_attributes(sentence: Sequence[Token]) -> dict[int, str]:
    """By place in the sentence: of which kind a known phrase there is, and whether it begins there."""
    found: dict[int, str] = {}
    at = 0
    while at < len(sentence):
        if not is_capitalised(sentence[at].text):
            at += 1
            continue
        size, entry = match_phrase(sentence, at, len(sentence))
        if entry is not None:
            for place in range(size):
                begins = "begins" if place == 0 else "goes on"
                found[at + place] = f"{begins}:{entry.kind}:{min(size, LONGEST_PHRASE)}"
        at += size or 1
    return found
