"""Learns what linking knows: how rare words are, and how likely two articles tell of the same event.

    python -m tasks.link.models.train_stories GOLD.jsonl … --background BACKGROUND.jsonl [--out FOLDER]

GOLD rows are {doc_id, arrival, outlet, title, text, cluster_id}, one file for each kind of article;
background rows {doc_id, outlet, title, text} are only counted. Writes `words.tsv`, `names.tsv` and
`stories.json` into FOLDER (this one by default) and prints figures on articles that were not learnt from:
five times a fifth of each file's stories, in the order of their days. Takes some ten minutes. Everything is
seeded. Needs scikit-learn (dependency group `train`); the product does not.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from tasks.annotate import annotate
from tasks.clean import clean
from tasks.link import words
from tasks.link.candidates import candidates
from tasks.link.clustering import groups
from tasks.link.features import ArticleContent, content_of, features_of, name_terms
from tasks.link.pair_figures import FIGURES, Comparison
from tasks.link.pair_score import LEAST_KEPT, LEAST_LIKELY, StoryModel, among_neighbours, evidence, likelihood
from tasks.link.window import Floats, Ints, Window, window_of_articles
from tasks.read.discover import discover
from tasks.read.document import read_document

HERE = Path(__file__).parent
VERSION = "stories 3"
SEED, FOLDS = 5, 5
LONE_STORIES = 0.7  # share of the stories that are told by one article in the thinned view
# Two questions deep: deeper trees learn the training stories by heart. A figure that speaks for an event
# never speaks against it, however it looks in the sample (1); days and one outlet's own articles the other
# way (-1).
TREES: dict[str, Any] = {
    "max_depth": 2,
    "max_iter": 200,
    "learning_rate": 0.06,
    "l2_regularization": 5,
    "min_samples_leaf": 30,
}
DIRECTIONS = {"days": -1, "same_outlet": -1, "length": 0, "longer": 0}
THRESHOLDS = (0.3, 0.31, 0.32, 0.33, 0.34, 0.35, 0.4, 0.45, 0.5)
DIGITS = 5  # of the figures in the file
RARE = words.LEAST_ARTICLES


@dataclass(frozen=True)
class Examples:
    """The candidate pairs of a file: whether both articles are of one story, and which fold they are of."""

    name: str
    window: Window
    stories: NDArray[np.int64]
    folds: NDArray[np.int64]
    lefts: Ints
    rights: Ints
    figures: Floats

    @property
    def together(self) -> NDArray[np.bool_]:
        """Whether both articles of a pair are of one story."""
        same: NDArray[np.bool_] = self.stories[self.lefts] == self.stories[self.rights]
        return same

    def pairs_of(self, fold: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Pairs with both articles in the fold, and those with none in it."""
        left, right = self.folds[self.lefts] == fold, self.folds[self.rights] == fold
        return left & right, ~left & ~right


@dataclass(frozen=True)
class View:
    """The pairs of a file that are likely enough to be kept, between the articles that are in view.

    `kept` are these articles, `stories` theirs; `folds` is of all articles. `learnt_from` marks the pairs to
    learn from.
    """

    name: str
    kept: Ints
    stories: Ints
    folds: Ints
    lefts: Ints
    rights: Ints
    alone: Floats
    together: NDArray[np.bool_]
    evidence: Floats
    learnt_from: NDArray[np.bool_]

    def without(self, fold: int) -> View:
        """The same without the pairs that an article of the fold is in."""
        away = (self.folds[self.lefts] != fold) & (self.folds[self.rights] != fold)
        return replace(self, learnt_from=away)


