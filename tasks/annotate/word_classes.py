"""What large amounts of text say of single words: word clusters, how common they are, how they are written.

Called by `token_features`. The table is made by `models/train_word_classes.py`; it holds hashes, no words.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

DIGIT = re.compile(r"\d")
# Names of the columns with clusters of our own, coarse to fine.
OWN_CLUSTERS = ("c64", "c256", "c1024")


@dataclass(frozen=True, slots=True)
class WordClass:
    """What is known of a word.

    `clusters` are three k-means clusters of the contexts it stands in, coarse to fine (-1: not known);
    `path` is its place in a tree of Brown clusters (Brown et al. 1992), as bits, "" where it has none.
    `commonness` is half the log probability of its lower-case form, `capital` how much more often (log
    odds, in steps of 1.5) it is written as it is here than small; both None where it is not known.
    """

    clusters: tuple[int, int, int] = (-1, -1, -1)
    path: str = ""
    commonness: int | None = None
    capital: int | None = None


UNKNOWN = WordClass()


def word_hash(word: str) -> int:
    """The key of a word in the table; digits are all one."""
    return zlib.crc32(DIGIT.sub("0", word).encode("utf-8", "surrogatepass"))


def word_class(word: str) -> WordClass:
    """What the table says of a word as it is written."""
    table = _table()
    key = np.uint32(word_hash(word))  # of the keys' own type: any other would have all of them converted
    at = int(table.keys.searchsorted(key))
    if at == len(table.keys) or table.keys[at] != key:
        return UNKNOWN
    own = tuple(int(value) - 1 for value in table.clusters[at])
    known = int(table.commonness[at]) != NOT_KNOWN
    return WordClass(
        clusters=(own[0], own[1], own[2]),
        path=table.paths[int(table.brown[at])],
        commonness=int(table.commonness[at]) if known else None,
        capital=int(table.capital[at]) if known and word[0].isupper() else None,
    )


NOT_KNOWN = 127  # a commonness that no word has


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns by the sorted hashes of the words; `clusters` are counted from 1, 0 is none."""

    keys: np.ndarray
    clusters: np.ndarray
    brown: np.ndarray
    paths: tuple[str, ...]
    commonness: np.ndarray
    capital: np.ndarray


@cache
def _table() -> _Table:
    content = files("tasks.annotate.models").joinpath("word_classes.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return _Table(
            keys=np.cumsum(stored["key_steps"], dtype=np.uint32),
            clusters=np.stack([stored[name] for name in OWN_CLUSTERS], axis=1),
            brown=stored["brown"],
            paths=tuple(bin(int(code))[:1:-1] if code else "" for code in stored["brown_codes"]),
            commonness=stored["commonness"],
            capital=stored["capital"],
        )
