"""The history of runs that lasts: `runs`, one row each, begun by `start_run` and ended by `finish_run`."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import duckdb

from warehouse.staging import is_alive

EndState = Literal["Completed", "CompletedWithErrors", "NoNewArticles", "Failed", "QualityFailed", "crashed"]


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run when it begins. `pid` and `host` are those of this process."""

    run_id: UUID
    command: str
    inputs: Sequence[str]
    started_at: datetime
    version: str
    flow_run_id: str | None = None
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended; seconds of CPU count its worker processes, too."""

    state: EndState
    message: str
    ended_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    cpu_seconds: float | None = None
    cpu_by_stage: Mapping[str, float] = field(default_factory=dict)
    wall_seconds: float | None = None


def start_run(con: duckdb.DuckDBPyConnection, run: RunStart) -> list[UUID]:
    """Enter a run as running; return the earlier ones that turn out to have crashed.

    Starting the same run twice (a retry) leaves its first row as it is.
    """
    crashed = _mark_crashed(con, run)
    con.execute(
        """
        INSERT INTO runs (run_id, flow_run_id, command, inputs, started_at, state, version, pid, host)
        VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
        [
            run.run_id,
            run.flow_run_id,
            run.command,
            list(run.inputs),
            run.started_at,
            run.version,
            run.pid,
            run.host,
        ],
    )
    return crashed


def finish_run(con: duckdb.DuckDBPyConnection, run_id: UUID, end: RunEnd) -> None:
    """Enter how a run ended."""
    con.execute(
        """
        UPDATE runs
        SET state = ?, message = ?, ended_at = ?, counts = ?, cpu_seconds = ?, cpu_by_stage = ?,
            wall_seconds = ?
        WHERE run_id = ?
        """,
        [
            end.state,
            end.message,
            end.ended_at,
            dict(end.counts) or None,
            end.cpu_seconds,
            dict(end.cpu_by_stage) or None,
            end.wall_seconds,
            run_id,
        ],
    )


def _mark_crashed(con: duckdb.DuckDBPyConnection, run: RunStart) -> list[UUID]:
    """Runs of this machine whose process is no more and that never said how they ended."""
    running = con.execute(
        "SELECT run_id, pid FROM runs WHERE state = 'running' AND host = ? AND run_id <> ?",
        [run.host, run.run_id],
    ).fetchall()
    dead = [run_id for run_id, pid in running if not is_alive(pid)]
    for run_id in dead:
        con.execute(
            """
            UPDATE runs
            SET state = 'crashed', message = 'Its process ended without a word.'
            WHERE run_id = ?
            """,
            [run_id],
        )
    return dead