def views_of(told: Examples, alone: Floats) -> Iterator[View]:
    """The file as it is, and with most of its stories told by one article only.

    In the files every article has another of its story; in the news most have none, and a model that never
    saw a lone article would find it company.
    """
    chance = np.random.default_rng(SEED)
    lone = chance.random(int(told.stories.max()) + 1) < LONE_STORIES
    order = chance.permutation(len(told.stories))
    _, first = np.unique(told.stories[order], return_index=True)
    is_first = np.zeros(len(order), np.bool_)
    is_first[order[first]] = True
    for name, kept in (("", np.ones(len(order), np.bool_)), (" thinned", is_first | ~lone[told.stories])):
        pairs = (alone >= LEAST_KEPT) & kept[told.lefts] & kept[told.rights]
        lefts, rights = told.lefts[pairs], told.rights[pairs]
        yield View(
            told.name + name,
            np.flatnonzero(kept),
            told.stories[kept],
            told.folds,
            lefts,
            rights,
            alone[pairs],
            told.together[pairs],
            evidence(lefts, rights, alone[pairs]),
            np.ones(len(lefts), np.bool_),
        )


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("gold", nargs="+", type=Path, help="labelled articles (.jsonl)")
    parser.add_argument(
        "--background", nargs="*", default=[], type=Path, help="more articles, to count words"
    )
    parser.add_argument("--out", default=HERE, type=Path, help="the folder to write into")
    options = parser.parse_args()
    gold = {path: list(rows(path)) for path in options.gold}
    contents = {path: read(labelled) for path, labelled in gold.items()}
    background = [content for path in options.background for content in read(list(rows(path)))]
    count([*background, *(content for told in contents.values() for content in told)], options.out)
    examples = [examples_of(path.stem, gold[path], contents[path]) for path in options.gold]
    model = train(examples)
    (options.out / "stories.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


# --- reading -------------------------------------------------------------------------


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file that have something to read."""
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row.get("text") or row.get("title"):
                yield row


def read(labelled: Sequence[dict[str, Any]]) -> list[ArticleContent]:
    """The articles as the product reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for row in labelled:
                given = {
                    "id": row["doc_id"],
                    "outlet": row["outlet"],
                    "title": row["title"],
                    "language": "en",
                }
                file.write(json.dumps(given | {"text": row["text"] or row["title"]}) + "\n")
        return [content_of(annotate(clean(read_document(ref)))) for ref in discover([str(path)]).refs]


def count(contents: Sequence[ArticleContent], folder: Path) -> None:
    """Write in how many articles each word and each name stands; those of several articles only."""
    for name, terms in (("words", _words), ("names", _names)):
        found: Counter[str] = Counter()
        for content in contents:
            found.update(terms(content))
        kept = sorted(term for term, articles in found.items() if articles >= RARE and term.isprintable())
        lines = [f"# articles\t{len(contents)}", *(f"{term}\t{found[term]}" for term in kept)]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words.counts.cache_clear()
    words.rarity.cache_clear()


def _words(content: ArticleContent) -> set[str]:
    return set(words.stems(f"{content.title}\n{content.body}"))


def _names(content: ArticleContent) -> set[str]:
    return set(name_terms(content.mentions))


def examples_of(
    name: str, labelled: Sequence[dict[str, Any]], contents: Sequence[ArticleContent]
) -> Examples:
    """The candidate pairs of a file."""
    days = [date.fromisoformat(row["arrival"][:10]).toordinal() for row in labelled]
    order = sorted(range(len(labelled)), key=lambda at: (days[at], labelled[at]["doc_id"]))
    outlets = {name: at for at, name in enumerate(sorted({row["outlet"] for row in labelled}))}
    window = window_of_articles(
        np.array([days[at] for at in order]),
        np.array([outlets[labelled[at]["outlet"]] for at in order]),
        [features_of(contents[at]) for at in order],
    )
    labels = {label: at for at, label in enumerate(dict.fromkeys(labelled[at]["cluster_id"] for at in order))}
    stories = np.array([labels[labelled[at]["cluster_id"]] for at in order])
    compare = Comparison(window)
    lefts, rights, figures = compare.figures(list(candidates(window, np.ones(len(window), np.bool_))))
    # Stories are numbered in the order of their first days.
    found = Examples(name, window, stories, stories * FOLDS // len(labels), lefts, rights, figures)
    wanted = sum(comb(size, 2) for size in Counter(stories.tolist()).values())
    share = found.together.sum() / wanted
    print(f"{name}: {len(window):,} articles, {len(lefts):,} candidates, {share:.4f} found")
    return found


# --- learning ------------------------------------------------------------------------


def train(examples: Sequence[Examples]) -> dict[str, Any]:
    """The model of all examples; prints how models of a part do on the rest."""
    alone = {told.name: np.full(len(told.lefts), LEAST_LIKELY) for told in examples}
    for fold in range(FOLDS):
        model = StoryModel.of(learn_trees([(told, told.pairs_of(fold)[1]) for told in examples]))
        for told in examples:
            away = ~told.pairs_of(fold)[1]
            alone[told.name][away] = likelihood(told.figures[away], model)
    views = [view for told in examples for view in views_of(told, alone[told.name])]
    judges = [learn_neighbours([view.without(fold) for view in views]) for fold in range(FOLDS)]
    best = max(THRESHOLDS, key=lambda threshold: printed(views, judges, threshold))
    trees = learn_trees([(told, np.ones(len(told.lefts), np.bool_)) for told in examples])
    return trees | learn_neighbours(views) | {"together": best}


def printed(views: Sequence[View], judges: Sequence[dict[str, Any]], threshold: float) -> float:
    """The sum of the figures at a threshold; prints them."""
    found = {view.name: figures_of(view, judges, threshold) for view in views}
    told = ", ".join(f"{name} {pairs:.4f} {b3:.4f}" for name, (pairs, b3) in found.items())
    print(f"{threshold:.2f} pairs F1 and B3 F1: {told}")
    return sum(map(sum, found.values()))


def learn_trees(examples: Sequence[tuple[Examples, NDArray[np.bool_]]]) -> dict[str, Any]:
    """Boosted trees on these pairs, as the file has them."""
    figures = np.concatenate([told.figures[kept] for told, kept in examples])
    together = np.concatenate([told.together[kept] for told, kept in examples])
    directions = [DIRECTIONS.get(name, 1) for name in FIGURES]
    learner = HistGradientBoostingClassifier(monotonic_cst=directions, random_state=0, **TREES)
    learner.fit(figures, together)
    trees = [tree_of(predictor.nodes) for (predictor,) in learner._predictors]  # noqa: SLF001 - no other way
    base = round(float(learner._baseline_prediction.ravel()[0]), DIGITS)  # noqa: SLF001
    empty = {"neighbours": [1, 0, 0, 0], "bias": 0, "together": 0.5}
    return {"version": VERSION, "figures": FIGURES, "base": base, "trees": trees, **empty}


def tree_of(nodes: Any) -> dict[str, list[float]]:
    """A tree as three questions and four leaves; a leaf higher up answers its question both ways."""
    figure, threshold, leaves = [0.0] * 3, [0.0] * 3, [0.0] * 4

    def question(node: Any, place: int) -> bool:
        if node["is_leaf"]:
            return False
        figure[place], threshold[place] = (
            int(node["feature_idx"]),
            round(float(node["num_threshold"]), DIGITS),
        )
        return True

    root = nodes[0]
    sides = [nodes[root["left"]], nodes[root["right"]]] if question(root, 0) else [root, root]
    for side, node in enumerate(sides):
        ends = [nodes[node["left"]], nodes[node["right"]]] if question(node, 1 + side) else [node, node]
        leaves[2 * side : 2 * side + 2] = [round(float(end["value"]), DIGITS) for end in ends]
    return {"figure": [int(one) for one in figure], "threshold": threshold, "leaves": leaves}


def learn_neighbours(views: Sequence[View]) -> dict[str, Any]:
    """Logistic regression on the evidence of these views, as the file has it."""
    told = np.concatenate([view.evidence[view.learnt_from] for view in views])
    together = np.concatenate([view.together[view.learnt_from] for view in views])
    learner = LogisticRegression(C=1.0, max_iter=3000).fit(told, together)
    weights = [round(float(weight), 3) for weight in learner.coef_[0]]
    return {"neighbours": weights, "bias": round(float(learner.intercept_[0]), 3)}


# --- figures -------------------------------------------------------------------------


def figures_of(view: View, judges: Sequence[dict[str, Any]], threshold: float) -> tuple[float, float]:
    """F1 over pairs and B-cubed F1, every fold by the model that did not learn from it."""
    likely = np.zeros(len(view.alone))
    for fold, judge in enumerate(judges):
        model = StoryModel.of({**_NO_TREES, **judge})
        away = ~view.without(fold).learnt_from
        likely[away] = among_neighbours(view.lefts, view.rights, view.alone, model)[away]
    found = groups(len(view.folds), view.lefts, view.rights, likely, threshold)
    return scores(view.stories, found[view.kept])


_NO_TREES = {"version": VERSION, "figures": FIGURES, "base": 0.0, "trees": [], "together": 0.5}


def scores(gold: Ints, found: Ints) -> tuple[float, float]:
    """F1 over pairs of articles of one story, and B-cubed F1 (Bagga and Baldwin 1998)."""
    both = Counter(zip(gold.tolist(), found.tolist(), strict=True))
    golds, founds = Counter(gold.tolist()), Counter(found.tolist())
    right = _pairs(both)
    precision = sum(count * count / founds[group] for (_, group), count in both.items()) / len(gold)
    recall = sum(count * count / golds[story] for (story, _), count in both.items()) / len(gold)
    return _f1(right / max(1, _pairs(founds)), right / max(1, _pairs(golds))), _f1(precision, recall)


def _pairs(sizes: Counter[Any]) -> int:
    return sum(comb(size, 2) for size in sizes.values())


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    main()
