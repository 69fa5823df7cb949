"""Made articles as staged batches, written in SQL: a million of them without holding a text in memory."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import duckdb

from warehouse.ids import stable_id
from warehouse.rows import ROW_TYPES, sql_columns

A_DAY = 500  # articles
PEOPLE = 300_000  # who may be named; most of them rarely
VOCABULARY = 60_000  # words; the rarest in one of a hundred thousand places
FILLERS = 40_000  # stretches of ten words that sentences are made of
AT_ONCE = 10_000  # articles a batch


def stage_made_batches(staging: Path, number: int, first: int = 0, at_once: int = AT_ONCE) -> Iterator[Path]:
    """Stage so many made articles, batch by batch; each folder as it is done."""
    with duckdb.connect(":memory:") as con:
        _make_fillers(con)
        for begin in range(first, first + number, at_once):
            size = min(at_once, first + number - begin)
            yield _stage(con, staging / str(stable_id("made", str(begin), str(size))), begin, size)


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


def _stage(con: duckdb.DuckDBPyConnection, folder: Path, first: int, number: int) -> Path:
    for table in ROW_TYPES:
        columns = ", ".join(f'"{name}" {sql}' for name, sql in sql_columns(table).items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    values = {"first": first, "number": number, "a_day": A_DAY, "people": PEOPLE, "fillers": FILLERS}
    script = (resources.files("tests.bench") / "made_batches.sql").read_text(encoding="utf-8")
    for statement in script.split(";"):
        if statement.strip():
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            con.execute(statement, used)
    folder.mkdir(parents=True)
    for table in ROW_TYPES:
        [rows] = con.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        if rows:
            con.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return folder
