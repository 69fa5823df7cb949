"""Measures the names that are found against gold; for developers.

    python -m tasks.annotate.entities.models.measure_names GOLD.jsonl … [--model NAMES.npz] [--errors N]

A row is `{"text", "entities": [{"start", "end", "label"}]}`. F1 is of exact spans with their label, PER, ORG
and LOC, a leading "the" ignored: of the tagger alone, and after all that is done to its names. Each text is
cleaned before, as in an ingest. The speed is of all steps (tagger, pass, dates and sums, roles, resolver) on
one core, words that were never seen before included.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.annotate.entities import annotate_entities
from tasks.annotate.entities.chosen import DEFAULT, tagger_named
from tasks.annotate.entities.tagger import Tagger
from tasks.annotate.entities.trained.model import loaded
from tasks.annotate.entities.trained.tagger import TrainedTagger
from tasks.annotate.tokens import paragraphs
from tasks.clean import clean
from tasks.model import Document, Given, SourceDocument

LABELS = ("PER", "ORG", "LOC")
ARTICLE = re.compile(r"(?:the|The|THE)\s")

Name = tuple[int, int, str]


@dataclass
class Counts:
    """Right, found and gold names by label, and the errors by kind."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, text: str, gold: set[Name], found: set[Name]) -> None:
        """One document."""
        self.gold.update(label for *_, label in gold)
        self.found.update(label for *_, label in found)
        self.right.update(label for *_, label in gold & found)
        self.errors.update(_errors(text, gold, found))

    def figures(self, labels: Iterable[str]) -> str:
        """Precision, recall and F1 in percent over some labels together."""
        right, found, gold = (
            sum(one[label] for label in labels) for one in (self.right, self.found, self.gold)
        )
        shares = right / (found or 1), right / (gold or 1), 2 * right / (found + gold or 1)
        return "P {:.1f} R {:.1f} F {:.1f}".format(*(100 * share for share in shares))


def main() -> None:
    """Reads the gold, finds names in it, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, help="weights other than those that are shipped")
    parser.add_argument("--tagger", default=DEFAULT)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the N commonest errors")
    options = parser.parse_args()
    tagger = tagger_named(options.tagger)
    if options.model:
        tagger = TrainedTagger(loaded(options.model.read_bytes()), str(options.model))
    for path in options.gold:
        for line in measured(path, tagger, options.errors):
            print(line)


def measured(path: Path, tagger: Tagger, errors: int) -> Iterator[str]:
    """The figures of one corpus as lines."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    alone, all_steps = Counts(), Counts()
    seconds, words = 0.0, 0
    for row in rows:
        document = _cleaned(row)
        parts = paragraphs(document)
        gold = _trimmed(row["text"], ((one["start"], one["end"], one["label"]) for one in row["entities"]))
        began = time.process_time()
        mentions = annotate_entities(document, parts, tagger).mentions
        seconds += time.process_time() - began
        words += len(document.text.split())
        named = ((*one.span, one.label.value) for one in mentions)
        all_steps.add(row["text"], gold, _trimmed(document.text, named))
        # Only now: the tagger remembers the words that it has seen.
        tagged = ((one.start, one.end, one.label.value) for one in tagger.tag(parts))
        alone.add(row["text"], gold, _trimmed(document.text, tagged))
    yield f"{path.name}  {len(rows)} documents, {words / seconds:,.0f} words a second"
    for title, counts in (("tagger alone", alone), ("all steps", all_steps)):
        by_label = "   ".join(f"{label} {counts.figures([label])}" for label in LABELS)
        yield f"  {title:13} {counts.figures(LABELS)}   {by_label}"
    for (kind, surface), count in all_steps.errors.most_common(errors):
        yield f"  {count:4}  {kind}  {surface}"
    if errors:
        kinds: Counter[str] = Counter()
        for (kind, _), count in all_steps.errors.items():
            kinds[kind] += count
        yield "  " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())


def _cleaned(row: Mapping[str, Any]) -> Document:
    return clean(SourceDocument("key", "key", "key", "text", row["text"], Given(language="en"), "digest"))


def _trimmed(text: str, names: Iterable[Name]) -> set[Name]:
    """The names that count, without a leading article."""
    found = set()
    for start, end, label in names:
        if label in LABELS:
            article = ARTICLE.match(text, start, end)
            found.add((article.end() if article else start, end, label))
    return found


def _errors(text: str, gold: set[Name], found: set[Name]) -> Iterator[tuple[str, str]]:
    """Each error with its kind: missed, made up, another label, other ends."""
    wrong = sorted(found - gold)
    for name in sorted(gold - found):
        start, end, label = name
        same = next((one for one in wrong if one[:2] == name[:2]), None)
        near = next((one for one in wrong if one[0] < end and start < one[1]), None)
        if same is not None:
            yield f"{label} taken for {same[2]}", text[start:end]
        elif near is not None:
            yield f"other ends of {label}", f"{text[start:end]} / {text[near[0] : near[1]]}"
        else:
            yield f"missed {label}", text[start:end]
    for start, end, label in wrong:
        if not any(one[0] < end and start < one[1] for one in gold):
            yield f"made up {label}", text[start:end]


if __name__ == "__main__":
    main()
