"""Made articles as the linking of stories sees them: `tests/support/made_links.py`, thousands at a time.

An article's terms and shingles are functions of its number and of the event that it tells, so any batching
gives the same ones. No two terms of a field fall together: each is drawn from a stretch of places of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FEATURES, FIELDS, PLACES, UNIT, WORD_FIELDS
from tasks.link.fingerprints import sample
from tests.support.made_links import EVENT_SHARE, LEAST_RARITY, RAREST, TAKEN_SHARE
from warehouse.rows import FeaturesRow

SHINGLES_OF_TEXT = 600  # five words each: a text of 600 words
CHARACTERS = 3_000
A_COPY = 50  # one article of so many repeats the text of the one before
SKEW = 3  # how much more often the common terms are drawn: the power that a uniform number is raised to

Whole = NDArray[np.uint64]


def made_features(versions: list[UUID], numbers: Whole, events: Whole) -> Iterator[FeaturesRow]:
    """The features of made articles, given their numbers and the events they tell."""
    fields = [_field(number, most, numbers, events) for number, most in enumerate(FIELDS.values())]
    terms = np.concatenate([of for of, _ in fields], axis=1).astype("<u2")
    weights = np.concatenate([of for _, of in fields], axis=1).astype("<u2")
    sizes = np.array(list(FIELDS.values()), np.uint8).tobytes()
    texts = numbers - (numbers % np.uint64(A_COPY) == 0)
    shingles = np.sort(_mixed(4, texts, SHINGLES_OF_TEXT) >> np.uint64(32), axis=1).astype("<u4")
    for version_id, of_terms, of_weights, of_text in zip(versions, terms, weights, shingles, strict=True):
        distinct = np.unique(of_text)
        yield FeaturesRow(
            version_id,
            FEATURES,
            sizes,
            of_terms.tobytes(),
            of_weights.tobytes(),
            CHARACTERS,
            sample(distinct).tobytes(),
            distinct.tobytes(),
        )


def _field(
    field: int, most: int, numbers: Whole, events: Whole
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The terms of a field and their weights, a row an article."""
    space = 0 if list(FIELDS)[field] in WORD_FIELDS else field
    width = PLACES // most
    own = _uniform(10 + space, numbers, most)
    of_event = _uniform(20 + space, events, most)
    taken = _uniform(30 + space, numbers, most) < TAKEN_SHARE
    taken[:, int(most * EVENT_SHARE) :] = False
    offsets = np.where(taken, of_event * width, own**SKEW * width).astype(np.int64)
    rarity = np.where(taken, RAREST, LEAST_RARITY + (RAREST - LEAST_RARITY) * own**SKEW)
    lengths = np.linalg.norm(rarity, axis=1, keepdims=True)
    return offsets + np.arange(most) * width, np.round(rarity / lengths * UNIT).astype(np.int64)


def _uniform(salt: int, of: Whole, most: int) -> NDArray[np.float64]:
    return (_mixed(salt, of, most) >> np.uint64(11)) / float(1 << 53)


def _mixed(salt: int, of: Whole, most: int) -> Whole:
    """64 bits for each number and place: splitmix64 (Steele, Lea and Flood 2014)."""
    places = np.arange(most, dtype=np.uint64)[None, :]
    mixed: Whole = (of[:, None] << np.uint64(20)) | places | np.uint64(salt << 52)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
