"""Made articles as staged batches, written in SQL: a million of them without holding a text in memory."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import duckdb
import numpy as np

from tests.bench.made_features import made_features
from warehouse.ids import stable_id
from warehouse.rows import STAGED_TYPES, sql_columns

A_DAY = 3_000  # articles
PEOPLE = 300_000  # who may be named; most of them rarely
VOCABULARY = 60_000  # words; the rarest in one of a hundred thousand places
FILLERS = 40_000  # stretches of ten words that sentences are made of


def stage_made_batches(
    staging: Path, number: int, first: int, at_once: int, a_day: int = A_DAY
) -> Iterator[Path]:
    """Stage so many made articles from number `first` on, batch by batch; each folder as it is done."""
    with duckdb.connect(":memory:") as con:
        _make_fillers(con)
        for begin in range(first, first + number, at_once):
            size = min(at_once, first + number - begin)
            yield _stage(con, staging / str(stable_id("made", str(begin), str(size))), begin, size, a_day)


def _make_fillers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE TABLE fillers AS
        SELECT
            k,
            string_agg(
                concat('w', lpad(floor(pow((hash(k, p) % 1000003) / 1000003.0, 3) * $vocabulary)::INTEGER::VARCHAR, 6, '0')),
                ' '
                ORDER BY p
            ) AS words
        FROM range($fillers) AS f(k)
        CROSS JOIN range(10) AS t(p)
        GROUP BY k
        """,  # noqa: E501
        {"vocabulary": VOCABULARY, "fillers": FILLERS},
    )


def _stage(con: duckdb.DuckDBPyConnection, folder: Path, first: int, number: int, a_day: int) -> Path:
    for table in STAGED_TYPES:
        columns = ", ".join(f'"{name}" {sql}' for name, sql in sql_columns(table).items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    values = {"first": first, "number": number, "a_day": a_day, "people": PEOPLE, "fillers": FILLERS}
    script = (resources.files("tests.bench") / "made_batches.sql").read_text(encoding="utf-8")
    for statement in script.split(";"):
        if statement.strip():
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            con.execute(statement, used)
    _add_features(con)
    folder.mkdir(parents=True)
    for table in STAGED_TYPES:
        [rows] = con.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        if rows:
            con.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return folder


def _add_features(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT version_id, n, event FROM made ORDER BY n").fetchall()
    versions, numbers, events = zip(*rows, strict=True)
    appender = con.appender("article_features")
    appender.append_rows(
        list(made_features(list(versions), np.array(numbers, np.uint64), np.array(events, np.uint64)))
    )
    appender.flush()
