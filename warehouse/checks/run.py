"""Runs the integrity checks after a load and keeps what they found in `quality_checks`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final, Literal, cast
from uuid import UUID

import duckdb

from warehouse.checks.scope import is_all, is_all_due, look_at

SAMPLE_ROWS: Final = 3  # enough to go and look; the check itself lists the rest

Severity = Literal["error", "warning"]

_HEADER = re.compile(r"-- name: (\w+)\n-- severity: (error|warning)\n-- (.+)\n")


@dataclass(frozen=True, slots=True)
class Check:
    """A SELECT that must return no row, and what it means if it does."""

    name: str
    severity: Severity
    meaning: str
    sql: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found; `sample` holds its first rows."""

    check: Check
    violations: int
    sample: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no row breaks the rule."""
        return self.violations == 0

    @property
    def failed(self) -> bool:
        """Whether the run that made this may not count as good: warnings do not fail."""
        return not self.passed and self.check.severity == "error"


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of this package, by name."""
    folder = resources.files("warehouse") / "checks"
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return tuple(sorted((parse(file.read_text(encoding="utf-8")) for file in files), key=lambda c: c.name))


def parse(script: str) -> Check:
    """The check that a file describes. Raises ValueError where its header is not as it should be."""
    found = _HEADER.match(script)
    if found is None:
        raise ValueError(f"a check without its header: {script[:80]!r}")
    return Check(found[1], cast("Severity", found[2]), found[3], script)


def run_checks(
    con: duckdb.DuckDBPyConnection, run_id: UUID, now: datetime, *, since: datetime | None = None
) -> list[CheckResult]:
    """Run the checks and write `quality_checks`.

    With `since`, they look at what was loaded from then on: what lies in the warehouse does not change by
    itself. They look at everything where enough came in since they last did. A check that failed the last
    time looks at everything until it passes, so that what it found is not forgotten; where nothing was loaded
    since, only such ones are run.
    """
    failing = failing_checks(con)
    anything_new = _anything_loaded(con, since)
    of_all = since is None or (anything_new and (is_all(con, since) or is_all_due(con)))
    wanted = [check for check in all_checks() if anything_new or check.name in failing]
    results: list[CheckResult] = []
    for scope in dict.fromkeys((since, None)):
        chosen = [check for check in wanted if (of_all or check.name in failing) == (scope is None)]
        if chosen:
            look_at(con, scope)
            results += [_run(con, check) for check in chosen]
    results.sort(key=lambda found: found.check.name)
    if results:
        _keep(con, run_id, now, results, of_all=of_all)
    return results


def _keep(
    con: duckdb.DuckDBPyConnection, run_id: UUID, now: datetime, results: list[CheckResult], *, of_all: bool
) -> None:
    con.execute("BEGIN")
    con.executemany(
        "INSERT INTO quality_checks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                run_id,
                found.check.name,
                found.check.severity,
                now,
                found.violations,
                list(found.sample),
                found.passed,
                of_all,
            ]
            for found in results
        ],
    )
    con.execute("COMMIT")


def failing_checks(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The grave checks that did not pass when they were last run.

    A warning is of what was just loaded (an outlet whose pages look otherwise, say): told once is enough.
    """
    rows = con.execute(
        """
        SELECT name
        FROM quality_checks
        QUALIFY row_number() OVER (PARTITION BY name ORDER BY checked_at DESC, rowid DESC) = 1
            AND NOT passed
            AND severity = 'error'
        """
    ).fetchall()
    return frozenset(name for (name,) in rows) & {check.name for check in all_checks()}


def _anything_loaded(con: duckdb.DuckDBPyConnection, since: datetime | None) -> bool:
    if since is None:
        return True
    return con.execute("SELECT 1 FROM load_batches WHERE loaded_at >= ?", [since]).fetchone() is not None


def _run(con: duckdb.DuckDBPyConnection, check: Check) -> CheckResult:
    """What the check finds in what is looked at."""
    count = f"""
        SELECT count(*), coalesce(list(found::VARCHAR)[:{SAMPLE_ROWS}], [])
        FROM (
            {check.sql}
        ) AS found
    """  # noqa: S608 (our own checks)
    violations, sample = con.execute(count).fetchone() or (0, [])
    return CheckResult(check, violations, tuple(sample))
