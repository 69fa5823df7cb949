"""Words and contexts as numbers: each distinct one is looked into once, then only looked up.

Called by the trained tagger and by its training, which fill the same `Encoder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks.annotate.entities.trained.features import Attributes
from tasks.annotate.entities.trained.pairs import buckets, word_hashes
from tasks.annotate.tokens import Token

Array = np.ndarray[Any, Any]

# How far from a token its neighbours' features count.
REACH = 2
OFFSETS = 2 * REACH + 1
# The first numbers: what stands before and behind a sentence, and a context that says nothing.
BEFORE, BEHIND, NOTHING = 0, 1, 0
EDGES = ("\x02", "\x03")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The sentences of a document in one row, `REACH` edge marks before and behind each.

    `words` and `contexts` are numbers of the encoder, `places` says where the tokens stand in them, `lengths`
    how many tokens each sentence has.
    """

    words: Array
    contexts: Array
    places: Array
    lengths: list[int]


class Encoder:
    """Numbers words and contexts in the order they come."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {edge: number for number, edge in enumerate(EDGES)}
        self.contexts: dict[Attributes, int] = {(): NOTHING}
        self._in_order = list(EDGES)
        self._contexts_in_order: list[Attributes] = [()]
        self._hashes = np.array([word_hashes(edge) for edge in EDGES], np.uint64)

    def encoded(
        self, sentences: Sequence[Sequence[Token]], contexts: Sequence[Sequence[Attributes]]
    ) -> Encoded:
        """The sentences as numbers."""
        words: list[int] = []
        around: list[int] = []
        for sentence, attributes in zip(sentences, contexts, strict=True):
            words += [BEFORE] * REACH
            words += [self._word(token.text) for token in sentence]
            words += [BEHIND] * REACH
            around += [NOTHING] * REACH
            around += [self._context(one) for one in attributes]
            around += [NOTHING] * REACH
        lengths = [len(sentence) for sentence in sentences]
        return Encoded(np.array(words), np.array(around), places(lengths), lengths)

    def with_contexts(self, encoded: Encoded, contexts: Iterable[Attributes]) -> Encoded:
        """The same words in other contexts, one for each token."""
        around = np.full(len(encoded.words), NOTHING)
        around[encoded.places] = [self._context(one) for one in contexts]
        return Encoded(encoded.words, around, encoded.places, encoded.lengths)

    def buckets(self, encoded: Encoded) -> Array:
        """The buckets of the pairs, tokens by templates."""
        words, at = encoded.words, encoded.places
        return buckets(self._hashes[words[at - 1]], self._hashes[words[at]], self._hashes[words[at + 1]])

    def words_from(self, number: int) -> list[str]:
        """The words from a number on."""
        return self._in_order[number:]

    def contexts_from(self, number: int) -> list[Attributes]:
        """The contexts from a number on."""
        return self._contexts_in_order[number:]

    def _word(self, word: str) -> int:
        number = self.words.get(word)
        if number is None:
            number = self.words[word] = len(self.words)
            self._hashes = with_room(self._hashes, number)
            self._hashes[number] = word_hashes(word)
            self._in_order.append(word)
        return number

    def _context(self, attributes: Attributes) -> int:
        number = self.contexts.get(attributes)
        if number is None:
            number = self.contexts[attributes] = len(self.contexts)
            self._contexts_in_order.append(attributes)
        return number


def places(lengths: Sequence[int]) -> Array:
    """Where the tokens stand among the edge marks."""
    sizes = np.array(lengths, np.int64)
    numbers = np.repeat(np.arange(len(lengths)), sizes)
    return np.arange(int(sizes.sum())) + REACH * (2 * numbers + 1)


def with_room(table: Array, row: int) -> Array:
    """The table, twice as long where it has no such row yet."""
    return table if row < len(table) else np.concatenate([table, np.zeros_like(table)])
