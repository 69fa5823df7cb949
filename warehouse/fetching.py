"""What fetching remembers: read before a run from the published file, written when the run has loaded.

The rows are plain; what they mean is decided in `tasks.fetch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import duckdb

from warehouse.ids import storable

KEPT: Final = timedelta(days=30)  # a host that nobody asked for so long is forgotten


class FetchRow(NamedTuple):
    """A row of `fetches`."""

    fetch_id: UUID
    run_id: UUID | None
    url: str
    final_url: str
    kind: str
    outcome: str
    reason: str | None
    message: str | None
    status: int | None
    media_type: str | None
    bytes: int | None
    etag: str | None
    last_modified: str | None
    source_digest: str | None
    archived_at: str | None
    source: str | None
    address_key: str | None
    started_at: datetime
    ended_at: datetime


class HostRow(NamedTuple):
    """A row of `fetch_hosts`."""

    host: str
    next_at: datetime | None
    troubles: int
    last_trouble: str | None
    seen_at: datetime


class RobotsRow(NamedTuple):
    """A row of `fetch_robots`."""

    origin: str
    status: int | None
    content: str | None
    fetched_at: datetime


class PlaceRow(NamedTuple):
    """A row of `fetch_places`."""

    url: str
    source: str | None
    polled_at: datetime
    succeeded_at: datetime | None
    next_poll_at: datetime
    interval_seconds: float
    new_items: int
    known_items: int
    failed_items: int
    reason: str | None
    message: str | None
    etag: str | None
    last_modified: str | None
    source_digest: str | None
    fetched_at: datetime | None


class KnownRow(NamedTuple):
    """What is known of an address that was fetched, or loaded from elsewhere."""

    address_key: str
    kind: str
    first_at: datetime
    last_at: datetime
    etag: str | None
    last_modified: str | None
    source_digest: str | None
    fetched_at: datetime | None
    reason: str | None


class VisitedRow(NamedTuple):
    """An article that was fetched for a source, and what is known of it."""

    url: str
    source: str
    known: KnownRow


class Remembered(NamedTuple):
    """All that is small enough to be read at once."""

    hosts: Sequence[HostRow]
    robots: Sequence[RobotsRow]
    places: Sequence[PlaceRow]
    looks: dict[str | None, tuple[int, int]]  # by source: looks at known articles, and changes found


# A page that was fetched, found unchanged, or that failed in a way that will not pass by itself.
_KNOWN = """
WITH asked AS (SELECT unnest($keys) AS address_key)
SELECT
    address_key,
    max_by(kind, started_at),
    min(started_at),
    max(started_at),
    max_by(etag, started_at) FILTER (outcome = 'fetched'),
    max_by(last_modified, started_at) FILTER (outcome = 'fetched'),
    max_by(source_digest, started_at) FILTER (outcome = 'fetched'),
    max(started_at) FILTER (outcome = 'fetched'),
    nullif(max_by(coalesce(reason, ''), started_at), '')
FROM fetches
SEMI JOIN asked USING (address_key)
WHERE kind <> 'robots'
  AND (
      outcome IN ('fetched', 'not modified')
      OR reason NOT IN (SELECT unnest($passing))
  )
GROUP BY address_key
"""
_VISITED = """
SELECT
    max_by(url, started_at),
    max_by(source, started_at),
    address_key,
    'page',
    min(started_at),
    max(started_at),
    max_by(etag, started_at) FILTER (outcome = 'fetched'),
    max_by(last_modified, started_at) FILTER (outcome = 'fetched'),
    max_by(source_digest, started_at) FILTER (outcome = 'fetched'),
    max(started_at) FILTER (outcome = 'fetched'),
    NULL
FROM fetches
WHERE kind = 'page'
  AND (
      outcome IN ('fetched', 'not modified')
      OR reason NOT IN (SELECT unnest($passing))
  )
  AND started_at > $since
  AND source IN (SELECT unnest($sources))
GROUP BY address_key
HAVING count(*) FILTER (outcome IN ('fetched', 'not modified')) > 0
ORDER BY address_key
"""
_LOADED = """
WITH asked AS (SELECT unnest($keys) AS address_key)
SELECT
    address_key,
    min(first_seen_at)
FROM articles
JOIN asked ON natural_key = concat('url:', address_key)
GROUP BY address_key
"""
_LOOKS = """
SELECT
    source,
    count(*),
    count(*) FILTER (outcome = 'fetched')
