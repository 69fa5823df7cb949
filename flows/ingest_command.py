"""`onrecord ingest`: a server for Prefect, the flow, the summary and the exit code."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from flows.next_command import warehouse_option
from flows.progress import progress
from tasks.annotate.entities.chosen import tagger_named
from tasks.annotate.entities.own_aliases import read_aliases
from tasks.elsewhere.runner import runner_of
from tasks.errors import UsageError
from tasks.settings import Settings
from tasks.sources import read_sources
from warehouse.connect import loading
from warehouse.files import WarehouseFiles

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.outcome import Outcome
    from tasks.fetch.web import FetchSettings


TAGS = ("onrecord", "command-line")  # what a run is found by in the UI
ADDRESS = re.compile(r"(?i)https?://")


def run_ingest(inputs: Sequence[str], chosen: Settings) -> int:
    """Run the flow and print what came of it; the exit code of the contract."""
    refuse_nothing(inputs)
    if chosen.sources:
        read_sources(chosen.sources)  # what cannot be meant is told at once
    if chosen.aliases:
        read_aliases(chosen.aliases)
    tagger_named(chosen.tagger)
    runner_of(chosen.runner)
    with loading(WarehouseFiles(chosen.warehouse), wait_seconds=chosen.lock_wait):
        pass  # a locked or foreign file is told before seconds go into a server
    quiet_prefect()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as with Ctrl-C, and says so
    with progress() as shown:
        from flows.local_server import use_server

        use_server(shown.say)
        from prefect import tags

        from flows.ingest import ingest

        shown.say(f"Ingesting {', '.join(inputs)}")
        with tags(*TAGS):
            state = cast("Callable[..., State[Outcome]]", ingest)(
                inputs=list(inputs),
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
    return told(state, chosen)


def fetching_of(chosen: Settings) -> FetchSettings:
    """How to fetch. Raises UsageError for an allow-list that means nothing."""
    from tasks.fetch.guard import guard_of
    from tasks.fetch.web import FetchSettings

    guard_of(chosen.fetch_allow)
    return FetchSettings(chosen.archive, chosen.fetch_allow, chosen.fetch_delay, chosen.fetch_contact)


def refuse_nothing(inputs: Sequence[str]) -> None:
    """Raise UsageError where not one of the inputs is there: a typing mistake, not a failed document."""
    missing = [place for place in inputs if not ADDRESS.match(place) and not os.path.lexists(place)]
    if len(missing) == len(inputs):
        raise UsageError(f"There is no such file or folder: {', '.join(missing)}.")


def quiet_prefect() -> None:
    """Keep Prefect's own lines off the terminal (they stay in the UI); our progress takes their place."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "onrecord")


def told(state: State[Outcome], chosen: Settings) -> int:
    """Print the summary of a run that finished; the exit code. Raises what stopped one that failed."""
    from flows.summary import print_summary
    from warehouse.summary import load_summary

    ended = state.result(raise_on_failure=False)
    if isinstance(ended, BaseException):
        raise ended
    print_summary(ended, load_summary(ended.warehouse, ended.began), warehouse_option(chosen.warehouse))
    return 1 if ended.state == "QualityFailed" else 0
