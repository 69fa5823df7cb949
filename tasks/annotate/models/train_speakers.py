"""Trains quote_speakers.npz, which ranks who may have said a quote; the data are given by path.

    uv run --group train python -m tasks.annotate.models.train_speakers DATA.jsonl TAGS.jsonl FOLDER

DATA and TAGS are those of `train_quotes.py`, which is run first: its model tells the parts of speech. What
the ranker learns from is labelled by chains that have not seen the article. It learns the conditional
likelihood of the right candidates among all (a log-linear model), by L-BFGS. Nothing in it is random.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import minimize

from tasks.annotate.models.chain_training import LEAST_DOCUMENTS, Doubles, Numbers, Settings
from tasks.annotate.models.train_quotes import Example, cue_shares, examples, train_labels
from tasks.annotate.quotes.assembly import Draft, assemble
from tasks.annotate.quotes.trained.candidates import Candidate, Surroundings
from tasks.annotate.quotes.trained.chain import Chain, packed
from tasks.annotate.quotes.trained.features import BITS, Rows
from tasks.annotate.quotes.trained.ranking import MODEL, doubtful, numbers
from tasks.annotate.quotes.trained.speech_parts import speech_parts
from tasks.annotate.quotes.trained.tagger import Labelling, TrainedTagger
from tasks.model import Span

FOLDS = 3
SAME_QUOTE = 0.3  # overlap from which a draft is a quote of the gold
# A candidate is right where it overlaps the gold's source at least half as well as the best one.
AS_GOOD = 0.5
L2 = 6.0  # of the squared weights; chosen, as LEAST_WEIGHT, by cross-validation on the training articles
LEAST_WEIGHT = 0.05
STEPS = 150  # of L-BFGS


@dataclass(frozen=True)
class Choice:
    """The candidates for one quote: their features (one column each), which are right, whose article."""

    numbers: Rows
    right: NDArray[np.bool_]
    article: int


def choices(some: Sequence[Example]) -> Iterator[Choice]:
    """The choices of all articles, each read by a chain that was trained on others."""
    tags = [speech_parts(example.sheet.forms) for example in some]
    for fold in range(FOLDS):
        others = [at for at in range(len(some)) if at % FOLDS != fold]
        learnt = [some[at] for at in others]
        shares = cue_shares(learnt)
        chain, _ = train_labels(learnt, [tags[at] for at in others], shares, Settings())
        yield from _fold_choices(some, fold, (chain, shares))


def _fold_choices(some: Sequence[Example], fold: int, model: Labelling) -> Iterator[Choice]:
    tagger = TrainedTagger(lambda: model)
    for at in range(fold, len(some), FOLDS):
        reading = some[at].reading
        tagging = tagger.tag(reading)
        drafts = assemble(reading, tagging.attributions)
        for index, found in doubtful(Surroundings(reading, tagging.signs, drafts)):
            right = _right(drafts[index], found, some[at].quotes)
            if right is not None:
                yield Choice(numbers(found), right, at)


def _right(
    draft: Draft, found: Sequence[Candidate], quotes: Sequence[dict[str, Any]]
) -> NDArray[np.bool_] | None:
    """Which candidates the gold's speaker is; None where the draft is no quote of the gold, or nobody is."""
    shares = [_overlap(draft.spans, quote["spans"]) for quote in quotes]
    if max(shares, default=0.0) < SAME_QUOTE:
        return None
    source = quotes[int(np.argmax(shares))]["speaker_spans"]
    close = np.array([_overlap([candidate.span], source) for candidate in found])
    return close >= AS_GOOD * close.max() if close.max() > 0 else None


def _overlap(left: Sequence[Span], right: Sequence[Sequence[int]]) -> float:
    """Intersection over union, in characters."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in left for b in right)
    size = sum(end - start for start, end in left) + sum(end - start for start, end in right) - shared
    return shared / size if size else 0.0


class _Likelihood:
    """How likely the right candidates are; `weights` has one for each kept feature."""

    def __init__(self, some: Sequence[Choice]) -> None:
        rows = np.concatenate([choice.numbers for choice in some], axis=1).T
        sizes = [choice.numbers.shape[1] for choice in some]
        self.starts = np.cumsum([0, *sizes[:-1]])
        self.choice = np.repeat(np.arange(len(some)), sizes)
        self.right = np.concatenate([choice.right for choice in some])
        self.kept = _kept(rows, np.repeat([choice.article for choice in some], sizes))
        column = np.full(1 << BITS, -1, np.int64)
        column[self.kept] = np.arange(len(self.kept))
        known = column[rows] >= 0
        ends = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
        cells = np.ones(ends[-1]), column[rows][known].astype(np.int32), ends
        self.matrix: Any = scipy.sparse.csr_matrix(cells, shape=(len(rows), len(self.kept)))
        self.turned: Any = self.matrix.T.tocsr()

    def __call__(self, weights: Doubles) -> tuple[float, Doubles]:
        """The negative logarithm, with the penalty, and its gradient."""
        scores = self.matrix @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, self.starts)[self.choice])
        all_, right = (np.add.reduceat(some, self.starts) for some in (odds, odds * self.right))
        surplus = odds / all_[self.choice] - odds * self.right / right[self.choice]
        lost = float((np.log(all_) - np.log(right)).sum() + L2 / 2 * weights @ weights)
        return lost, self.turned @ surplus + L2 * weights


def _kept(rows: Rows, articles: Numbers) -> Numbers:
    """The numbers of the features that enough articles have."""
    pairs = np.unique(rows.astype(np.int64) << 32 | articles[:, None])
    found, counts = np.unique(pairs >> 32, return_counts=True)
    kept: Numbers = found[counts >= LEAST_DOCUMENTS]
    return kept


def train(some: Sequence[Choice]) -> tuple[Chain, Numbers]:
    """A ranker, as a chain of one label, and the numbers of its features."""
    likelihood = _Likelihood(some)
    start = np.zeros(len(likelihood.kept))
    weights = minimize(likelihood, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    weights[np.abs(weights) < LEAST_WEIGHT] = 0
    column = np.append(weights, 0).astype(np.float32)[:, None]
    row_of = np.full(1 << BITS, len(weights), np.int32)
    row_of[likelihood.kept] = np.arange(len(weights), dtype=np.int32)
    return Chain(column, row_of, np.zeros((1, 1), np.float32), np.zeros(1, np.float32)), likelihood.kept


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("tags", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    some = list(choices(list(examples(options.data, options.tags))))
    model, kept = train(some)
    np.savez_compressed(options.folder / MODEL, **packed(model, kept))  # type: ignore[arg-type]
    print(f"{options.folder / MODEL}: {len(some):,} choices, {np.count_nonzero(model.weights):,} features")


if __name__ == "__main__":
    main()
