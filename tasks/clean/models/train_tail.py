"""Trains the score of tails and writes it as JSON.

    python -m tasks.clean.models.train_tail DATA MODEL.json [--without-fold N]

DATA is a folder with `synthetic.jsonl.gz` (rows {site, title, mode, text, body_end, neutral_start}; those of
the mode `clean` are used) and `headlines.jsonl.gz` (rows {site, title}). Articles get made tails: one to
eight headlines of other sites, on one line, one a line, or glued to the last paragraph; some of them share
words with the article. Some articles are cut short first, so that texts end in many ways. Everything is
seeded. `--without-fold` leaves out one of four groups of sites, for figures on sites the model has not seen.
Needs scikit-learn and numpy (dependency group `train`); the product needs neither.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tasks.clean.lines import WORD, lines_of
from tasks.clean.normalize import normalize
from tasks.clean.tail_figures import FEATURES, places

SEED = 5
FOLDS = 4
TREES, LEAVES, RATE, LEAST_LEAF = 260, 14, 0.1, 15
CLEAN_WEIGHT = 3.0  # of an article without a tail: touching one is worse than leaving a tail
BLOG_WEIGHT, SHORTENED_WEIGHT = 0.6, 0.4
NEWS = frozenset({"sh", "aed", "fe", "fu"})
WHOLE_DRAWS, SHORTENED = 2, 3  # made tails of each kind per article; shortened copies of it
TOPICAL = 0.4  # share of tails whose headlines share words with the article
NEAREST = 40  # headlines that such a tail is drawn from
MOST_HEADLINES = 8
KINDS = {"oneline": ("\n\n", " "), "lines": ("\n\n", "\n\n"), "same": (" ", " ")}
WORD_SITES, BODY_SITES = 3, 20  # sites that must use a word in headlines, or in texts, for it to be kept
MIN_WORD_WEIGHT, MAX_WORD_WEIGHT, SMOOTHING = 0.35, 3.0, 1000


@dataclass(frozen=True)
class Example:
    """A text with a tail or without: the article ends at `body`, what is surely its own at `sure`."""

    text: str
    sure: int
    body: int
    weight: float


def fold_of(site: str) -> int:
    """The group of a site."""
    return int(hashlib.sha1(site.encode()).hexdigest(), 16) % FOLDS  # noqa: S324 - it only spreads the sites


def folded(text: str) -> list[str]:
    """The words of a text as the product compares them."""
    return [word.casefold().replace("’", "'") for word in WORD.findall(text)]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a compressed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def examples(
    articles: Sequence[dict[str, Any]], headlines: Sequence[dict[str, Any]], rng: random.Random
) -> Iterator[Example]:
    """Every article clean, with made tails, and shortened."""
    for row in articles:
        text, weight = row["text"], 1.0 if row["source"] in NEWS else BLOG_WEIGHT
        body = text[: row["body_end"]].rstrip()
        sure = min(row.get("neutral_start", len(body)), len(body))
        yield Example(body, sure, len(body), weight * CLEAN_WEIGHT)
        draw = _drawer(row, body, headlines, rng)
        for _ in range(WHOLE_DRAWS):
            for kind in KINDS:
                yield _with_tail(body, sure, draw(), kind, weight)
        for short in _shortened(body[:sure], rng):
            yield Example(short, len(short), len(short), weight * CLEAN_WEIGHT * SHORTENED_WEIGHT)
            for kind in KINDS:
                yield _with_tail(short, len(short), draw(), kind, weight * SHORTENED_WEIGHT)


def _drawer(
    row: Mapping[str, Any], body: str, headlines: Sequence[dict[str, Any]], rng: random.Random
) -> Callable[[], list[str]]:
    """Draws headlines of other sites for an article, some of them near its topic."""
    own = set(folded(body))
    others = [other["title"] for other in headlines if other["site"] != row["site"]]

    def nearness(title: str) -> float:
        words = [word for word in folded(title) if len(word) > 3]
        return sum(word in own for word in words) / (1 + len(words))

    near = sorted(others, key=nearness)[-NEAREST:]

    def draw() -> list[str]:
        pool = near if rng.random() < TOPICAL else others
        return rng.sample(pool, rng.randint(1, MOST_HEADLINES))

    return draw


def _with_tail(body: str, sure: int, titles: Sequence[str], kind: str, weight: float) -> Example:
    before, between = KINDS[kind]
    return Example(body + before + between.join(titles), sure, len(body), weight)


def _shortened(body: str, rng: random.Random) -> list[str]:
    """Copies of an article that end at one of its plain paragraphs."""
    paragraphs = body.rstrip().split("\n")
    ends = [
        at
        for at, paragraph in enumerate(paragraphs)
        if at >= 4 and len(paragraph.split()) >= 8 and paragraph.rstrip()[-1:] in '.”"'
    ]
    chosen = rng.sample(ends, min(SHORTENED, len(ends)))
    return ["\n".join(paragraphs[: at + 1]).rstrip() for at in chosen]


def wording(articles: Sequence[dict[str, Any]], headlines: Sequence[dict[str, Any]]) -> dict[str, float]:
    """By word, how much it favours headlines over running text: log odds, of words that several sites use."""
    title_words: Counter[str] = Counter()
    text_words: Counter[str] = Counter()
    title_sites: defaultdict[str, set[str]] = defaultdict(set)
    text_sites: defaultdict[str, set[str]] = defaultdict(set)
    for row in headlines:
        for word in folded(row["title"]):
            title_words[word] += 1
            title_sites[word].add(row["site"])
    for row in articles:
        for line in lines_of(row["text"][: row["body_end"]])[-25:]:
            for word in line.folded:
                text_words[word] += 1
                text_sites[word].add(row["site"])
    many, few = sum(text_words.values()), sum(title_words.values())
    ratio = many / few
    kept = [
        word
        for word in sorted({*title_words, *text_words})
        if len(title_sites[word]) >= WORD_SITES or len(text_sites[word]) >= BODY_SITES
    ]
    weights = {
        word: math.log((title_words[word] + 1) / (few + SMOOTHING))
        - math.log((text_words[word] + ratio) / (many + SMOOTHING * ratio))
        for word in kept
    }
    return {
        word: round(max(-MAX_WORD_WEIGHT, min(MAX_WORD_WEIGHT, weight)), 1)
        for word, weight in weights.items()
        if abs(weight) > MIN_WORD_WEIGHT
    }


def matrix(
    made: Iterator[Example], words: Mapping[str, float]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Figures, labels and weights of every place; places in credits and the like are left out."""
    figures, labels, weights = [], [], []
    for example in made:
        text = normalize(example.text)
        if len(text) != len(example.text):
            continue
        for piece, row in places(lines_of(text), words):
            is_tail = piece.span.start >= example.body
            if is_tail or piece.span.start < example.sure:
                figures.append(np.asarray(row, dtype=np.float32))
                labels.append(is_tail)
                weights.append(example.weight)
    return np.array(figures), np.array(labels), np.array(weights)


