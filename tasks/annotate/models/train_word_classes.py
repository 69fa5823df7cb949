r"""Makes `word_classes.npz`, what the taggers know of single words, from unlabelled text; for developers.

    uv run --group train --with spacy-lookups-data \
        python -m tasks.annotate.models.train_word_classes TEXTS.jsonl … -o word_classes.npz

A row of TEXTS (.jsonl, .gz or .xz) has a `text`, or a `gold_text`, and is one document. A word gets
clusters of its own only where it stands in several documents. Method: positive pointwise mutual
information of a word with the words up to two places around it, by place, reduced to 100 dimensions
(Levy, Goldberg and Dagan 2015), then k-means. Brown clusters and frequencies of common words come from
spacy-lookups-data (MIT licence).
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from tasks.annotate.tokens import words
from tasks.annotate.word_classes import DIGIT, NOT_KNOWN, OWN_CLUSTERS, word_hash

SEED = 1
FEWEST_DOCUMENTS = 3
FEWEST_OCCURRENCES = 5
CONTEXT_WORDS = 6000
WINDOW = (-2, -1, 1, 2)
DIMENSIONS = 100
SMOOTHING = 0.75  # of the context words' frequencies (Levy et al. 2015)
CLUSTERS = (64, 256, 1024)
MOST_COMMON = 160_000  # of a million words in the table of frequencies; the rest is rare or misspelt
LONGEST_WORD = 30
RAREST = -20.0  # log probability of words that the table of frequencies lacks
STEP = 1.5  # of log odds
MOST_STEPS = 4
PACKED: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open}


def main() -> None:
    """Reads the texts and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    documents = list(read(options.texts))
    vocabulary = common_words(documents)
    vectors = word_vectors(documents, vocabulary)
    own = {size: clusters(vectors, size) for size in CLUSTERS}
    brown, probabilities = lookups()
    np.savez_compressed(options.output, **table(vocabulary, own, brown, probabilities))
    print(f"{options.output}: {len(documents):,} documents, {len(vocabulary):,} words with clusters")


def read(paths: Iterable[Path]) -> Iterator[list[list[str]]]:
    """The documents as lines of words, digits made equal; a text that comes twice counts once."""
    seen = set()
    for path in paths:
        with PACKED.get(path.suffix, open)(path, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                text = row.get("text") or row.get("gold_text") or ""
                if text[:200] not in seen:
                    seen.add(text[:200])
                    yield [[DIGIT.sub("0", one.text) for one in words(line)] for line in text.split("\n")]


def common_words(documents: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """The words of several documents, the most frequent first."""
    counts = Counter(word for lines in documents for line in lines for word in line)
    spread = Counter(word for lines in documents for word in {word for line in lines for word in line})
    frequent = [word for word, count in counts.items() if count >= FEWEST_OCCURRENCES]
    kept = [word for word in frequent if spread[word] >= FEWEST_DOCUMENTS]
    return sorted(kept, key=lambda word: (-counts[word], word))


def word_vectors(documents: Sequence[Sequence[Sequence[str]]], vocabulary: Sequence[str]) -> Any:
    """One unit vector for each word of the vocabulary."""
    counts = _contexts(_stream(documents, vocabulary), len(vocabulary)).tocoo()
    of_word = np.asarray(counts.sum(1)).ravel()
    of_context = np.asarray(counts.sum(0)).ravel() ** SMOOTHING
    share = of_context / of_context.sum()
    information = np.log(counts.data / (of_word[counts.row] * share[counts.col]))
    positive = sparse.csr_matrix((np.maximum(information, 0.0), (counts.row, counts.col)), shape=counts.shape)
    positive.eliminate_zeros()
    left, strength, _ = randomized_svd(positive, DIMENSIONS, n_iter=4, random_state=SEED)
    vectors = left * np.sqrt(strength)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def _stream(documents: Sequence[Sequence[Sequence[str]]], vocabulary: Sequence[str]) -> Any:
    """All words as numbers, -1 twice before each line."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    other = len(vocabulary)
    found: list[int] = []
    for lines in documents:
        for line in lines:
            found += [-1, -1, *(numbers.get(word, other) for word in line)]
    return np.array([*found, -1, -1])


def _contexts(stream: Any, size: int) -> Any:
    """How often each word stands beside each context, one block of columns for each place."""
    frequent = np.where(stream < CONTEXT_WORDS, stream + 1, CONTEXT_WORDS + 1)
    context = np.where(stream < 0, 0, frequent)
    blocks = []
    for offset in WINDOW:
        word = stream[-offset:] if offset < 0 else stream[:-offset]
        beside = context[:offset] if offset < 0 else context[offset:]
        is_word = (word >= 0) & (word < size)
        cells = (np.ones(is_word.sum()), (word[is_word], beside[is_word]))
        blocks.append(sparse.coo_matrix(cells, shape=(size, CONTEXT_WORDS + 2)).tocsr())
    return sparse.hstack(blocks)


def clusters(vectors: Any, size: int) -> Any:
    """The number of each word's cluster, from 0."""
    means = MiniBatchKMeans(size, random_state=SEED, batch_size=4096, n_init=3, max_iter=60)
    return means.fit(vectors).labels_


def lookups() -> tuple[Mapping[str, int], Mapping[str, float]]:
    """Brown clusters and log probabilities of words, from spacy-lookups-data."""
    folder = files("spacy_lookups_data").joinpath("data")

    def loaded(name: str) -> Any:
        return json.loads(gzip.decompress(folder.joinpath(name).read_bytes()))

    return loaded("en_lexeme_cluster.json.gz"), loaded("en_lexeme_prob.json.gz")


def table(
    vocabulary: Sequence[str],
    own: Mapping[int, Any],
    brown: Mapping[str, int],
    probabilities: Mapping[str, float],
) -> dict[str, Any]:
    """The columns of the table, by the hashes of the words."""
    ranked = sorted(filter(_is_word, probabilities), key=lambda word: (-probabilities[word], word))
    numbers = {word: number for number, word in enumerate(vocabulary)}
    by_key = {word_hash(word): word for word in (*reversed(ranked[:MOST_COMMON]), *reversed(vocabulary))}
    chosen = [by_key[key] for key in sorted(by_key)]
    codes = sorted({brown.get(word, 0) for word in chosen} | {0})
    places = {code: place for place, code in enumerate(codes)}
    found = {
        "key_steps": np.diff(np.array(sorted(by_key), np.uint32), prepend=np.uint32(0)),
        "brown": np.array([places[brown.get(word, 0)] for word in chosen], np.uint16),
        "brown_codes": np.array(codes, np.uint32),
        "commonness": np.array([_commonness(probabilities, word) for word in chosen], np.int8),
        "capital": np.array([_capital(probabilities, word) for word in chosen], np.int8),
    }
    for name, labels in zip(OWN_CLUSTERS, own.values(), strict=True):
        of_word = [labels[numbers[word]] + 1 if word in numbers else 0 for word in chosen]
        found[name] = np.array(of_word, np.uint16)
    return found


def _is_word(word: str) -> bool:
    return len(word) < LONGEST_WORD and word[:1].isalpha()


def _commonness(probabilities: Mapping[str, float], word: str) -> int:
    if word not in probabilities and word.lower() not in probabilities:
        return NOT_KNOWN
    return int(probabilities.get(word.lower(), RAREST) // 2)


def _capital(probabilities: Mapping[str, float], word: str) -> int:
    odds = probabilities.get(word, RAREST) - probabilities.get(word.lower(), RAREST)
    return max(-MOST_STEPS, min(MOST_STEPS, round(odds / STEP)))


if __name__ == "__main__":
    main()
