r"""Trains the tagger of names and writes its model; for developers.

    uv run --group train python -m tasks.annotate.entities.models.train \
        TRAIN.jsonl … --others MORE.jsonl … -o tasks/annotate/entities/models/names.npz

A row of TRAIN is `{"text", "entities": [{"start", "end", "label"}]}`, offsets in code points; labels are
PER, ORG, LOC, NORP and MISC, others are passed over. Everything is seeded. The second pass learns from what
the first says of documents that it has not seen: the documents are dealt into folds. Attributes and pairs of
words count only where several documents have them.

The guidelines of TRAIN are those that the tagger follows. MORE are corpora with other ones: their labels are
brought near (nationalities are NORP, titles stay outside of persons), and only the first rounds of the
training see them. Rows whose `licence` forbids commercial use are passed over.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

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
    averaged,
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
# The first passes that the second learns from have seen all documents but a fold, nearly as many as the
# first pass that it will work with.
FOLDS = 5
# Models that differ in the order of the documents and in the words that are hidden; their mean is steadier.
SEEDS = 2
NOT_COMMERCIAL = "NC"  # in a row's licence: it is passed over
# Averaged weights below this say nothing; without them the model is half as large.
LEAST_WEIGHT = 0.003


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document: its sentences, its tokens' contexts, and the example made of it."""

    sentences: Sequence[Sequence[Token]]
    contexts: list[Names]
    example: Example
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained: each pass so often, the first one once more without each fold."""

    schedule: Schedule
    seeds: int
    folds: int


def main() -> None:
    """Reads, trains both passes, writes the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--others", nargs="*", type=Path, default=())
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=Schedule().rounds)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="models whose weights are averaged")
    parser.add_argument("--folds", type=int, default=FOLDS)
    options = parser.parse_args()
    plan = Plan(Schedule(rounds=options.rounds), options.seeds, options.folds)
    encoder = Encoder()
    documents = [read(row, encoder) for path in options.corpora for row in rows_of(path)]
    documents += [
        read({**row, "entities": list(brought_near(row))}, encoder, is_other=True)
        for path in options.others
        for row in rows_of(path)
        if NOT_COMMERCIAL not in row.get("licence", "")
    ]
    tell(f"{len(documents)} documents, {sum(len(one.example.labels) for one in documents):,} tokens")
    saved(weights_of(passes_of(encoder, documents, plan)), options.output)
    tell(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


def passes_of(encoder: Encoder, documents: Sequence[Annotated], plan: Plan) -> list[Pass]:
    """Both passes."""
    known = vocabulary(encoder, documents)
    first = Pass(known, several(documents, known, plan))
    tell("first pass")
    read_again = second_documents(encoder, documents, known, plan)
    known = vocabulary(encoder, read_again)
    second = Pass(known, several(read_again, known, plan))
    tell("second pass")
    return [first, second]


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


def read(row: Mapping[str, Any], encoder: Encoder, *, is_other: bool = False) -> Annotated:
    """A document as an example; `is_other` says that its guidelines are not ours."""
    text = row["text"]
    lines = (words(text, line) for line in lines_of(text, Span(0, len(text))))
    found = [sentence.tokens for line in lines if line for sentence in sentences(line)]
    contexts = context_attributes(found)
    encoded = encoder.encoded(found, contexts)
    tokens = [token for sentence in found for token in sentence]
    names = (_without_direction(text, one) for one in row["entities"])
    labels = np.array([LABELS.index(label) for label in gold_labels(tokens, names)], np.int64)
    flat = [one for sentence in contexts for one in sentence]
    return Annotated(found, flat, Example(encoded, encoder.buckets(encoded), labels), is_other)


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The attributes that count, numbered, and which of them each word and each context has."""

    words: Mapping[str, int]
    contexts: Mapping[str, int]
    attributes: Attributes


class Pass(NamedTuple):
    """What one pass has learnt."""

    vocabulary: Vocabulary
    weights: Parameters


def vocabulary(encoder: Encoder, documents: Sequence[Annotated]) -> Vocabulary:
    """What several of the documents have."""
    words_ = [attributes_of(number, word) for number, word in enumerate(encoder.words_from(0))]
    contexts = encoder.contexts_from(0)
    examples = _examples(documents)
    own_words = frequent(words_, (np.unique(one.encoded.words) for one in examples))
    own_contexts = frequent(contexts, (np.unique(one.encoded.contexts) for one in examples))
    attributes = Attributes(
        word_matrix(words_, own_words), attribute_matrix(contexts, own_contexts), frequent_buckets(examples)
    )
    return Vocabulary(own_words, own_contexts, attributes)


def _examples(documents: Iterable[Annotated]) -> list[Example]:
    return [one.example for one in documents]


def several(documents: Sequence[Annotated], known: Vocabulary, plan: Plan) -> Parameters:
    """The mean of the weights of several models."""
    schedules = (replace(plan.schedule, seed=seed + 1) for seed in range(plan.seeds))
    return averaged(taught(documents, known, schedule) for schedule in schedules)


def taught(documents: Sequence[Annotated], known: Vocabulary, schedule: Schedule) -> Parameters:
    """The weights of one model."""
    own = [one.example for one in documents if not one.is_other]
    others = [one.example for one in documents if one.is_other]
    return learnt(own, LABELS, known.attributes, schedule, others)


def frequent(attributes: Sequence[Sequence[str]], documents: Iterable[Any]) -> dict[str, int]:
    """The attributes that several documents have, numbered."""
    spread: Counter[str] = Counter()
    for numbers in documents:
        spread.update({name for number in numbers for name in attributes[number]})
    kept = sorted(name for name, count in spread.items() if count >= FEWEST_DOCUMENTS)
    return {name: number for number, name in enumerate(kept)}


def second_documents(
    encoder: Encoder, documents: Sequence[Annotated], known: Vocabulary, plan: Plan
) -> list[Annotated]:
    """The documents with what a first pass says of them that has not seen their gold."""
    found: dict[int, Annotated] = {}
    for fold in range(plan.folds):
        seen = [one for number, one in enumerate(documents) if number % plan.folds != fold]
        weights = taught(seen, known, plan.schedule)
        unseen = range(fold, len(documents), plan.folds)
        read_ = predicted(weights, [documents[number].example for number in unseen], known.attributes)
        for number, (labels, probabilities) in zip(unseen, read_, strict=True):
            one = documents[number]
            pass_ = FirstPass(labels.tolist(), probabilities, LABELS)
            more = consistency_attributes(one.sentences, pass_, one.contexts)
            encoded = encoder.with_contexts(one.example.encoded, more)
            found[number] = replace(one, example=replace(one.example, encoded=encoded))
        tell(f"first pass without fold {fold + 1} of {plan.folds}")
    return [found[number] for number in range(len(documents))]


def weights_of(passes: Sequence[Pass]) -> Weights:
    """The weights of all passes in one model."""
    word_keys, words_ = _joined([(one.vocabulary.words, one.weights["words"]) for one in passes])
    context_keys, contexts = _joined([(one.vocabulary.contexts, one.weights["contexts"]) for one in passes])
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
