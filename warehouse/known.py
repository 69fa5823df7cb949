"""Which inputs are in the warehouse already, so that nobody extracts them twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import duckdb

from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.lock import loader_lock
from warehouse.readonly import is_absent
from warehouse.schema import is_ours
from warehouse.source import choose_source

# What was seen again may have become a version that was first read elsewhere: observations tell of it, too.
_READ = """
SELECT
    source_digest,
    min(version_id) AS version_id
FROM (
    SELECT source_digest, version_id
    FROM article_versions
    WHERE extractor = $extractor
      AND source_digest IN (SELECT unnest($digests))
    UNION ALL
    SELECT o.source_digest, o.version_id
    FROM observations AS o
    JOIN article_versions AS v USING (version_id)
    WHERE v.extractor = $extractor
      AND o.source_digest IN (SELECT unnest($digests))
)
GROUP BY source_digest
"""
_OBSERVED = """
SELECT version_id, observed_at
FROM observations
WHERE version_id IN (SELECT unnest($versions))
"""
# Versions of the same input that other rules made later: what this extraction read is in force no more.
_SUPERSEDED = """
WITH revived AS (
    SELECT
        version_id,
        max(revived_at) AS revived_at
    FROM version_revivals
    GROUP BY version_id
),
made AS (
    SELECT
        v.version_id,
        v.source_digest,
        v.extractor,
        greatest(v.extracted_at, r.revived_at) AS made_at
    FROM article_versions AS v
    LEFT JOIN revived AS r USING (version_id)
    WHERE v.source_digest IN (SELECT unnest($digests))
)
SELECT
    m.version_id,
    max(o.made_at)
FROM made AS m
JOIN made AS o USING (source_digest)
WHERE m.extractor = $extractor
  AND o.extractor <> $extractor
GROUP BY m.version_id, m.made_at
HAVING max(o.made_at) > m.made_at
"""
_FAILED = """
SELECT
    input,
    stage,
    reason,
    message,
    source_digest
FROM failures
WHERE coalesce(extractor, $extractor) = $extractor
  AND source_digest IN (SELECT unnest($digests))
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A document that could not be used before, and why."""

    input: str
    stage: str
    reason: str
    message: str
    source_digest: str


@dataclass(frozen=True, slots=True)
class KnownSources:
    """What this version of the extraction has read already, into articles and into failures.

    `read` holds the version of each digest, `observed` when these versions were seen, `superseded` those of
    them after which other rules have read the same input, with the moment when they did.
    """

    read: dict[str, UUID] = field(default_factory=dict)
    failed: tuple[KnownFailure, ...] = ()
    observed: frozenset[tuple[UUID, datetime]] = frozenset()
    superseded: frozenset[tuple[UUID, datetime]] = frozenset()

    @property
    def digests(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.read) | {failure.source_digest for failure in self.failed}


def known_sources(
    where: Path | duckdb.DuckDBPyConnection, digests: Sequence[str], *, extractor: str
) -> KnownSources:
    """Which of the digests this version of the extraction has read.

    Given the published file's path it blocks nobody: it looks into the build while no loader holds it, else
    into the published file. Empty where there is no warehouse; a digest that is missing only costs time.
    """
    if isinstance(where, duckdb.DuckDBPyConnection):
        return _known(where, digests, extractor)
    files = WarehouseFiles(where)
    if not digests or not (files.build.exists() or not is_absent(where)):
        return KnownSources()
    found = _known_in_build(files, digests, extractor)
    return _known_in(where, digests, extractor) if found is None else found


def _known_in_build(files: WarehouseFiles, digests: Sequence[str], extractor: str) -> KnownSources | None:
    """What the build knows, which may be ahead; None where it is busy or not the one that will be loaded."""
    if not files.build.exists():
        return None
    try:
        with loader_lock(files, wait_seconds=0):
            source = choose_source(files)
            if source == "new":
                return KnownSources()
            return _known_in(files.build, digests, extractor) if source == "build" else None
    except (WarehouseError, OSError):
        return None


def _known_in(path: Path, digests: Sequence[str], extractor: str) -> KnownSources:
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return _known(con, digests, extractor) if is_ours(con) else KnownSources()
    except duckdb.Error:
        return (
            KnownSources()
        )  # absent, foreign or busy: the loader says so, in a sentence, when it comes to that


def _known(con: duckdb.DuckDBPyConnection, digests: Sequence[str], extractor: str) -> KnownSources:
    asked = {"extractor": extractor, "digests": list(digests)}
    read: dict[str, UUID] = dict(con.execute(_READ, asked).fetchall())
    failed = tuple(KnownFailure(*row) for row in con.execute(_FAILED, asked).fetchall())
    versions = {"versions": list(set(read.values()))}
    observed = con.execute(_OBSERVED, versions).fetchall() if read else []
    superseded = con.execute(_SUPERSEDED, asked).fetchall() if read else []
    return KnownSources(read, failed, _moments(observed), _moments(superseded))


def _moments(rows: Sequence[tuple[UUID, datetime]]) -> frozenset[tuple[UUID, datetime]]:
    return frozenset((version, moment) for version, moment in rows)
