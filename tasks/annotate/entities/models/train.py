r"""Trains the tagger of names and writes its model; for developers.

    uv run --group train python -m tasks.annotate.entities.models.train \
        TRAIN.jsonl … --others MORE.jsonl … -o tasks/annotate/entities/models/names.npz

A row of TRAIN is `{"text", "entities": [{"start", "end", "label"}]}`, offsets in code points; labels are
PER, ORG, LOC, NORP and MISC, others are passed over. Everything is seeded. The second pass learns from what
the first says of documents that it has not seen: the documents are dealt into folds. Attributes and pairs of
words count only where several documents have them.

The guidelines of TRAIN are those that the tagger follows. MORE are corpora with other ones: their labels are
brought near (nationalities are NORP, titles stay outside of persons), and each of their tokens carries an
attribute that says so, which takes up what still differs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tasks.annotate.entities.gazetteer import demonyms, role_words
from tasks.annotate.entities.tagger import NameSpan, without_direction
from tasks.annotate.entities.trained.consistency import FirstPass, consistency_attributes
from tasks.annotate.entities.trained.crf_training import (
    FEWEST_DOCUMENTS,
    Attributes,
    Example,
    Parameters,
    Schedule,
    attribute_matrix,
    frequent_buckets,
    learnt,
    predicted,
    word_matrix,
)
from tasks.annotate.entities.trained.encoding import OFFSETS, Encoder
from tasks.annotate.entities.trained.features import Attributes as Names
from tasks.annotate.entities.trained.features import context_attributes
from tasks.annotate.entities.trained.model import Bytes, Weights, attribute_key, attributes_of, saved
from tasks.annotate.tokens import Token, lines_of, sentences, words
from tasks.model import Label, Span

KINDS = ("PER", "ORG", "LOC", "NORP", "MISC")
LABELS = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BI"))
FOLDS = 4
OTHER = "other guidelines"
# Averaged weights below this say nothing; without them the model is half as large.
LEAST_WEIGHT = 0.003


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document: its sentences, its tokens' contexts, and the example made of it."""

    sentences: Sequence[Sequence[Token]]
    contexts: list[Names]
    example: Example


def main() -> None:
    """Reads, trains both passes, writes the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--others", nargs="*", type=Path, default=())
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=Schedule().rounds)
    parser.add_argument("--passes", type=int, choices=(1, 2), default=2)
    options = parser.parse_args()
    schedule = Schedule(rounds=options.rounds)
    encoder = Encoder()
    documents = [read(row, encoder) for path in options.corpora for row in rows_of(path)]
    documents += [
        read({**row, "entities": list(brought_near(row))}, encoder, OTHER)
        for path in options.others
        for row in rows_of(path)
    ]
    tell(f"{len(documents)} documents, {sum(len(one.example.labels) for one in documents):,} tokens")
    passes = [_Pass(encoder, [one.example for one in documents], schedule)]
    tell("first pass")
    if options.passes > 1:
        passes.append(_Pass(encoder, list(second_examples(encoder, documents, schedule)), schedule))
        tell("second pass")
    saved(weights_of(passes), options.output)
    tell(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


def tell(message: str) -> None:
    """Progress, with the CPU seconds so far."""
    print(f"{time.process_time():7.1f} s  {message}", flush=True)


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a corpus."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def brought_near(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The names of a corpus with other guidelines, as ours would have them."""
    for name in row["entities"]:
        surface = row["text"][name["start"] : name["end"]]
        if name["label"] in {"LOC", "MISC"} and surface in demonyms():
            yield {**name, "label": "NORP"}
        elif name["label"] == "PER" and (title := _title(surface)):
            yield {**name, "start": name["start"] + title}
        else:
            yield dict(name)


def _title(surface: str) -> int:
    """How many characters of titles a person's name begins with; 0 where nothing else is left."""
    tokens = words(surface)
    titles = role_words()["nouns"] | role_words()["honorifics"] | role_words()["modifiers"]
    for token in tokens:
        if token.text.casefold() not in titles:
            return token.start
    return 0


def read(row: Mapping[str, Any], encoder: Encoder, *marks: str) -> Annotated:
    """A document as an example; `marks` are attributes of all its tokens."""
    text = row["text"]
    lines = (words(text, line) for line in lines_of(text, Span(0, len(text))))
    found = [sentence.tokens for line in lines if line for sentence in sentences(line)]
    contexts = [[(*one, *marks) for one in sentence] for sentence in context_attributes(found)]
    encoded = encoder.encoded(found, contexts)
    tokens = [token for sentence in found for token in sentence]
    names = (_without_direction(text, one) for one in row["entities"])
    labels = np.array([LABELS.index(label) for label in gold_labels(tokens, names)], np.int64)
    flat = [one for sentence in contexts for one in sentence]
    return Annotated(found, flat, Example(encoded, encoder.buckets(encoded), labels))


