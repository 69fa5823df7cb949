"""Copies of articles that are given by path: seven kinds of edit, among other outlets' reports of the events.

The folder is named by ONRECORD_TEST_SUITES (`python3 dev.py suites FOLDER`); every `articles/*.jsonl` in it
is read: rows {title, outlet, text}, where several outlets tell the same events. Prints precision and recall.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tasks.link.copies import containment, copy_candidates
from tasks.link.fingerprints import sample, shingles

SUITES = os.environ.get("ONRECORD_TEST_SUITES")
ARTICLES = sorted(Path(SUITES or ".", "articles").glob("*.jsonl"))
pytestmark = [
    pytest.mark.suites,
    pytest.mark.skipif(not ARTICLES, reason="ONRECORD_TEST_SUITES names no folder with articles/*.jsonl"),
]

SEED = 7
COPIES = 150  # of each kind
SOURCES = 700
LEAST_CHARACTERS = 1500
LEAST_PRECISION, LEAST_RECALL = 0.97, 0.95

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Article:
    """A text and the number of the article it was made from; `kind` is the edit, if it is one."""

    source: int
    kind: str | None
    text: str


class Editor:
    """Seven ways in which a text comes to stand in another outlet."""

    def __init__(self, others: list[dict[str, str]]) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - nothing secret
        self.others = others
        self.words = [word for row in others[:200] for word in re.findall(r"\w+", row["text"].lower())]

    @property
    def kinds(self) -> dict[str, Callable[[str], str]]:
        """The edits by name."""
        return {
            "cut to half": lambda text: self.beginning(text, 2),
            "cut to a quarter": lambda text: self.beginning(text, 4),
            "edited": self.edited,
            "another text behind": lambda text: self.with_another(sentences(text), 0.6),
            "every tenth word replaced": self.garbled,
            "headlines behind": self.with_headlines,
            "mixed with another": self.mixed,
        }

    def beginning(self, text: str, part: int) -> str:
        """The first half or quarter."""
        told = sentences(text)
        return " ".join(told[: max(2, len(told) // part)])

    def edited(self, text: str) -> str:
        """A dateline before it, every fifth sentence left out, a credit behind."""
        kept = " ".join(sentence for sentence in sentences(text) if self.chance.random() > 0.2)
        return f"LONDON (AP) -- {kept} Sign up for our newsletter. The agency contributed to this report."

    def with_another(self, told: list[str], share: float) -> str:
        """A part of another article behind it."""
        other = sentences(self.chance.choice(self.others)["text"])
        return " ".join([*told, *other[: max(1, int(len(told) * share))]])

    def garbled(self, text: str) -> str:
        """Words replaced by chance."""
        words = text.split()
        return " ".join(
            self.chance.choice(self.words) if self.chance.random() < 0.1 else word for word in words
        )

    def with_headlines(self, text: str) -> str:
        """Six headlines of other articles behind it."""
        return " ".join([text, *(self.chance.choice(self.others)["title"] for _ in range(6))])

    def mixed(self, text: str) -> str:
        """Two sentences out of five, and half as much of another article."""
        return self.with_another([one for one in sentences(text) if self.chance.random() < 0.4], 0.5)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def made() -> list[Article]:
    """The articles and their copies, shuffled."""
    rows = [json.loads(line) for path in ARTICLES for line in path.open(encoding="utf-8")]
    long = [row for row in rows if len(row["text"]) > LEAST_CHARACTERS]
    half = min(SOURCES, len(long) // 2)
    sources, editor = long[:half], Editor(long[half:])
    articles = [Article(number, None, row["text"]) for number, row in enumerate(sources)]
    for kind, edit in editor.kinds.items():
        for number in editor.chance.sample(range(half), min(COPIES, half)):
            articles.append(Article(number, kind, edit(sources[number]["text"])))  # noqa: PERF401 - in this order
    editor.chance.shuffle(articles)
    return articles


def test_copies_of_every_kind_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    articles = made()
    hashed = [shingles(article.text) for article in articles]
    new = np.ones(len(articles), np.bool_)
    candidates = copy_candidates([sample(one) for one in hashed], np.zeros(len(articles), np.int64), new, 7)
    found = {pair for pair in candidates if containment(hashed[pair[0]], hashed[pair[1]])}
    right = sum(articles[one].source == articles[other].source for one, other in found)
    precision = right / len(found)
    recalls = recall_by_kind(articles, found)
    with capsys.disabled():
        print(f"\n{len(articles):,} articles, {len(found):,} pairs found, precision {precision:.4f}")
        print("\n".join(f"  {kind:<28}{recall:.3f}" for kind, recall in recalls.items()))
    assert precision >= LEAST_PRECISION
    assert min(recalls.values()) >= LEAST_RECALL


def recall_by_kind(articles: list[Article], found: set[tuple[int, int]]) -> dict[str, float]:
    """The share of the copies that were paired with their original."""
    originals = {article.source: at for at, article in enumerate(articles) if article.kind is None}
    paired: dict[str, list[bool]] = {}
    for at, article in enumerate(articles):
        if article.kind is not None:
            original = originals[article.source]
            paired.setdefault(article.kind, []).append((min(at, original), max(at, original)) in found)
    return {kind: sum(one) / len(one) for kind, one in sorted(paired.items())}
