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
    """Run every check and write `quality_checks`.

    With `since`, what costs a look into every text is only done for the versions loaded from then on: texts
    and what points into them never change.
    """
    _look_at(con, since)
    results = [_run(con, check) for check in all_checks()]
    con.execute("DROP VIEW checked_versions")
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
    return results


def _look_at(con: duckdb.DuckDBPyConnection, since: datetime | None) -> None:
    """The view `checked_versions`: the versions whose texts the checks read."""
    loaded = "true" if since is None else f"extracted_at >= TIMESTAMP '{since.isoformat(sep=' ')}'"
    con.execute(f"CREATE OR REPLACE TEMP VIEW checked_versions AS FROM article_versions WHERE {loaded}")


def _run(con: duckdb.DuckDBPyConnection, check: Check) -> CheckResult:
    count = f"""
        SELECT count(*), coalesce(list(found::VARCHAR)[:{SAMPLE_ROWS}], [])
        FROM (
            {check.sql}
        ) AS found
    """  # noqa: S608 (our own checks)
    violations, sample = con.execute(count).fetchone() or (0, [])
    return CheckResult(check, violations, tuple(sample))