def exported(model: HistGradientBoostingClassifier, words: Mapping[str, float]) -> dict[str, Any]:
    """The trees as plain lists; a leaf has the figure −1 and its value for a bound."""

    def short(value: float) -> float:
        return float(f"{value:.4g}")

    trees = []
    for (predictor,) in model._predictors:  # noqa: SLF001 - scikit-learn has no public way to its trees
        nodes = predictor.nodes
        trees.append(
            [
                [-1 if node["is_leaf"] else int(node["feature_idx"]) for node in nodes],
                [
                    float(f"{node['value'] if node['is_leaf'] else node['num_threshold']:.4g}")
                    for node in nodes
                ],
                [int(node["left"]) for node in nodes],
                [int(node["right"]) for node in nodes],
            ]
        )
    base = round(float(model._baseline_prediction.ravel()[0]), 4)  # noqa: SLF001
    return {"features": FEATURES, "base": base, "wording": words, "trees": trees}


def main() -> None:
    """Trains and writes the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path, help="folder with synthetic.jsonl.gz and headlines.jsonl.gz")
    parser.add_argument("model", type=Path, help="where to write the model")
    parser.add_argument("--without-fold", type=int, help="leave out this group of sites, 0 to 3")
    options = parser.parse_args()
    left_out = options.without_fold
    articles = [row for row in rows(options.data / "synthetic.jsonl.gz") if row["mode"] == "clean"]
    articles = [row for row in articles if fold_of(row["site"]) != left_out]
    headlines = [row for row in rows(options.data / "headlines.jsonl.gz") if fold_of(row["site"]) != left_out]
    words = wording(articles, headlines)
    rng = random.Random(SEED)  # noqa: S311 - nothing secret
    figures, labels, weights = matrix(examples(articles, headlines, rng), words)
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=LEAST_LEAF,
        l2_regularization=1,
        early_stopping=False,
        random_state=SEED,
    ).fit(figures, labels, sample_weight=weights)
    options.model.write_text(json.dumps(exported(model, words), separators=(",", ":")) + "\n")
    print(f"{len(labels)} places of {len(articles)} articles; {len(words)} words")


if __name__ == "__main__":
    main()
