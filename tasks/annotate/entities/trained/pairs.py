"""Features of a word together with its neighbours, as buckets of one table.

Called by the trained tagger and by its training. Method: feature hashing (Weinberger et al. 2009): the bucket
is a hash of the features' values, and what falls into one bucket shares a weight.
"""

from __future__ import annotations

import zlib
from typing import Any, NamedTuple

import numpy as np

from tasks.annotate.token_features import word_form

Array = np.ndarray[Any, Any]

BITS = 18
# Odd constants of 64 bits, to mix hashes with (the golden ratio and two primes of xxHash).
MIX = tuple(np.uint64(value) for value in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
# What a template takes of the word before, the word itself, the word after: columns of `WordHashes`.
TEMPLATES = (
    ("shape", "shape", ""),
    ("", "shape", "shape"),
    ("lower", "shape", ""),
    ("", "shape", "lower"),
    ("shape", "shape", "shape"),
    ("lower", "start", "lower"),
    ("lower", "lower", ""),
    ("", "lower", "lower"),
    ("cluster", "cluster", ""),
    ("", "cluster", "cluster"),
)


class WordHashes(NamedTuple):
    """A word's parts that take part in pairs, as hashes of 32 bits."""

    lower: int
    shape: int
    start: int
    cluster: int


def word_hashes(word: str) -> WordHashes:
    """The hashes of a word's parts."""
    form = word_form(word)
    start = form.shape[:2]
    parts = (form.lower, form.shape, start, f"{form.cluster} {start}")
    return WordHashes(*(zlib.crc32(part.encode("utf-8", "surrogatepass")) for part in parts))


def buckets(before: Array, here: Array, after: Array) -> Array:
    """Buckets of tokens by templates; each argument is tokens by the columns of `WordHashes` (uint64)."""
    columns = {name: place for place, name in enumerate(WordHashes._fields)}
    found = np.empty((len(here), len(TEMPLATES)), np.int64)
    with np.errstate(over="ignore"):
        for number, template in enumerate(TEMPLATES):
            mixed = np.full(len(here), number + 1, np.uint64)
            for side, part, constant in zip((before, here, after), template, MIX, strict=True):
                if part:
                    mixed = (mixed ^ side[:, columns[part]]) * constant
                    mixed ^= mixed >> np.uint64(29)
            found[:, number] = mixed >> np.uint64(64 - BITS)
    return found