def _without_direction(text: str, name: Mapping[str, Any]) -> dict[str, Any]:
    """The name as the tagger gives it: corpora are at odds with themselves about "northern Syria"."""
    if name["label"] != Label.PLACE:
        return dict(name)
    span = NameSpan(name["start"], name["end"], Label.PLACE, 1.0, "gold")
    return {**name, "start": without_direction(text, span).start}


def gold_labels(tokens: Sequence[Token], entities: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The label of each token; one that is only partly in a name belongs to it."""
    names = sorted((one["start"], one["end"], one["label"]) for one in entities if one["label"] in KINDS)
    at, before = 0, None
    for token in tokens:
        while at < len(names) and names[at][1] <= token.start:
            at += 1
        if at < len(names) and names[at][0] < token.end:
            yield f"{'I' if before == at else 'B'}-{names[at][2]}"
            before = at
        else:
            yield "O"
            before = None


class _Pass:
    """One pass: which attributes count, and their weights."""

    def __init__(self, encoder: Encoder, examples: Sequence[Example], schedule: Schedule) -> None:
        words_ = [attributes_of(number, word) for number, word in enumerate(encoder.words_from(0))]
        contexts = encoder.contexts_from(0)
        self.words = frequent(words_, (np.unique(one.encoded.words) for one in examples))
        self.contexts = frequent(contexts, (np.unique(one.encoded.contexts) for one in examples))
        self.attributes = Attributes(
            word_matrix(words_, self.words),
            attribute_matrix(contexts, self.contexts),
            frequent_buckets(examples),
        )
        self.weights: Parameters = learnt(examples, LABELS, self.attributes, schedule)


def frequent(attributes: Sequence[Sequence[str]], documents: Iterable[Any]) -> dict[str, int]:
    """The attributes that several documents have, numbered."""
    spread: Counter[str] = Counter()
    for numbers in documents:
        spread.update({name for number in numbers for name in attributes[number]})
    kept = sorted(name for name, count in spread.items() if count >= FEWEST_DOCUMENTS)
    return {name: number for number, name in enumerate(kept)}


def second_examples(
    encoder: Encoder, documents: Sequence[Annotated], schedule: Schedule
) -> Iterator[Example]:
    """The documents with what a first pass says of them that was trained on the others."""
    found: dict[int, Example] = {}
    for fold in range(FOLDS):
        others = [one.example for number, one in enumerate(documents) if number % FOLDS != fold]
        first = _Pass(encoder, others, schedule)
        own = [number for number in range(len(documents)) if number % FOLDS == fold]
        read_ = predicted(first.weights, [documents[number].example for number in own], first.attributes)
        for number, (labels, probabilities) in zip(own, read_, strict=True):
            one = documents[number]
            pass_ = FirstPass(labels.tolist(), probabilities, LABELS)
            more = consistency_attributes(one.sentences, pass_, one.contexts)
            encoded = encoder.with_contexts(one.example.encoded, more)
            found[number] = Example(encoded, one.example.buckets, one.example.labels)
        tell(f"first pass without fold {fold + 1} of {FOLDS}")
    return (found[number] for number in range(len(documents)))


def weights_of(passes: Sequence[_Pass]) -> Weights:
    """The weights of all passes in one model."""
    word_keys, words_ = _joined([(one.words, one.weights["words"]) for one in passes])
    context_keys, contexts = _joined([(one.contexts, one.weights["contexts"]) for one in passes])
    pairs = np.stack([_pruned(one.weights["pairs"]) for one in passes], axis=1)
    return Weights(
        labels=LABELS,
        word_keys=word_keys,
        words=Bytes.of(words_),
        context_keys=context_keys,
        contexts=Bytes.of(contexts),
        pairs=Bytes.of(pairs),
        transitions=np.stack([one.weights["transitions"] for one in passes]),
        opening=np.stack([one.weights["opening"] for one in passes]),
    )


def _joined(tables: Sequence[tuple[Mapping[str, int], Any]]) -> tuple[Any, Any]:
    """The keys of all passes' attributes that have a weight, sorted, and their weights by offset and pass."""
    rows: dict[int, Any] = {}
    for number, (columns, values) in enumerate(tables):
        for name, column in columns.items():
            own = _pruned(values[column]).reshape(OFFSETS, len(LABELS))
            if own.any():
                empty = np.zeros((OFFSETS, len(tables), len(LABELS)), np.float32)
                rows.setdefault(attribute_key(name), empty)[:, number] = own
    keys = sorted(rows)
    return np.array(keys, np.uint32), np.stack([rows[key] for key in keys])


def _pruned(values: Any) -> Any:
    return np.where(np.abs(values) < LEAST_WEIGHT, 0, values)


if __name__ == "__main__":
    main()
