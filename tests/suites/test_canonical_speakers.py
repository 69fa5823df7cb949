"""A hundred canonical speakers, read and written down by hand, in articles that are given by path.

ONRECORD_TEST_QUOTES names PolNeAR's development articles as JSONL rows {doc_id, text}.
`canonical_speakers.jsonl` holds where a quote stands in them and who said it: any of some names, or null
where nobody is named ("critics", "most people"). Prints those that came out otherwise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tasks.annotate import annotate
from tasks.clean import clean
from tasks.model import AnnotatedDocument, Given, Quote, SourceDocument

ARTICLES = os.environ.get("ONRECORD_TEST_QUOTES")
CHECKED = Path(__file__).parent / "canonical_speakers.jsonl"
MOST_WRONG = 10

pytestmark = [
    pytest.mark.suites,
    pytest.mark.skipif(ARTICLES is None, reason="ONRECORD_TEST_QUOTES names no articles"),
]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@cache
def articles() -> dict[str, str]:
    return {row["doc_id"]: row["text"] for row in rows(Path(ARTICLES or ""))}


@cache
def annotated(name: str) -> AnnotatedDocument:
    given = Given(language="en")
    return annotate(clean(SourceDocument(name, name, "here", "text", articles()[name], given, name)))


def said_by(found: AnnotatedDocument, start: int, end: int) -> str | None:
    """The canonical speaker of the quote that shares most with a stretch of the text; "" for no quote."""

    def shared(quote: Quote) -> int:
        return sum(max(0, min(end, span.end) - max(start, span.start)) for span in quote.spans)

    outer = [quote for quote in found.quotes if quote.carrier is None]
    best = max(outer, key=shared, default=None)
    if best is None or not shared(best):
        return ""
    return found.entities[best.speaker_entity].name if best.speaker_entity is not None else None


def without_article(name: str | None) -> str | None:
    """The name as it is written down: "The Dallas Morning News" is the Dallas Morning News."""
    return name.removeprefix("The ") if name is not None else None


def test_a_hundred_canonical_speakers() -> None:
    checked = list(rows(CHECKED))
    wrong = []
    for row in checked:
        who = said_by(annotated(row["doc_id"]), row["start"], row["end"])
        if without_article(who) not in (row["speaker"] or [None]):
            wrong.append((row["doc_id"], row["start"], row["speaker"], who))
    print(f"canonical speakers: {len(checked) - len(wrong)} of {len(checked)} right")
    for one in wrong:
        print(" ", *one)
    assert len(checked) == 100
    assert len(wrong) <= MOST_WRONG
