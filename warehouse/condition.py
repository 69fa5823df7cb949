"""In what condition a warehouse is: facts for `onrecord doctor`. Looks at everything and writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import duckdb

from warehouse.errors import WarehouseError, first_line, is_lock_conflict
from warehouse.files import WarehouseFiles
from warehouse.ledger import ledger_fault
from warehouse.lock import holder_of
from warehouse.readonly import connect_to_ours, is_absent, refuse_foreign
from warehouse.schema import steps_behind, tables_of
from warehouse.staging import staged_batches, torn_batches

State = Literal[
    "absent", "sound", "older_schema", "newer_schema", "changed_schema", "damaged", "locked", "foreign"
]

READABLE: Final = frozenset({"sound", "older_schema"})
_STATES: Final[dict[str, State]] = {
    "newer_schema": "newer_schema",
    "changed_schema": "changed_schema",
    "warehouse_locked": "locked",
    "not_a_warehouse": "foreign",
}
_MEMORY: Final = "1GB"

# The clock when each was written.
_STAMPS = """
SELECT what, moment
FROM (
    SELECT 'a loaded batch' AS what, max(loaded_at) AS moment FROM load_batches
    UNION ALL
    SELECT 'a run', max(started_at) FROM runs
    UNION ALL
    SELECT 'the snapshot', max(made_at) FROM snapshot_info
)
WHERE moment IS NOT NULL
"""
_FAILING = """
SELECT name, severity, checked_at, violations, sample
FROM quality_checks
QUALIFY row_number() OVER (PARTITION BY name ORDER BY checked_at DESC, rowid DESC) = 1
    AND NOT passed
ORDER BY severity, name
"""
_PLACES = """
SELECT url, source, polled_at, succeeded_at, coalesce(message, reason)
FROM fetch_places
WHERE reason IS NOT NULL
ORDER BY source, url
"""


@dataclass(frozen=True, slots=True)
class FileCondition:
    """A database file: its state, and in words what is wrong with it."""

    path: Path
    state: State
    told: str = ""
    bytes: int = 0

    @property
    def is_readable(self) -> bool:
        """Whether the warehouse can go on from it."""
        return self.state in READABLE


@dataclass(frozen=True, slots=True)
class FailingCheck:
    """A check that did not pass when it last ran."""

    name: str
    severity: str
    checked_at: datetime
    violations: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FailingPlace:
    """A feed, sitemap or list whose last look failed."""

    url: str
    source: str | None
    polled_at: datetime
    succeeded_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class WarehouseCondition:
    """Everything about one warehouse.

    `holder` is the process (and machine) that is loading; `waiting` are the ages, in seconds, of the staged
    batches that nobody has loaded, `torn` how many folders a dead worker left half-written.
    """

    published: FileCondition
    build: FileCondition
    holder: tuple[int | None, str | None] | None
    waiting: tuple[float, ...]
    torn: int
    is_rebuilding: bool
    set_aside: tuple[Path, ...]
    stamps: tuple[tuple[str, datetime], ...] = ()
    failing: tuple[FailingCheck, ...] = ()
    places: tuple[FailingPlace, ...] = ()


def condition_of(files: WarehouseFiles, clock: Callable[[], float] = time.time) -> WarehouseCondition:
    """Look at all of a warehouse; every block of both database files is read. `clock`: seconds since 1970."""
    holder = holder_of(files.lock)
    published = file_condition(files.published)
    build = FileCondition(files.build, "locked") if holder else file_condition(files.build)
    latest = build if build.is_readable else published
    told = _told_by(latest.path) if latest.is_readable else ((), (), ())
    return WarehouseCondition(
        published,
        build,
        holder,
        tuple(sorted(clock() - folder.stat().st_mtime for folder in staged_batches(files.staging))),
        len(torn_batches(files.staging)),
        files.rebuilding.exists(),
        tuple(sorted(files.work.glob("*.set-aside-*.duckdb"))),
        *told,
    )


def file_condition(path: Path) -> FileCondition:
    """The condition of one database file; all of it is read, so that what the disk lost shows."""
    if is_absent(path):
        return FileCondition(path, "absent")
    size = path.stat().st_size if path.is_file() else 0
    try:
        refuse_foreign(path)
        with connect_to_ours(path) as con:
            return FileCondition(path, *_state_of(con), size)
    except WarehouseError as error:
        return FileCondition(path, _STATES.get(error.reason, "damaged"), error.message, size)
    except (duckdb.Error, OSError) as error:
        if is_lock_conflict(error):
            return FileCondition(path, "locked", first_line(error), size)
        return FileCondition(path, "damaged", first_line(error), size)


def _state_of(con: duckdb.DuckDBPyConnection) -> tuple[State, str]:
    con.execute(f"SET memory_limit = '{_MEMORY}'")
    behind = steps_behind(con)
    if fault := ledger_fault(con):
        return "damaged", fault
    for table in sorted(tables_of(con)):
        # Blocks carry checksums, which DuckDB compares as it reads them.
        con.execute(f'SELECT max(hash(t)) FROM "{table}" AS t').fetchone()  # noqa: S608 - our own tables
    return ("older_schema", f"schema steps {behind[0]} to {behind[-1]}") if behind else ("sound", "")


def _told_by(
    path: Path,
) -> tuple[tuple[tuple[str, datetime], ...], tuple[FailingCheck, ...], tuple[FailingPlace, ...]]:
    """The clocks, the failing checks and the failing places that the warehouse itself tells of."""
    with connect_to_ours(path) as con:
        stamps = tuple(con.execute(_STAMPS).fetchall())
        failing = tuple(
            FailingCheck(name, severity, checked_at, violations, tuple(sample or ()))
            for name, severity, checked_at, violations, sample in con.execute(_FAILING).fetchall()
        )
        has_places = "fetch_places" in tables_of(con)
        places = con.execute(_PLACES).fetchall() if has_places else []
    return stamps, failing, tuple(FailingPlace(*row) for row in places)
