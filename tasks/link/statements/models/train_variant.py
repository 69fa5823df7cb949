"""Trains the score of edited statements and writes it as JSON.

    python -m tasks.link.statements.models.train_variant LABELS ARTICLES... MODEL.json

LABELS is the JSONL file of judgements beside this script: {"a": [id, start, end], "b": [id, start, end],
"same", "weight"}; offsets are code points in the article's stored text, `weight` is how many pairs of its
kind the judged one stands for. ARTICLES are JSONL files with rows {"doc_id", "outlet", "title", "text"};
they are cleaned and annotated here for speakers and names. Prints the figures of a 20-fold cross-validation.
Seeded. Needs scikit-learn (dependency group `train`); the product does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from tasks.annotate import annotate
from tasks.annotate.tokens import words
from tasks.clean import clean
from tasks.link.statements.likeness import FIGURES, Likeness, likeness, worded
from tasks.link.statements.model import Saying, Source, Telling
from tasks.link.statements.segments import AnchorsBySpan, are_marked, passages_in
from tasks.link.statements.tellings import telling_of
from tasks.link.statements.words import folded
from tasks.model import Given, SourceDocument, Span
from warehouse.ids import stable_id

NAME = "variant-1"
SEED, FOLDS = 1, 20
STRENGTH = 1.0  # scikit-learn's C: weaker penalties fit single pairs, stronger ones find half as much
MOST_WEIGHT = 30.0  # so that no single judgement on a frequent kind of pair outweighs all others
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)

NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - dates do not matter here


def tellings_in(paths: Sequence[Path], wanted: frozenset[str]) -> dict[str, Telling]:
    """The wanted articles, by their ids."""
    return {
        row["doc_id"]: telling_of_row(row)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if (row := json.loads(line))["doc_id"] in wanted
    }


def saying_at(name: str, telling: Telling, span: Span) -> Saying:
    """The stretch of an article as a saying, whether or not today's taggers find just that quote there.

    Speaker and id are those of a quote that it touches.
    """
    tokens = words(telling.text, span)
    quote = next((one for one in telling.quotes if any(piece.touches(span) for piece in one.spans)), None)
    line = Span(telling.text.rfind("\n", 0, span.start) + 1, f"{telling.text}\n".index("\n", span.end))
    return Saying(
        Source(name, NO_DATE),
        quote.quote_id if quote else name,
        0,
        span,
        folded(tokens),
        are_marked(tokens, passages_in(telling.text, line)),
        quote.speaker if quote else None,
        quote.speaker_name if quote else None,
        AnchorsBySpan(telling.anchors).inside(span),
    )


def telling_of_row(row: Mapping[str, Any]) -> Telling:
    """The telling of a row of ARTICLES; the ids in it are those of this run."""
    found = annotate(clean(document(row)))
    quotes = [stable_id(row["doc_id"], str(place)) for place in range(len(found.quotes))]
    return telling_of(found, quotes, [stable_id("entity", entity.key) for entity in found.entities])


def document(row: Mapping[str, Any]) -> SourceDocument:
    """A row of ARTICLES as a document that was read."""
    given = Given(outlet=row["outlet"], title=row["title"], language="en")
    name = row["doc_id"]
    return SourceDocument(name, name, name, "text", row["text"], given, digest=name)


def examples(labels: Path, articles: Sequence[Path]) -> Iterator[tuple[Likeness, bool, float]]:
    """Figures, verdict and weight of each judgement. Raises KeyError where an article is not given."""
    judged = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    tellings = tellings_in(articles, frozenset(row[side][0] for row in judged for side in "ab"))
    for row in judged:
        both = [
            saying_at(name, tellings[name], Span(start, end)) for name, start, end in (row["a"], row["b"])
        ]
        yield likeness(*worded(both)), row["same"], row["weight"]


def figures(said: NDArray[np.bool_], sure: NDArray[np.float64], weight: NDArray[np.float64]) -> None:
    """Print precision and recall at some thresholds; the second pair is weighted."""
    for least in THRESHOLDS:
        taken = sure >= least
        told = [
            (share[said & taken].sum() / share[taken].sum(), share[said & taken].sum() / share[said].sum())
            for share in (np.ones_like(weight), weight)
        ]
        print(f"{least:.1f}  " + "  ".join(f"P {precision:.3f} R {recall:.3f}" for precision, recall in told))


def train(labels: Path, articles: Sequence[Path]) -> dict[str, Any]:
    """The model as it is written."""
    rows = list(examples(labels, articles))
    x = np.array([row[0] for row in rows])
    said = np.array([row[1] for row in rows])
    weight = np.minimum([row[2] for row in rows], MOST_WEIGHT)
    weight /= weight.mean()
    regression = LogisticRegression(C=STRENGTH, max_iter=5000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    sure = cross_val_predict(
        regression, x, said, cv=folds, method="predict_proba", params={"sample_weight": weight}
    )[:, 1]
    print(f"{len(rows)} judgements, {said.sum()} of them one statement")
    figures(said, sure, weight)
    regression.fit(x, said, sample_weight=weight)
    coefficients = {name: round(float(c), 4) for name, c in zip(FIGURES, regression.coef_[0], strict=True)}
    return {
        "name": NAME,
        "intercept": round(float(regression.intercept_[0]), 4),
        "coefficients": coefficients,
    }


def main() -> None:
    """Read the command line, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("model", type=Path)
    given = parser.parse_args()
    model = train(given.labels, given.articles)
    given.model.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
