"""Finds the pairs of newly linked articles in the warehouse and keeps them: an edge around the pure modules.

Called by `story_step.py`, in its transaction. Whether two articles are a pair depends on the two alone, so
those that were compared once are never compared again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import duckdb
import numpy as np

from tasks.link.candidates import STORY_DAYS, candidates
from tasks.link.copies import COPY_RULE, containment, copy_candidates
from tasks.link.pair_figures import Comparison
from tasks.link.pair_score import LEAST_KEPT, StoryModel, likelihood
from tasks.link.window import Floats, Ints, window_of
from warehouse.linking import add_pairs, read_samples, read_shingles, read_terms, take_window

# Days between an article and a copy of it, and so the furthest that a pair reaches.
WINDOW_DAYS: Final = 7
# Pairs that are judged in one go.
PAIRS_AT_ONCE: Final = 50_000


def pair_days(con: duckdb.DuckDBPyConnection, days: Sequence[date], linker: str, model: StoryModel) -> None:
    """Link the articles of these days: find their pairs with each other and with all that are linked."""
    take_window(con, days, WINDOW_DAYS, linker)
    _pair_copies(con)
    _pair_stories(con, days, model)


def _pair_copies(con: duckdb.DuckDBPyConnection) -> None:
    rows = read_samples(con)
    pairs = list(copy_candidates(rows.samples, rows.days, rows.is_new, WINDOW_DAYS))
    shingles = read_shingles(con, sorted({place for pair in pairs for place in pair})) if pairs else {}
    found = [
        (one, other, share)
        for one, other in pairs
        if (share := containment(shingles[one], shingles[other])) > 0
    ]
    if found:
        ones, others, shares = (np.array(column) for column in zip(*found, strict=True))
        _add(con, "copy", COPY_RULE, ones, others, shares)


def _pair_stories(con: duckdb.DuckDBPyConnection, days: Sequence[date], model: StoryModel) -> None:
    rows = read_terms(con, days, STORY_DAYS)
    window = window_of(rows.days, rows.outlets, rows.characters, rows.sizes, rows.terms, rows.weights)
    compare = Comparison(window)
    waiting: list[tuple[int, Ints]] = []
    pairs = 0
    for article, others in candidates(window, rows.is_new):
        if len(others):
            waiting.append((article, others))
            pairs += len(others)
        if pairs >= PAIRS_AT_ONCE:
            _judge(con, compare, waiting, rows.places, model)
            waiting, pairs = [], 0
    if waiting:
        _judge(con, compare, waiting, rows.places, model)


def _judge(
    con: duckdb.DuckDBPyConnection,
    compare: Comparison,
    waiting: Sequence[tuple[int, Ints]],
    places: Ints,
    model: StoryModel,
) -> None:
    ones, others, figures = compare.figures(waiting)
    likely = likelihood(figures, model)
    kept = likely >= LEAST_KEPT
    _add(con, "story", model.version, places[ones[kept]], places[others[kept]], likely[kept])


def _add(
    con: duckdb.DuckDBPyConnection, kind: str, rule: str, ones: Ints, others: Ints, scores: Floats
) -> None:
    places = {"one": ones.astype(np.int32), "other": others.astype(np.int32)}
    add_pairs(con, kind, rule, {**places, "score": scores})
