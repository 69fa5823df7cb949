"""What the linking of stories reads from the warehouse and writes into it, inside the caller's transaction.

The order of a link step: `find_changed`, `add_features` where there are none, `forget_changed`,
`days_to_link`; then, some days at a time, `take_window`, `read_samples`, `read_shingles`, `read_terms`,
`add_pairs`; at the end `days_to_group` and, some days at a time, `read_range`, `read_members`,
`replace_stories`. The .sql files beside this one are its statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any, Final
from uuid import UUID

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.ids import stable_id
from warehouse.ledger import enter_batch
from warehouse.rows import ROW_TYPES, FeaturesRow

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
    _run(con, "changed.sql", linker=linker)
    return _count(con, "SELECT count(*) FROM link_changed")


def versions_without_features(con: duckdb.DuckDBPyConnection, features: str) -> list[UUID]:
    """The versions to be linked that have no features, or old ones."""
    found = con.execute(_script("unlinked_features.sql"), {"features": features}).fetchall()
    return [version_id for (version_id,) in found]


def forget_changed(con: duckdb.DuckDBPyConnection, reach: int) -> None:
    """Forget the pairs of articles that are linked anew; their stories stay until they are replaced.

    `reach` are the most days between the articles of a pair.
    """
    _run(con, "forget.sql", days=reach)


def days_to_link(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """The days of the articles to be linked, with their number."""
    _run(con, "dated.sql")
    return con.execute(_script("days.sql")).fetchall()


# --- pairs -----------------------------------------------------------------------------


def take_window(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int, linker: str) -> None:
    """Take the changed articles of these days as linked; the window is they and all within `margin` days."""
    _run(con, "near_days.sql", days=days, margin=margin)
    _run(con, "take.sql", linker=linker)


def read_samples(con: duckdb.DuckDBPyConnection) -> SampleRows:
    """The sampled shingles of the articles of the window."""
    rows = con.execute(_script("samples.sql")).fetchnumpy()
    return SampleRows(
        _whole(rows["day"]),
        np.asarray(rows["is_new"], np.bool_),
        [np.frombuffer(packed, "<u4") for packed in rows["fingerprints"]],
    )


def read_terms(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int) -> TermRows:
    """The terms of the articles of these days of the window, and of all within `margin` days."""
    _run(con, "near_days.sql", days=days, margin=margin)
    rows = con.execute(_script("terms.sql")).fetchnumpy()
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
        rows = con.execute(_script("shingles.sql")).fetchall()
    return {place: np.frombuffer(packed, "<u4") for place, packed in rows}


def add_pairs(con: duckdb.DuckDBPyConnection, kind: str, rule: str, pairs: Arrays) -> None:
    """Write down pairs of the window: `one` and `other` are places, `score` 0 to 1."""
    with _given(con, "found_pairs", pairs):
        _run(con, "add_pairs.sql", kind=kind, rule=rule)


# --- stories ---------------------------------------------------------------------------


def days_to_group(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """The days of the articles whose stories are to be made anew, with their number."""
    _run(con, "seeds.sql")
    return con.execute(_script("seed_days.sql")).fetchall()


def read_range(con: duckdb.DuckDBPyConnection, days: Sequence[date], margin: int) -> RangeRows:
    """The linked articles within `margin` days of these, and their pairs."""
    _run(con, "near_days.sql", days=days, margin=margin)
    _run(con, "range.sql")
    articles = con.execute(_script("range_articles.sql")).fetchnumpy()
    pairs = con.execute(_script("range_pairs.sql")).fetchnumpy()
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
        return con.execute(_script("members.sql")).fetchall()


def story_ids_of(con: duckdb.DuckDBPyConnection, wanted: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these ids are those of stories."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_wanted (story_id UUID)")
    _append(con, "link_wanted", [(story_id,) for story_id in wanted])
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
    _append(con, "link_replaced", [(story_id,) for story_id in replaced])
    con.execute(
        "DELETE FROM story_articles WHERE story_id IN (FROM link_replaced) "
        "AND linked_on BETWEEN (SELECT first FROM link_bounds) AND (SELECT last FROM link_bounds)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE link_stories AS FROM stories LIMIT 0")
    _append(con, "link_stories", stories)
    # A row that stays is changed in its place: one transaction cannot delete a key and insert it again.
    con.execute(
        "DELETE FROM stories WHERE story_id IN (FROM link_replaced) "
        "AND story_id NOT IN (SELECT story_id FROM link_stories)"
    )
    con.execute("INSERT OR REPLACE INTO stories BY NAME FROM link_stories ORDER BY story_id")
    _append(con, "story_articles", articles)
    con.execute("DELETE FROM story_redirects WHERE old_story_id IN (SELECT story_id FROM link_stories)")
    _append(con, "story_redirects", [(old, new, now) for old, new in redirects])


# --- features that no worker made --------------------------------------------------------


def read_contents(con: duckdb.DuckDBPyConnection, versions: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """(version, title, text, body stretches, mentions) of versions, as contents.sql gives them."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_versions (version_id UUID)")
    _append(con, "link_versions", [(version_id,) for version_id in versions])
    return con.execute(_script("contents.sql")).fetchall()


def add_features(con: duckdb.DuckDBPyConnection, rows: Sequence[FeaturesRow], now: datetime) -> None:
    """Write features of loaded versions in place of old ones; the ledger counts those that are new."""
    empty = "SELECT * EXCLUDE (linked_on) FROM article_features LIMIT 0"
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_features AS {empty}")
    _append(con, "link_features", rows)
    before = _count(con, "SELECT count(*) FROM article_features")
    _run(con, "add_features.sql")
    added = _count(con, "SELECT count(*) FROM article_features") - before
    if added:
        batch_id = stable_id("features", *(f"{row.version_id} {row.features}" for row in rows))
        enter_batch(con, batch_id, dict.fromkeys(ROW_TYPES, 0) | {"article_features": added}, now)


# --- habits ------------------------------------------------------------------------------


class _given:  # noqa: N801 - reads as a word of the with statement
    """Arrays as a table of that name, while the block runs."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str, arrays: Arrays) -> None:
        self.con, self.name, self.arrays = con, name, dict(arrays)

    def __enter__(self) -> None:
        self.con.register(self.name, self.arrays)

    def __exit__(self, *_: object) -> None:
        self.con.unregister(self.name)


def _run(con: duckdb.DuckDBPyConnection, script: str, **values: object) -> None:
    for statement in _script(script).split(";"):
        if statement.strip():
            con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


def _script(name: str) -> str:
    lines = (resources.files("warehouse.linking") / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        appender = con.appender(table)
        appender.append_rows(rows)
        appender.flush()


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _whole(column: NDArray[Any]) -> NDArray[np.int64]:
    return np.asarray(column, np.int64)
