"""`onrecord backfill`: a server for Prefect, the flow, a line for each day and the exit code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.table import Table

from flows.console import console
from flows.ingest_command import fetching_of, quiet_prefect, refuse_nothing
from flows.progress import progress
from flows.terminal import plain
from tasks.annotate.entities.chosen import tagger_named
from tasks.annotate.entities.own_aliases import read_aliases
from tasks.archive.chosen import NoArchiveError
from tasks.archive.repair import archive_files
from tasks.backfill.days import EMPTY, Backfill, DayEnd, backfill_of
from tasks.elsewhere.runner import runner_of
from tasks.settings import Settings
from tasks.sources import read_sources
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


def run_backfill(chosen: Settings, since: date, until: date, inputs: Sequence[str], *, again: bool) -> int:
    """Run the flow and print what came of each day; 1 where a day is left to do, else 0.

    Raises UsageError or OnrecordError for what cannot be meant.
    """
    todo = refuse_senseless(chosen, since, until, inputs)
    quiet_prefect()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as with Ctrl-C, and says so
    with progress() as shown:
        from flows.local_server import use_server

        use_server(shown.say)
        from flows.backfill import backfill

        shown.say(f"Backfilling {todo.since} to {todo.until} from {plain(', '.join(todo.inputs))}")
        state = cast("Callable[..., State[list[DayEnd]]]", backfill)(
            since=todo.since,
            until=todo.until,
            origin=todo.origin,
            inputs=list(inputs),
            again=again,
            warehouse=chosen.warehouse,
            workers=chosen.workers,
            lock_wait=chosen.lock_wait,
            sources=chosen.sources,
            fetching=fetching_of(chosen),
            tagger=chosen.tagger,
            aliases=chosen.aliases,
            runner=chosen.runner,
            staging=chosen.staging,
            return_state=True,
        )
    return told(state)


def refuse_senseless(chosen: Settings, since: date, until: date, inputs: Sequence[str]) -> Backfill:
    """The backfill that is meant, before seconds go into a server."""
    todo = backfill_of(since, until, None, inputs, chosen.archive, utc_now().date())
    if todo.origin == "archive" and not archive_files(Path(todo.inputs[0])):
        raise NoArchiveError(f"There is no archive at {chosen.archive}: nothing was fetched yet.")
    if inputs:
        refuse_nothing(inputs)
    if chosen.sources:
        read_sources(chosen.sources)
    if chosen.aliases:
        read_aliases(chosen.aliases)
    tagger_named(chosen.tagger)
    runner_of(chosen.runner)
    with loading(WarehouseFiles(chosen.warehouse), wait_seconds=chosen.lock_wait):
        pass  # a locked or foreign file
    return todo


def told(state: State[list[DayEnd]]) -> int:
    """Print what came of the days. Raises what stopped a run that has none."""
    ends = state.data if isinstance(state.data, list) else state.result(raise_on_failure=False)
    if isinstance(ends, BaseException):
        raise ends
    show([end for end in ends if end.state != EMPTY])
    print(plain(f"{state.message or state.name}."))
    return 1 if state.is_failed() or state.name == "QualityFailed" else 0


def show(ends: Sequence[DayEnd]) -> None:
    """A line for each day of which there was something."""
    if not ends:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("Day")
    for column in ("Documents", "Loaded", "Failed"):
        table.add_column(column, justify="right")
    table.add_column("State", overflow="fold")
    for end in ends:
        counts = (f"{count:,}" for count in (end.documents, end.versions, end.failed))
        table.add_row(f"{end.day}", *counts, plain(f"{end.state}: {end.error}" if end.error else end.state))
    console(sys.stdout).print(table)