FROM (
    SELECT
        source,
        outcome,
        row_number() OVER (PARTITION BY address_key ORDER BY started_at) AS number
    FROM fetches
    WHERE kind = 'page'
      AND outcome IN ('fetched', 'not modified')
      AND started_at > $since
)
WHERE number > 1
GROUP BY source
"""


def remembered(con: duckdb.DuckDBPyConnection, since: datetime) -> Remembered:
    """Hosts, robots.txt files, feeds, and how often articles were found changed since then."""
    looks = con.execute(_LOOKS, {"since": since}).fetchall()
    return Remembered(
        [HostRow(*row) for row in _all(con, "fetch_hosts", HostRow)],
        [RobotsRow(*row) for row in _all(con, "fetch_robots", RobotsRow)],
        [PlaceRow(*row) for row in _all(con, "fetch_places", PlaceRow)],
        {source: (looked, changes) for source, looked, changes in looks},
    )


def _all(con: duckdb.DuckDBPyConnection, table: str, shape: type[Any]) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {_columns(shape)} FROM {table}").fetchall()  # noqa: S608 - our own names


def known_addresses(
    con: duckdb.DuckDBPyConnection, keys: Sequence[str], passing: Sequence[str]
) -> list[KnownRow]:
    """What is known of those of the addresses that were fetched or loaded before.

    `passing` are the reasons of failures that may pass by themselves: an address that failed so is unknown.
    """
    asked = list(keys)
    fetched = [
        KnownRow(*row) for row in con.execute(_KNOWN, {"keys": asked, "passing": list(passing)}).fetchall()
    ]
    have = {row.address_key for row in fetched}
    loaded = con.execute(_LOADED, {"keys": asked}).fetchall()
    return fetched + [
        KnownRow(key, "page", seen_at, seen_at, None, None, None, None, None)
        for key, seen_at in loaded
        if key not in have
    ]


def visited_articles(
    con: duckdb.DuckDBPyConnection, sources: Sequence[str], since: datetime, passing: Sequence[str]
) -> list[VisitedRow]:
    """The articles that were fetched for these sources since then, however often.

    `passing` are the reasons of failures that may pass by themselves; any other counts as a look.
    """
    asked = {"sources": list(sources), "since": since, "passing": list(passing)}
    rows = con.execute(_VISITED, asked).fetchall()
    return [VisitedRow(url, source, KnownRow(*known)) for url, source, *known in rows]


def record_fetches(con: duckdb.DuckDBPyConnection, rows: Iterable[FetchRow]) -> None:
    """Enter attempts; those that are there already stay as they are."""
    _write(con, "fetches", FetchRow, rows, "fetch_id", replaces=False)


def record_states(
    con: duckdb.DuckDBPyConnection,
    hosts: Iterable[HostRow],
    robots: Iterable[RobotsRow],
    places: Iterable[PlaceRow],
    now: datetime,
) -> None:
    """Enter what is known of hosts, sites and feeds now."""
    _write(con, "fetch_hosts", HostRow, hosts, "host", replaces=True)
    _write(con, "fetch_robots", RobotsRow, robots, "origin", replaces=True)
    _write(con, "fetch_places", PlaceRow, places, "url", replaces=True)
    con.execute("DELETE FROM fetch_hosts WHERE seen_at < ?", [now - KEPT])
    con.execute("DELETE FROM fetch_robots WHERE fetched_at < ?", [now - KEPT])


def _write(
    con: duckdb.DuckDBPyConnection,
    table: str,
    shape: type[Any],
    rows: Iterable[tuple[Any, ...]],
    key: str,
    *,
    replaces: bool,
) -> None:
    """Insert rows, all at once; the last of a key counts."""
    latest = {getattr(row, key): row for row in rows}
    if not latest:
        return
    columns = _columns(shape)
    con.execute(f"CREATE OR REPLACE TEMP TABLE told AS SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608
    appender = con.appender("told")
    appender.append_rows([tuple(_storable(value) for value in row) for row in latest.values()])
    appender.flush()
    if replaces:
        con.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM told)")  # noqa: S608
    con.execute(f"INSERT INTO {table} BY NAME FROM told ANTI JOIN {table} USING ({key})")
    con.execute("DROP TABLE told")


def _storable(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _columns(shape: type[Any]) -> str:
    return ", ".join(f'"{name}"' for name in shape._fields)
