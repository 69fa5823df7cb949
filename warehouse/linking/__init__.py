"""What the linking of stories reads from the warehouse and writes into it, inside the caller's transaction.

The order of a link step: `find_changed`, `days_to_link`, `find_needed`, what kept.py does about features that
are not at hand, `forget_changed`; then, some days at a time, `take_window`, `read_samples`, `read_shingles`,
`read_terms`, `add_pairs`; at the end `days_to_group` and, some days at a time, `read_range`, `read_members`,
`replace_stories`. The .sql files beside this one are its statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.linking.scripts import append, count, run, script

Arrays = Mapping[str, NDArray[Any]]

# Versions whose features are made after the load are read so many at a time: some 20 MB.
VERSIONS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class SampleRows:
    """The articles of the window, by day and id: one number per article, and its sampled shingles."""

    days: NDArray[np.int64]
    is_new: NDArray[np.bool_]
    samples: list[NDArray[np.uint32]]


@dataclass(frozen=True, slots=True)
class TermRows:
    """Articles of the window, by their places in it: one number per article, and the packed terms of all."""

    places: NDArray[np.int64]
    days: NDArray[np.int64]
    outlets: NDArray[np.int64]
    is_new: NDArray[np.bool_]
    characters: NDArray[np.int64]
    sizes: NDArray[np.uint8]
    terms: NDArray[np.uint16]
    weights: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class RangeRows:
    """The linked articles of some days by id, and the pairs between them by their places."""

    days: NDArray[np.int64]
    is_new: NDArray[np.bool_]
    is_seed: NDArray[np.bool_]
    ones: NDArray[np.int64]
    others: NDArray[np.int64]
    is_copy: NDArray[np.bool_]
    scores: NDArray[np.float64]


# --- what is to be linked ------------------------------------------------------------


def find_changed(con: duckdb.DuckDBPyConnection, linker: str) -> int:
    """Find the articles that are new or read otherwise now; how many."""
    run(con, "changed.sql", linker=linker)
    return count(con, "SELECT count(*) FROM link_changed")


def forget_changed(con: duckdb.DuckDBPyConnection, reach: int) -> None:
    """Forget the pairs of articles that are linked anew; their stories stay until they are replaced.

    `reach` are the most days between the articles of a pair.
    """
    run(con, "forget.sql", days=reach)


def days_to_link(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """The days of the articles to be linked, with their number."""
    run(con, "dated.sql")
    return con.execute(script("days.sql")).fetchall()


def find_needed(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int) -> None:
    """Find the versions whose features linking these days needs: all within `margin` days of them."""
    run(con, "near_days.sql", days=days, margin=margin)
    run(con, "needed.sql")


# --- pairs -----------------------------------------------------------------------------


def take_window(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int, linker: str) -> None:
    """Take the changed articles of these days as linked; the window is they and all within `margin` days."""
    run(con, "near_days.sql", days=days, margin=margin)
    run(con, "take.sql", linker=linker)


def read_samples(con: duckdb.DuckDBPyConnection) -> SampleRows:
    """The sampled shingles of the articles of the window."""
    rows = con.execute(script("samples.sql")).fetchnumpy()
    return SampleRows(
        _whole(rows["day"]),
        np.asarray(rows["is_new"], np.bool_),
        [np.frombuffer(packed, "<u4") for packed in rows["fingerprints"]],
    )


def read_terms(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int) -> TermRows:
    """The terms of the articles of these days of the window, and of all within `margin` days."""
    run(con, "near_days.sql", days=days, margin=margin)
    rows = con.execute(script("terms.sql")).fetchnumpy()
    return TermRows(
        _whole(rows["place"]),
        _whole(rows["day"]),
        _whole(rows["outlet"]),
        np.asarray(rows["is_new"], np.bool_),
        _whole(rows["characters"]),
        np.frombuffer(b"".join(rows["sizes"]), np.uint8),
        np.frombuffer(b"".join(rows["terms"]), "<u2"),
        np.frombuffer(b"".join(rows["weights"]), "<u2"),
    )


def read_shingles(con: duckdb.DuckDBPyConnection, places: Sequence[int]) -> dict[int, NDArray[np.uint32]]:
    """All shingles of these articles of the window, by their places in it."""
    with _given(con, "wanted_places", {"place": np.array(places, np.int32)}):
        rows = con.execute(script("shingles.sql")).fetchall()
    return {place: np.frombuffer(packed, "<u4") for place, packed in rows}


def add_pairs(con: duckdb.DuckDBPyConnection, kind: str, rule: str, pairs: Arrays) -> None:
    """Write down pairs of the window: `one` and `other` are places, `score` 0 to 1."""
    with _given(con, "found_pairs", pairs):
        run(con, "add_pairs.sql", kind=kind, rule=rule)


# --- stories ---------------------------------------------------------------------------


def days_to_group(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """The days of the articles whose stories are to be made anew, with their number."""
    run(con, "seeds.sql")
    return con.execute(script("seed_days.sql")).fetchall()


def read_range(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int) -> RangeRows:
    """The linked articles within `margin` days of these, and their pairs."""
    run(con, "near_days.sql", days=days, margin=margin)
    run(con, "range.sql")
    articles = con.execute(script("range_articles.sql")).fetchnumpy()
    pairs = con.execute(script("range_pairs.sql")).fetchnumpy()
    return RangeRows(
        _whole(articles["day"]),
        np.asarray(articles["is_new"], np.bool_),
        np.asarray(articles["is_seed"], np.bool_),
        _whole(pairs["one"]),
        _whole(pairs["other"]),
        np.asarray(pairs["is_copy"], np.bool_),
        np.asarray(pairs["score"], np.float64),
    )


def linked_days(con: duckdb.DuckDBPyConnection) -> tuple[date, date]:
    """The first and the last day of all linked articles."""
    [(first, last)] = con.execute("SELECT min(linked_on), max(linked_on) FROM linked_articles").fetchall()
    return first, last


def read_members(con: duckdb.DuckDBPyConnection, places: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    """What stories need to know of these articles of the range: rows of members.sql, in their order."""
    with _given(con, "wanted_places", {"place": places.astype(np.int32)}):
        return con.execute(script("members.sql")).fetchall()


def story_ids_of(con: duckdb.DuckDBPyConnection, wanted: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these ids are those of stories."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_wanted (story_id UUID)")
    append(con, "link_wanted", [(story_id,) for story_id in wanted])
    found = con.execute("SELECT story_id FROM stories SEMI JOIN link_wanted USING (story_id)").fetchall()
    return frozenset(story_id for (story_id,) in found)


def replace_stories(
    con: duckdb.DuckDBPyConnection,
    replaced: Sequence[UUID],
    stories: Sequence[Sequence[Any]],
    articles: Sequence[Sequence[Any]],
    redirects: Sequence[tuple[UUID, UUID]],
    now: datetime,
) -> None:
    """Put stories in the place of others: rows of `stories`, of `story_articles`, and where others went."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_replaced (story_id UUID)")
    append(con, "link_replaced", [(story_id,) for story_id in replaced])
    con.execute(
        "DELETE FROM story_articles WHERE story_id IN (FROM link_replaced) "
        "AND linked_on BETWEEN (SELECT first FROM link_bounds) AND (SELECT last FROM link_bounds)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE link_stories AS FROM stories LIMIT 0")
    append(con, "link_stories", stories)
    # A row that stays is changed in its place: one transaction cannot delete a key and insert it again.
    con.execute(
        "DELETE FROM stories WHERE story_id IN (FROM link_replaced) "
        "AND story_id NOT IN (SELECT story_id FROM link_stories)"
    )
    con.execute("INSERT OR REPLACE INTO stories BY NAME FROM link_stories ORDER BY story_id")
    append(con, "story_articles", articles)
    con.execute("DELETE FROM story_redirects WHERE old_story_id IN (SELECT story_id FROM link_stories)")
    append(con, "story_redirects", [(old, new, now) for old, new in redirects])


# --- what features are made of ---------------------------------------------------------


def read_contents(con: duckdb.DuckDBPyConnection, versions: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """(version, title, text, body stretches, mentions) of versions, as contents.sql gives them."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_versions (version_id UUID)")
    append(con, "link_versions", [(version_id,) for version_id in versions])
    return con.execute(script("contents.sql")).fetchall()


# --- habits ------------------------------------------------------------------------------


class _given:  # noqa: N801 - reads as a word of the with statement
    """Arrays as a table of that name, while the block runs."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str, arrays: Arrays) -> None:
        self.con, self.name, self.arrays = con, name, dict(arrays)

    def __enter__(self) -> None:
        self.con.register(self.name, self.arrays)

    def __exit__(self, *_: object) -> None:
        self.con.unregister(self.name)


def _whole(column: NDArray[Any]) -> NDArray[np.int64]:
    return np.asarray(column, np.int64)
