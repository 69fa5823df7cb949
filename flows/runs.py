"""A run's name in Prefect, and its row in our own table `runs`, which outlives Prefect's history."""

from __future__ import annotations

import resource
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import UUID, uuid4

import duckdb

from flows.outcome import Outcome
from flows.serving.alone import end_with_runner
from warehouse.connect import loading, utc_now
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.runs import RunEnd, RunStart, finish_run, start_run

NAMED_INPUTS = 2  # a run's name holds so many inputs; more are counted


def ingest_run_name() -> str:
    """`ingest seeds`, `ingest a.jsonl, b.jsonl and 3 more`."""
    from prefect.runtime import flow_run

    inputs = [Path(place).name or str(place) for place in flow_run.parameters.get("inputs", [])]
    more = len(inputs) - NAMED_INPUTS
    return f"ingest {', '.join(inputs[:NAMED_INPUTS])}" + (f" and {more} more" if more > 0 else "")


def flow_run_id() -> str | None:
    """Prefect's id of the run at hand."""
    from prefect.runtime import flow_run

    identity = flow_run.id
    return str(identity) if identity else None


def cpu_seconds() -> float:
    """CPU time of this process and of its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def started(con: duckdb.DuckDBPyConnection, command: str, inputs: Sequence[str], began: datetime) -> UUID:
    """Note that a run began; its id. From now on it ends when its runner does."""
    end_with_runner()
    run_id = uuid4()
    start_run(con, RunStart(run_id, command, inputs, began, version("onrecord"), flow_run_id()))
    return run_id


def finished(con: duckdb.DuckDBPyConnection, run_id: UUID, outcome: Outcome) -> None:
    """Note how a run ended."""
    end = RunEnd(
        outcome.state,
        outcome.message,
        outcome.ended,
        outcome.counts,
        cpu_seconds(),
        outcome.cpu_seconds,
        outcome.wall_seconds,
    )
    finish_run(con, run_id, end)


def note_failure(
    files: WarehouseFiles, run_id: UUID, error: BaseException, began: datetime, lock_wait: float
) -> None:
    """Note that a run failed, where that is possible: the error itself is what matters."""
    now = utc_now()
    from prefect.exceptions import TerminationSignal

    from flows.progress_in_ui import end_in_ui

    is_stopped = isinstance(error, KeyboardInterrupt | TerminationSignal)
    message = "It was stopped." if is_stopped else str(error) or repr(error)
    end_in_ui(message, is_whole=False)
    end = RunEnd("Failed", message, now, {}, cpu_seconds(), {}, (now - began).total_seconds())
    # Connections that the frames of the error hold would be complained of at exit, over a hundred lines.
    traceback.clear_frames(error.__traceback__)
    with suppress(WarehouseError, duckdb.Error, OSError), loading(files, wait_seconds=lock_wait) as con:
        finish_run(con, run_id, end)
        publish(con, files, now)
