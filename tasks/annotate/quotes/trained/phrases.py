"""Noun phrases told by parts of speech: who may have spoken. Called by `candidates.py`."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.annotate.quotes.trained.speech_parts import TAGS
from tasks.annotate.quotes.units import Unit

Range = tuple[int, int]

NOUNS = frozenset(TAGS.index(tag) for tag in ("NN", "NNS", "NNP", "NNPS"))
OPENERS = frozenset(TAGS.index(tag) for tag in ("DT", "PDT", "PRP$"))
INSIDE = NOUNS | OPENERS | frozenset(TAGS.index(tag) for tag in ("CD", "JJ", "JJR", "JJS", "POS"))
PRONOUNS = frozenset(TAGS.index(tag) for tag in ("PRP", "WP", "WDT"))


def phrases(units: Sequence[Unit], tags: Sequence[int], low: int, high: int) -> list[Range]:
    """The noun phrases of a sentence, units [low, high); those joined by "of" are one."""
    found: list[Range] = []
    at = low
    while at < high:
        end = at + 1
        if tags[at] in INSIDE:
            end = _end(tags, at, high)
            last = _last_noun(tags, at, end)
            if last is not None:
                joined = found and found[-1][1] == at - 1 and units[at - 1].lower == "of"
                start = found.pop()[0] if joined else at
                found.append((start, last + 1))
        elif tags[at] in PRONOUNS:
            found.append((at, end))
        at = end
    return found


def _end(tags: Sequence[int], at: int, high: int) -> int:
    """Behind the units that go on with a phrase; a determiner behind a noun begins another."""
    end, seen = at, False
    while end < high and tags[end] in INSIDE and not (seen and tags[end] in OPENERS):
        seen = seen or tags[end] in NOUNS
        end += 1
    return end


def _last_noun(tags: Sequence[int], at: int, end: int) -> int | None:
    return next((place for place in range(end - 1, at - 1, -1) if tags[place] in NOUNS), None)
