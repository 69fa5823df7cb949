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

    With `since`, what costs a look into every text is only done for the versions loaded from then on: texts
    and what points into them never change. A check that failed the last time looks at everything until it
    passes, so that what it found is not forgotten; where nothing was loaded since, only such ones are run.
    """
    failing = failing_checks(con)
    anything_new = _anything_loaded(con, since)
    results = [
        _run(con, check, None if check.name in failing else since)
        for check in all_checks()
        if anything_new or check.name in failing
    ]
    if results:
        _keep(con, run_id, now, results)
    return results


def _keep(con: duckdb.DuckDBPyConnection, run_id: UUID, now: datetime, results: list[CheckResult]) -> None:
    con.execute("BEGIN")
    con.executemany(
        "INSERT INTO quality_checks VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            [
                run_id,
                found.check.name,
                found.check.severity,
                now,
                found.violations,
                list(found.sample),
                found.passed,
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


def _run(con: duckdb.DuckDBPyConnection, check: Check, since: datetime | None) -> CheckResult:
    """What the check finds; `checked_versions` are the versions whose texts it reads."""
    loaded = "true" if since is None else f"extracted_at >= TIMESTAMP '{since.isoformat(sep=' ')}'"
    con.execute(f"CREATE OR REPLACE TEMP VIEW checked_versions AS FROM article_versions WHERE {loaded}")
    count = f"""
        SELECT count(*), coalesce(list(found::VARCHAR)[:{SAMPLE_ROWS}], [])
        FROM (
            {check.sql}
        ) AS found
    """  # noqa: S608 (our own checks)
    violations, sample = con.execute(count).fetchone() or (0, [])
    con.execute("DROP VIEW checked_versions")
    return CheckResult(check, violations, tuple(sample))
