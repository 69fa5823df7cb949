"""`onrecord reextract`: a server for Prefect, the flow, the summary and the exit code."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flows.ingest_command import TAGS, quiet_prefect, told
from flows.progress import progress
from tasks.archive.chosen import NoArchiveError, Window
from tasks.archive.repair import archive_files
from tasks.elsewhere.runner import runner_of
from tasks.errors import UsageError
from tasks.settings import Settings
from tasks.sources import read_sources

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.outcome import Outcome


def run_reextract(chosen: Settings, window: Window) -> int:
    """Run the flow and print what came of it; the exit code of the contract."""
    if window.since and window.until and window.since > window.until:
        raise UsageError(f"--since {window.since} is after --until {window.until}.")
    if not archive_files(chosen.archive):
        raise NoArchiveError(f"There is no archive at {chosen.archive}: nothing was fetched yet.")
    if chosen.sources:
        read_sources(chosen.sources)  # what cannot be meant is told at once
    runner_of(chosen.runner)
    quiet_prefect()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as with Ctrl-C, and says so
    with progress() as shown:
        from flows.local_server import use_server

        use_server(shown.say)
        from prefect import tags

        from flows.reextract import reextract

        shown.say(f"Reading the archive {chosen.archive} again")
        with tags(*TAGS):
            state = cast("Callable[..., State[Outcome]]", reextract)(
                archive=chosen.archive,
                window=window,
                warehouse=chosen.warehouse,
                workers=chosen.workers,
                lock_wait=chosen.lock_wait,
                sources=chosen.sources,
                runner=chosen.runner,
                staging=chosen.staging,
                return_state=True,
            )
    return told(state, chosen)
