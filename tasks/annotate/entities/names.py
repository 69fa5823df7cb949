"""The rule tagger: names of persons, organisations and places in any English text, without a model.

Called through the tagger interface by `annotate_entities`. A capitalised sequence is settled by its own
words where they say enough (`reading`), else by the words around all its occurrences (`evidence`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.annotate.entities.chunks import chunks, compound_parts, is_compound
from tasks.annotate.entities.evidence import NEEDED, Candidate, vote
from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import function_words, ordinary_words, phrases
from tasks.annotate.entities.lookup import match_phrase, surface
from tasks.annotate.entities.reading import Reader
from tasks.annotate.entities.tagger import NameSpan, without_overlaps
from tasks.annotate.tokens import Paragraph, Sentence, Token

# A sentence with this share of capitalised words is a headline or a list: its capitals prove nothing.
HEADLINE_SHARE = 0.7
# Below so many words the share says nothing.
HEADLINE_WORDS = 5
# Shorter words are written small in headlines too.
SHORTEST_HEADLINE_WORD = 4
SUREST_BY_CONTEXT = 0.9


@dataclass(frozen=True)
class RuleTagger:
    """The embedded default tagger."""

    name: str = "rules-1"
    is_consistent: bool = False

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order, none overlapping another."""
        lower = lower_words(paragraphs)
        candidates = [
            candidate
            for paragraph in paragraphs
            for sentence in paragraph.sentences
            for candidate in _candidates(sentence, lower)
        ]
        return without_overlaps(list(_settled(candidates)))


def lower_words(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """The words that the document writes small somewhere."""
    return frozenset(token.text for one in paragraphs for token in one.tokens if token.text.islower())


def is_headline(sentence: Sentence) -> bool:
    """Whether most words are capitalised, so that capitals do not tell names."""
    words = [token.text for token in sentence.tokens if len(token.text) >= SHORTEST_HEADLINE_WORD]
    long = [word for word in words if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    if len(long) < HEADLINE_WORDS or capitals < HEADLINE_SHARE * len(long):
        return False
    return sentence.tokens[-1].text != "." or not any(_is_content(token.text) for token in sentence.tokens)


def _is_content(word: str) -> bool:
    """Whether a small word is one that a headline would write with a capital."""
    return word.islower() and len(word) > 1 and word not in function_words()


def _candidates(sentence: Sentence, lower: frozenset[str]) -> Iterator[Candidate]:
    if is_headline(sentence):
        yield from known_names(sentence.tokens)
        return
    yield from compounds(sentence.tokens)
    reader = Reader(sentence.tokens, lower)
    for chunk in chunks(sentence.tokens):
        yield from reader.read(chunk.first, chunk.last, starts=chunk.starts)


def compounds(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """The known names in hyphenated words: "London-based", "US-China talks"."""
    for at, token in enumerate(tokens):
        if "-" not in token.text or not is_compound(tokens, at):
            continue
        start = token.start
        for part in compound_parts(token.text):
            entry = phrases().get(fold_word(part))
            if entry is not None:
                yield Candidate(start, start + len(part), part, entry.label, 0.8, "lexicon")
            start += len(part) + 1


def known_names(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """The names of the lexicons in a line whose capitals prove nothing."""
    all_capitals = all(token.text.isupper() for token in tokens if token.text.isalpha())
    at = 0
    while at < len(tokens):
        size, entry = match_phrase(tokens, at, len(tokens))
        if entry is None or (all_capitals and entry.is_case_sensitive) or _is_word(tokens[at : at + size]):
            at += 1
            continue
        end = at + size
        name = surface(tokens, at, end)
        yield Candidate(tokens[at].start, tokens[end - 1].end, name, entry.label, 0.8, "lexicon")
        at = end


def _is_word(tokens: Sequence[Token]) -> bool:
    word = tokens[0].text
    return len(tokens) == 1 and not word.isupper() and word.casefold() in ordinary_words()


def _settled(candidates: Sequence[Candidate]) -> Iterator[NameSpan]:
    """The candidates that have a label, or are given one by the vote."""
    votes = vote(candidates)
    for one in candidates:
        label, score, why = one.label, one.score, one.why
        if label is None or score < NEEDED:
            voted, weight = votes.get(one.surface, (None, 0.0))
            if voted is not None and weight >= NEEDED:
                label, score, why = voted, min(SUREST_BY_CONTEXT, weight / 2), "context"
        if label is not None:
            yield NameSpan(one.start, one.end, label, score, why)
