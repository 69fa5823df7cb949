"""The weights of the trained tagger: how they are stored, and the scores that they give to tokens.

Called by the trained tagger; written by the training.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from tasks.annotate.entities.trained.encoding import OFFSETS, REACH, Encoded, Encoder, with_room
from tasks.annotate.entities.trained.features import word_attributes

Array = np.ndarray[Any, Any]

# Weights are kept in a byte: the sign and the root of the size, so that small ones keep their differences.
STEPS = 127
_ROOTS = np.arange(-128, 128, dtype=np.float32) / STEPS
VALUES = np.roll(_ROOTS * np.abs(_ROOTS), -128)  # by the byte read as a number from 0 to 255
AT_ONCE = 256  # words whose weights are looked up together; each has some 30 attributes of 110 weights
# Distinct words that are remembered (some 500 bytes each); then it begins anew.
MOST_WORDS = 40_000
MOST_KEYS = 1 << 16  # attributes whose hashes are remembered: shapes, clusters and affixes come again


@dataclass(frozen=True, slots=True)
class Bytes:
    """A table of weights, a byte each; `scale` is the largest of them."""

    codes: Array
    scale: float

    @classmethod
    def of(cls, values: Array) -> Bytes:
        """The weights, rounded."""
        scale = float(np.abs(values).max(initial=0.0)) or 1.0
        roots = np.sqrt(np.abs(values) / scale)
        return cls((np.sign(values) * np.round(roots * STEPS)).astype(np.int8), scale)

    def __getitem__(self, index: Any) -> Array:
        return np.asarray(np.take(VALUES * np.float32(self.scale), self.codes[index].view(np.uint8)))


@dataclass(frozen=True, slots=True)
class Weights:
    """What the passes have learnt; `labels` are O, B-PER, I-PER, ….

    `words[i]` and `contexts[i]` belong to the attribute whose hash is `word_keys[i]` or `context_keys[i]`,
    sorted: for each offset at which it may stand from a token, for each pass, a weight for each label.
    `pairs` has the same for each bucket. `transitions[pass]` is from one label to the next, `opening[pass]`
    of a sentence's first label.
    """

    labels: tuple[str, ...]
    word_keys: Array
    words: Bytes
    context_keys: Array
    contexts: Bytes
    pairs: Bytes
    transitions: Array
    opening: Array

    @property
    def passes(self) -> int:
        """How many passes there are."""
        return len(self.opening)


@lru_cache(maxsize=MOST_KEYS)
def attribute_key(attribute: str) -> int:
    """The hash that stands for an attribute in the model."""
    return zlib.crc32(attribute.encode("utf-8", "surrogatepass"))


class Scorer:
    """Scores of tokens by label, for each pass; remembers the sums of each word and each context."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.encoder = Encoder()
        shape = (OFFSETS, weights.passes, len(weights.labels))
        self._words, self._word_count = np.zeros((1, *shape), np.float32), 0
        self._contexts, self._context_count = np.zeros((1, *shape), np.float32), 0
        # Once for all: bytes cost more to read than they save.
        self._word_table, self._context_table = weights.words[:], weights.contexts[:]
        self._pairs = weights.pairs[:]

    def pair_scores(self, encoded: Encoded) -> Array:
        """What the pairs of words give, tokens by passes by labels."""
        return np.asarray(self._pairs[self.encoder.buckets(encoded)].sum(axis=1))

    def scores(self, encoded: Encoded, number: int) -> Array:
        """What words and contexts give in one pass (counted from 0), tokens by labels."""
        self._learn()
        found = summed(self._words[:, :, number], encoded.words, encoded.places)
        found += summed(self._contexts[:, :, number], encoded.contexts, encoded.places)
        return found

    def begin(self) -> None:
        """Forgets the words so far where they are too many; called before each document."""
        if len(self.encoder.words) > MOST_WORDS:
            self.encoder = Encoder()
            self._word_count = self._context_count = 0

    def _learn(self) -> None:
        """Sums up the weights of the words and contexts that came since."""
        weights, first = self._weights, self._word_count
        words = [
            attributes_of(number, word) for number, word in enumerate(self.encoder.words_from(first), first)
        ]
        contexts = self.encoder.contexts_from(self._context_count)
        self._words = _with_sums(self._words, first, weights.word_keys, self._word_table, words)
        self._contexts = _with_sums(
            self._contexts, self._context_count, weights.context_keys, self._context_table, contexts
        )
        self._word_count += len(words)
        self._context_count += len(contexts)


def _with_sums(table: Array, first: int, keys: Array, blocks: Array, lists: Sequence[Sequence[str]]) -> Array:
    """The table with a row for each list of attributes, from row `first` on: all their weights together."""
    for at in range(0, len(lists), AT_ONCE):
        some = lists[at : at + AT_ONCE]
        while first + at + len(some) > len(table):
            table = with_room(table, len(table))
        wanted = np.array([attribute_key(one) for attributes in some for one in attributes], np.uint32)
        owners = np.repeat(np.arange(len(some)), [len(attributes) for attributes in some])
        rows = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
        known = keys[rows] == wanted
        table[first + at : first + at + len(some)] = 0
        if known.any():
            having, starts = np.unique(owners[known], return_index=True)
            table[first + at + having] = np.add.reduceat(blocks[rows[known]], starts)
    return table


def attributes_of(number: int, word: str) -> Sequence[str]:
    """The attributes of a numbered word; the edges of a sentence have one each."""
    return (f"edge {number}",) if number < REACH else word_attributes(word)


def summed(table: Array, numbers: Array, places: Array) -> Array:
    """For each place the sum over its neighbours: `table` is numbers by offsets by labels."""
    found: Array = table[numbers[places - REACH], 0]
    for offset in range(1, OFFSETS):
        found += table[numbers[places - REACH + offset], offset]
    return found


# --- as a file ------------------------------------------------------------------------

TABLES = ("words", "contexts", "pairs")


def saved(weights: Weights, path: Path) -> None:
    """Writes the weights, each in a byte."""
    stored: dict[str, Any] = {
        "labels": np.array(weights.labels),
        "transitions": weights.transitions,
        "opening": weights.opening,
        "word_keys": np.diff(weights.word_keys, prepend=np.uint32(0)),
        "context_keys": np.diff(weights.context_keys, prepend=np.uint32(0)),
    }
    for name in TABLES:
        table: Bytes = getattr(weights, name)
        stored |= {name: table.codes, f"{name}_scale": np.float32(table.scale)}
    np.savez_compressed(path, **stored)


def loaded(content: bytes) -> Weights:
    """The weights out of a file's content."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        tables = {name: Bytes(stored[name], float(stored[f"{name}_scale"])) for name in TABLES}
        return Weights(
            labels=tuple(str(label) for label in stored["labels"]),
            word_keys=np.cumsum(stored["word_keys"], dtype=np.uint32),
            context_keys=np.cumsum(stored["context_keys"], dtype=np.uint32),
            transitions=stored["transitions"],
            opening=stored["opening"],
            **tables,
        )


def digest(content: bytes) -> str:
    """Which model it is: the first digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:8]
