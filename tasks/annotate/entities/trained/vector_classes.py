"""Clusters of words by GloVe's vectors, in a tree: what six billion words of text say of a word.

Called by `features`. The table is made by `models/train_vector_classes.py`; it holds hashes, no words.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# How many clusters there are at each level of the tree; each splits into the same number of finer ones.
VECTOR_CLUSTERS = (64, 512, 4096)
FINEST = VECTOR_CLUSTERS[-1]
TABLE = "vector_classes.npz"


def vector_class(lower: str) -> int | None:
    """The finest cluster of a word in lower case, None where it is not known.

    The cluster that holds it among the coarser `size` ones is `number // (FINEST // size)`.
    """
    keys, numbers = _table()
    key = np.uint32(vector_key(lower))  # of the keys' own type: any other would have all of them converted
    at = int(keys.searchsorted(key))
    return int(numbers[at]) if at < len(keys) and keys[at] == key else None


def vector_key(lower: str) -> int:
    """The hash that stands for a word in the table."""
    return zlib.crc32(lower.encode("utf-8", "surrogatepass"))


@cache
def _table() -> tuple[Array, Array]:
    content = files("tasks.annotate.entities.models").joinpath(TABLE).read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return np.cumsum(stored["key_steps"], dtype=np.uint32), stored["clusters"]
