"""Trains the models of quotes: speech_parts.npz and quote_labels.npz. Seeded; the data are given by path.

    uv run --with spacy --with MODEL python -m tasks.annotate.models.tag_speech_parts DATA.jsonl TAGS.jsonl
    uv run --group train python -m tasks.annotate.models.train_quotes DATA.jsonl TAGS.jsonl FOLDER

DATA has a row for each article: {doc_id, outlet, text, quotes: [{spans, cue_spans, speaker_spans}]}, offsets
as in PolNeAR. `--leave-out OUTLET` and `--hold-out N` (each N-th article) keep articles out of the training.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.annotate.entities import annotate_entities
from tasks.annotate.models.chain_training import LEAST_DOCUMENTS, Numbers, Sample, Settings, train
from tasks.annotate.quotes.attribution import Attribution
from tasks.annotate.quotes.tagger import RuleTagger
from tasks.annotate.quotes.trained import speech_parts
from tasks.annotate.quotes.trained.chain import Chain, packed
from tasks.annotate.quotes.trained.labels import KINDS, LABELS, NUMBERS, OUTSIDE, Sheet
from tasks.annotate.quotes.trained.places import SHARES
from tasks.annotate.quotes.trained.tagger import MODEL
from tasks.annotate.quotes.trained.traits import code
from tasks.annotate.quotes.units import Reading, read_units
from tasks.annotate.tokens import paragraphs
from tasks.clean import clean
from tasks.model import Given, SourceDocument, Span

FOLDS = 2  # a part of speech that the chain learns from is told by a model that has not seen the article
TAG_SETTINGS = Settings(epochs=5, l1=2.0, l2=2.0)
MOST_INSIDE = 0.5  # share of a passage from which it belongs to a span of the gold


@dataclass(frozen=True)
class Example:
    """An article as the tagger reads it, with what it should say."""

    name: str
    outlet: str
    reading: Reading
    sheet: Sheet
    rules: list[list[Attribution]]
    labels: Numbers
    tags: Numbers
    quotes: list[dict[str, Any]]


def examples(data: Path, tags: Path) -> Iterator[Example]:
    """The articles whose text is stored as it is given, so that the offsets fit."""
    tag_of = {row["doc_id"]: dict(row["tags"]) for row in _rows(tags)}
    for row in _rows(data):
        name, text = row["doc_id"], row["text"]
        document = clean(SourceDocument(name, name, str(data), "text", text, Given(language="en"), name))
        if len(document.text) != len(text):
            continue
        parts = paragraphs(document)
        reading = read_units(document, parts, annotate_entities(document, parts).mentions)
        sheet = Sheet(reading.lines)
        told = tag_of[name]
        yield Example(
            name,
            row["outlet"],
            reading,
            sheet,
            RuleTagger().attributions(reading),
            _beside(sheet, gold_labels(reading, row["quotes"])),
            _beside(sheet, [[_tag(told.get(unit.start)) for unit in line.units] for line in reading.lines]),
            row["quotes"],
        )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _tag(tag: str | None) -> int:
    if tag is None:
        return 0
    return speech_parts.TAGS.index(tag if tag in speech_parts.TAGS else "MARK")


def _beside(sheet: Sheet, values: Sequence[Sequence[int]]) -> Numbers:
    """Values of the units of each line, in the rows of a sheet."""
    found = np.zeros(len(sheet.forms), np.int64)
    for (start, end), line in zip(sheet.ranges, values, strict=True):
        found[start:end] = line
    return found


def gold_labels(reading: Reading, quotes: Sequence[dict[str, Any]]) -> list[list[int]]:
    """The label of each unit of each line; cues win over sources, and these over contents."""
    found = [[OUTSIDE] * len(line.units) for line in reading.lines]
    starts = [line.span.start for line in reading.lines]
    for field, kind in (("spans", "content"), ("speaker_spans", "source"), ("cue_spans", "cue")):
        for quote in quotes:
            cue = quote["cue_spans"][0][0] if quote["cue_spans"] else -1
            for start, end in quote[field]:
                side = "" if kind == "cue" else "<" if start < cue else ">"
                first = max(0, bisect_right(starts, start) - 1)
                for number in range(first, bisect_right(starts, end - 1)):
                    _mark(reading, found, number, Span(start, end), KINDS.index(kind + side))
    return [_opened(line) for line in found]


def _mark(reading: Reading, labels: list[list[int]], number: int, span: Span, kind: int) -> None:
    """Label the units of a line that are inside a span."""
    label = 1 + 2 * kind
    for at, unit in enumerate(reading.lines[number].units):
        shared = min(unit.end, span.end) - max(unit.start, span.start)
        if shared > 0 and (unit.passage is None or shared >= MOST_INSIDE * (unit.end - unit.start)):
            labels[number][at] = label
            label = 2 + 2 * kind


def _opened(labels: list[int]) -> list[int]:
    """The labels with a first one wherever a span begins: one may have lost its first to another."""
    return [
        label - 1
        if label and label % 2 == 0 and (at == 0 or (labels[at - 1] + 1) // 2 != label // 2)
        else label
        for at, label in enumerate(labels)
    ]


def train_tags(some: Sequence[Example]) -> tuple[Chain, Numbers]:
    """A model of parts of speech; each unit is a line of its own, so that no transition is learnt."""
    count = len(speech_parts.TAGS)
    samples = [
        Sample(
            speech_parts.NUMBERS(example.sheet.forms),
            [(at, at + 1) for low, high in example.sheet.ranges for at in range(low, high)],
            example.tags,
        )
        for example in some
    ]
    return train(samples, np.ones((count, count), np.bool_), TAG_SETTINGS)


def told_tags(all_: Sequence[Example]) -> list[NDArray[np.uint32]]:
    """The parts of speech of each article, by a model that was trained on others."""
    found: dict[str, NDArray[np.uint32]] = {}
    for fold in range(FOLDS):
        model, _ = train_tags([example for at, example in enumerate(all_) if at % FOLDS != fold])
        for example in all_[fold::FOLDS]:
            found[example.name] = speech_parts.tagged(model, example.sheet.forms)
    return [found[example.name] for example in all_]


def cue_shares(some: Sequence[Example]) -> dict[int, int]:
    """How often a word is a cue, as a step of SHARES, by its hash; of those that are one in some articles."""
    uses: Counter[int] = Counter()
    cues: Counter[int] = Counter()
    articles: defaultdict[int, set[str]] = defaultdict(set)
    for example in some:
        for line, (start, _) in zip(example.reading.lines, example.sheet.ranges, strict=True):
            for at, unit in enumerate(line.units):
                if unit.passage is None:
                    word = code(unit.lower)
                    uses[word] += 1
                    if example.labels[start + at] in (1, 2):
                        cues[word] += 1
                        articles[word].add(example.name)
    shares = {word: cues[word] / (uses[word] + 1) for word in cues if len(articles[word]) >= LEAST_DOCUMENTS}
    return {word: 1 + int(np.searchsorted(SHARES, share, "right")) for word, share in shares.items()}


def allowed_labels() -> NDArray[np.bool_]:
    """A further label stands behind a first or a further one of its kind."""
    count = len(LABELS)
    found = np.ones((count, count), np.bool_)
    for further in range(2, count, 2):
        found[:, further] = False
        found[[further - 1, further], further] = True
    return found


def train_labels(
    some: Sequence[Example], tags: Sequence[NDArray[np.uint32]], shares: dict[int, int], settings: Settings
) -> tuple[Chain, Numbers]:
    """The chain of labels."""
    samples = []
    for example, told in zip(some, tags, strict=True):
        rows = example.sheet.complete(told, example.rules, example.reading.mentions, shares)
        samples.append(Sample(NUMBERS(rows), example.sheet.ranges, example.labels))
    return train(samples, allowed_labels(), settings)


def save(folder: Path, some: Sequence[Example], settings: Settings) -> None:
    """Train on some articles and write both models."""
    model, numbers = train_tags(some)
    _write(folder / speech_parts.MODEL, packed(model, numbers))
    shares = cue_shares(some)
    chain, kept = train_labels(some, told_tags(some), shares, settings)
    words = np.array(sorted(shares), np.int64)
    gaps = np.diff(words, prepend=0).astype(np.uint32)
    steps = np.array([shares[word] for word in words.tolist()], np.uint8)
    _write(folder / MODEL, {**packed(chain, kept), "share_gaps": gaps, "share_steps": steps})


def _write(path: Path, arrays: Any) -> None:
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("tags", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave-out", metavar="OUTLET", help="train on the other outlets only")
    parser.add_argument("--hold-out", metavar="N", type=int, default=0, help="leave out each N-th article")
    options = parser.parse_args()
    some = [
        example
        for at, example in enumerate(examples(options.data, options.tags))
        if example.outlet != options.leave_out and not (options.hold_out and at % options.hold_out == 0)
    ]
    save(options.folder, some, Settings())


if __name__ == "__main__":
    main()
