"""Measures quotes on an outlet that the models have not seen, beside the same articles by models that have.

    uv run --group train python -m tasks.annotate.models.measure_outlets DATA.jsonl TAGS.jsonl [--outlet O …]

DATA and TAGS are those of `train_quotes.py`. For each outlet the chain and the ranker of speakers are
trained on all the others, and read its articles ("unseen"). Beside it stand its articles as read by models
that were trained on two thirds of all outlets' ("known"): either way an article is new to its reader. Only
the parts of speech are told by the stored model, which holds nothing of the gold. It takes some 4 minutes of
CPU for each outlet, and thrice that for the known; what is measured is printed as it comes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from tasks.annotate.models import train_speakers
from tasks.annotate.models.chain_training import Settings
from tasks.annotate.models.quote_figures import Figures, Said, Tally, said
from tasks.annotate.models.train_quotes import Example, cue_shares, examples, train_labels
from tasks.annotate.quotes.assembly import assemble, carriers
from tasks.annotate.quotes.trained.chain import Chain
from tasks.annotate.quotes.trained.ranking import rank_speakers
from tasks.annotate.quotes.trained.speech_parts import speech_parts
from tasks.annotate.quotes.trained.tagger import Labelling, TrainedTagger

FOLDS = 3  # of the known: each article is read by models of the other two thirds
Tallies = Mapping[str, Tally]


def trained(some: Sequence[Example]) -> tuple[Labelling, Chain]:
    """The chain with its shares of cues, and the ranker."""
    shares = cue_shares(some)
    tags = [speech_parts(example.sheet.forms) for example in some]
    chain, _ = train_labels(some, tags, shares, Settings())
    ranker, _ = train_speakers.train(list(train_speakers.choices(some)))
    return (chain, shares), ranker


def read(some: Sequence[Example], labelling: Labelling, ranker: Chain, tallies: Tallies) -> None:
    """Count what these models find in articles, by outlet."""
    tagger = TrainedTagger(lambda: labelling)
    for example in some:
        tagging = tagger.tag(example.reading)
        drafts = assemble(example.reading, tagging.attributions)
        rank_speakers(example.reading, tagging.signs, drafts, lambda: ranker)
        outer = (draft for draft, by in zip(drafts, carriers(drafts), strict=True) if by is None)
        gold = [Said(quote["spans"], quote["speaker_spans"]) for quote in example.quotes]
        found = [said(draft.spans, draft.source) for draft in outer]
        tallies[example.outlet].add(example.reading, gold, found)


def known(some: Sequence[Example]) -> dict[str, Figures]:
    """The figures of each outlet by models of all outlets."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for fold in range(FOLDS):
        models = trained([example for at, example in enumerate(some) if at % FOLDS != fold])
        read(some[fold::FOLDS], *models, tallies)
    return {outlet: tally.figures() for outlet, tally in tallies.items()}


def unseen(some: Sequence[Example], outlet: str) -> Figures:
    """The figures of an outlet by models of all the others."""
    tallies = {outlet: Tally()}
    models = trained([example for example in some if example.outlet != outlet])
    read([example for example in some if example.outlet == outlet], *models, tallies)
    return tallies[outlet].figures()


def lines(some: Sequence[Example], outlets: Sequence[str]) -> Iterator[str]:
    """What is measured, as lines for a person."""
    yield f"{'':24}passages  speaker  contents @.3  exact"
    before = known(some)
    rows = []
    for outlet in outlets:
        yield _line(f"{outlet}, known", astuple(before[outlet]))
        found = unseen(some, outlet)
        yield _line(f"{outlet}, unseen", astuple(found))
        rows.append((astuple(before[outlet]), astuple(found)))
    old, new = np.mean(rows, axis=0)
    yield _line("mean, known", old)
    yield _line("mean, unseen", new)
    yield _line("drop", old - new)


def _line(title: str, figures: Sequence[float]) -> str:
    return f"{title:24}" + "{:8.1f} {:8.1f} {:12.1f} {:7.1f}".format(*figures)


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("tags", type=Path)
    parser.add_argument("--outlet", action="append", metavar="O", help="only this one; may be repeated")
    options = parser.parse_args()
    some = list(examples(options.data, options.tags))
    for line in lines(some, options.outlet or sorted({example.outlet for example in some})):
        print(line, flush=True)


if __name__ == "__main__":
    main()
