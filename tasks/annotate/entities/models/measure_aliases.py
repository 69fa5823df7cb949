"""Measures the resolver on gold mentions: B-cubed within and across documents; for developers.

    python -m tasks.annotate.entities.models.measure_aliases MENTIONS.jsonl [--errors N]

A row is a document: `{"doc_id", "entities": [{"start", "end", "label", "text", "cluster", "link"}]}`.
`cluster` is an entity in the document, `link` one across documents (null where nobody knows it). There is no
article text, so what the resolver reads around a mention is not there either: metonyms, countries beside
institutions. A short form in brackets is told by its distance: a blank and a bracket behind its long form.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tasks.annotate.entities.resolver import NamedMention, resolve_entities
from tasks.model import Label

SHORT_FORM = re.compile(r"[A-Z][A-Za-z.&-]{1,7}")
MOST_PARTS = 6  # of an error that are listed
BRACKET = 2  # characters between a long form and its short form in brackets


@dataclass
class Assignment:
    """Gold and found entities of mentions, side by side."""

    gold: list[Hashable] = field(default_factory=list)
    found: list[Hashable] = field(default_factory=list)

    def add(self, gold: Hashable, found: Hashable) -> None:
        """One mention."""
        self.gold.append(gold)
        self.found.append(found)

    def b_cubed(self) -> tuple[float, float, float]:
        """Precision, recall and F (Bagga and Baldwin 1998)."""
        both = Counter(zip(self.gold, self.found, strict=True))
        gold, found = Counter(self.gold), Counter(self.found)
        mentions = len(self.gold) or 1
        precision = sum(count * count / found[name] for (_, name), count in both.items()) / mentions
        recall = sum(count * count / gold[name] for (name, _), count in both.items()) / mentions
        return precision, recall, 2 * precision * recall / (precision + recall or 1)


def main() -> None:
    """Reads the mentions, resolves each document, prints both figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("mentions", type=Path)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the N commonest errors")
    options = parser.parse_args()
    with options.mentions.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    began = time.process_time()
    within, across, names = measured(rows)
    seconds = time.process_time() - began
    for title, assignment in (("within documents", within), ("across documents", across)):
        figures = "P {:.3f} R {:.3f} F {:.3f}".format(*assignment.b_cubed())
        print(f"{title}  {figures}   {len(assignment.gold):,} mentions")
    print(f"{len(within.gold) / seconds:,.0f} mentions a second")
    for line in _errors(across, names, options.errors):
        print(line)


def measured(rows: Sequence[Mapping[str, Any]]) -> tuple[Assignment, Assignment, list[str]]:
    """The assignments within and across documents, and the surfaces of the latter's mentions."""
    within, across, names = Assignment(), Assignment(), []
    for row in rows:
        mentions = sorted(row["entities"], key=lambda one: (one["start"], one["end"]))
        named = [NamedMention(one["text"], Label(one["label"])) for one in mentions]
        indexes, entities = resolve_entities(named, short_forms(mentions), row["doc_id"])
        for one, index in zip(mentions, indexes, strict=True):
            within.add((row["doc_id"], one["cluster"]), (row["doc_id"], index))
            if one["link"]:
                across.add(one["link"], entities[index].key)
                names.append(one["text"])
    return within, across, names


def short_forms(mentions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Short forms by their distance from the name before them."""
    found: dict[str, str] = {}
    for one, other in pairwise(mentions):
        is_near = other["start"] - one["end"] == BRACKET and other["label"] == Label.ORGANISATION
        capitals = sum(letter.isupper() for letter in other["text"])
        if is_near and capitals > 1 and SHORT_FORM.fullmatch(other["text"]) and len(one["text"].split()) > 1:
            found.setdefault(other["text"], one["text"])
    return found


def _errors(assignment: Assignment, names: Sequence[str], most: int) -> Iterator[str]:
    """The gold entities whose mentions fell apart, and the found ones that mix several, by mentions."""
    apart: defaultdict[Hashable, Counter[tuple[Hashable, str]]] = defaultdict(Counter)
    mixed: defaultdict[Hashable, Counter[tuple[Hashable, str]]] = defaultdict(Counter)
    for gold, found, name in zip(assignment.gold, assignment.found, names, strict=True):
        apart[gold][found, name] += 1
        mixed[found][gold, name] += 1
    for title, groups in (("apart", apart), ("mixed", mixed)):
        costs = {group: _lost(members) for group, members in groups.items()}
        for group in sorted(costs, key=lambda one: (-costs[one], str(one)))[:most]:
            parts = groups[group].most_common(MOST_PARTS)
            told = ", ".join(f"{name} → {other} ({count})" for (other, name), count in parts)
            yield f"{title}  {costs[group]:4}  {group}: {told}"


def _lost(members: Counter[tuple[Hashable, str]]) -> int:
    """How many mentions are not with the largest part."""
    parts: Counter[Hashable] = Counter()
    for (other, _), count in members.items():
        parts[other] += count
    return parts.total() - max(parts.values())


if __name__ == "__main__":
    main()
