"""`onrecord serve`: a server, the deployments, a runner; what will run when; a clean end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.table import Table

from flows.console import console
from flows.ingest_command import fetching_of, quiet_prefect
from flows.local_server import (
    EVERY_INTERFACE,
    LOCAL_API,
    OUR_NAMES,
    answers,
    prefect_home,
    profile_address,
    server_log,
    start_lasting,
    stop,
)
from flows.outcome import counted
from flows.pages import pages_for_runs
from flows.serving.alone import RUNNER
from flows.serving.jobs import Job, jobs
from flows.serving.times import zone_of_machine
from tasks.annotate.entities.chosen import tagger_named
from tasks.annotate.entities.own_aliases import read_aliases
from tasks.elsewhere.runner import runner_of
from tasks.errors import OnrecordError
from tasks.followed import FollowedSource
from tasks.settings import DEFAULT_SOURCES, Settings
from tasks.sources import read_sources
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.lock import held

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

    from flows.serving.deployed import Deployed
    from flows.serving.runner import RunnerThread

DEFAULT_PORT = 4200
LOOK_SECONDS = 5.0
STOPPED = "onrecord: Stopped; nothing is half-loaded, and the next start goes on from here."


def run_serve(chosen: Settings, host: str | None, port: int | None) -> int:
    """Serve until somebody ends it; the exit code: 0 where a signal did, 1 where something broke.

    Raises UsageError or OnrecordError for what cannot be served.
    """
    source_list = chosen.sources or Path(DEFAULT_SOURCES)
    followed = read_sources(source_list).followed
    refuse_senseless(chosen)
    with (
        alone(chosen),
        ended_by_signal() as ended,
        a_server(host, port),
        alone_there(os.environ["PREFECT_API_URL"]),
        pages(chosen, host),
    ):
        return serve_jobs(jobs(chosen, source_list, followed, Path.cwd()), followed, source_list, ended)


@contextmanager
def pages(chosen: Settings, host: str | None) -> Iterator[None]:
    """Serve the pages of the warehouse, beside the UI: what its runs link to."""
    wanted = (urlsplit(os.environ["PREFECT_API_URL"]).port or DEFAULT_PORT) + 1
    with pages_for_runs(chosen.warehouse, host or "127.0.0.1", wanted) as address:
        say(f"Pages of the latest stories at {address}")
        yield


def refuse_senseless(chosen: Settings) -> None:
    """Tell at once what would fail in every run."""
    fetching_of(chosen)
    tagger_named(chosen.tagger)
    runner_of(chosen.runner)
    if chosen.aliases:
        read_aliases(chosen.aliases)
    with loading(WarehouseFiles(chosen.warehouse), wait_seconds=chosen.lock_wait):
        pass  # a locked or foreign file


@contextmanager
def alone(chosen: Settings) -> Iterator[None]:
    """Serve a warehouse once. Raises OnrecordError where somebody does already."""

    def refused(pid: int | None, host: str | None) -> Exception:
        who = f"process {pid} on {host}" if pid else "another process"
        return OnrecordError(f"onrecord serve runs already for {chosen.warehouse}: {who}.")

    with held(WarehouseFiles(chosen.warehouse).work / "serve.lock", 0.0, refused):
        yield


@contextmanager
def alone_there(api: str) -> Iterator[None]:
    """Serve at a Prefect server once, since deployments are known by their names.

    Raises OnrecordError where another `onrecord serve` of this machine does already.
    """

    def refused(pid: int | None, host: str | None) -> Exception:
        who = f"process {pid} on {host}" if pid else "another process"
        return OnrecordError(
            f"onrecord serve runs already at {api}: {who}. Choose another server for this one: --port N."
        )

    home = prefect_home()
    home.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", api.partition("//")[2])
    with held(home / f"onrecord-serve-{name}.lock", 0.0, refused):
        yield


@contextmanager
def ended_by_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second Ctrl-C ends at once."""
    ended = threading.Event()

    def end(number: int, frame: object) -> None:
        del frame
        if ended.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def a_server(host: str | None, port: int | None) -> Iterator[None]:
    """Point Prefect to a server: one that answers, else one of our own, which ends with the block.

    Raises OnrecordError where a server elsewhere was chosen and does not answer.
    """
    quiet_prefect()
    os.environ.setdefault("DO_NOT_TRACK", "1")
    api = f"http://{shown_host(host)}:{port or DEFAULT_PORT}/api" if host or port else chosen_api()
    server: subprocess.Popen[bytes] | None = None
    os.environ["PREFECT_API_URL"] = api
    if answers(api):
        say(f"Using the Prefect server at {api}.")
    elif (place := urlsplit(api)).hostname in OUR_NAMES | {host}:
        say("Starting a Prefect server, which takes some seconds.")
        server = start_lasting(host or place.hostname or "127.0.0.1", place.port or DEFAULT_PORT)
        say(f"Its log is {server_log()}.")
    else:
        raise OnrecordError(
            f"The Prefect server at {api} does not answer; start it there, or unset PREFECT_API_URL."
        )
    try:
        yield
    finally:
        if server is not None:
            stop(server)


def chosen_api() -> str:
    """The server that was chosen, else the usual one on this machine."""
    return os.environ.get("PREFECT_API_URL") or profile_address() or LOCAL_API


def shown_host(host: str | None) -> str:
    """The name by which this machine reaches a server that listens there."""
    return "127.0.0.1" if host is None or host in EVERY_INTERFACE else host


def serve_jobs(
    todo: Sequence[Job], followed: Sequence[FollowedSource], source_list: Path, ended: threading.Event
) -> int:
    """Run what is due until the event is set; 1 where the runner stopped by itself."""
    from prefect import get_client

    from flows.serving.deployed import start_missed
    from flows.serving.runner import running
    from flows.serving.zombies import call_zombies_crashed

    os.environ[RUNNER] = str(os.getpid())
    with get_client(sync_client=True) as client:
        call_zombies_crashed(client)
        with running(todo, zone_of_machine()) as runner:
            missed = start_missed(client, runner.deployed, datetime.now(UTC))
            show(runner.deployed, missed, told_of(followed, source_list))
            watch(client, runner, ended)
            if ended.is_set():
                say("Stopping: runs that are under way get up to 30 seconds.")
    if not ended.is_set():
        raise OnrecordError(f"Prefect's runner stopped by itself: {runner.error}.")
    say(STOPPED)
    return 0


def watch(client: SyncPrefectClient, runner: RunnerThread, ended: threading.Event) -> None:
    """Say what begins and ends, until the event is set or the runner is no more."""
    from flows.server_errors import SERVER_ERRORS
    from flows.serving.watch import Watch

    told = Watch(client, runner.deployed)
    told.forget_earlier(datetime.now(UTC))
    while runner.is_alive and not ended.wait(LOOK_SECONDS):
        with suppress(*SERVER_ERRORS):  # the server is busy, or was started anew: the next look tells
            for line in told.lines(datetime.now(UTC)):
                say(line)


def show(deployed: Sequence[Deployed], missed: Sequence[Deployed], following: str) -> None:
    """The address of the UI, and what will run when."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for column in ("Deployment", "When", "Next", "What"):
        table.add_column(column, overflow="fold")
    now = datetime.now().astimezone()
    for one in deployed:
        schedule = one.job.schedule
        when = "now" if one in missed else clock(schedule.after(now), now) if schedule else ""
        table.add_row(one.job.title, schedule.words if schedule else "when you start it", when, one.job.what)
    say(f"\nWatch it at {os.environ['PREFECT_API_URL'].removesuffix('/api')}\n{following}\n")
    console(sys.stdout).print(table)
    say("\nCtrl-C ends it.")


def clock(moment: datetime, now: datetime) -> str:
    """A time of this day, or of tomorrow."""
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%H:%M} tomorrow"


def told_of(followed: Sequence[FollowedSource], source_list: Path) -> str:
    """How many sources are followed, and what to do where none is."""
    followed = [source for source in followed if source.enabled]
    if followed:
        return f"It follows {counted(len(followed), 'source')} of {source_list}."
    return (
        f"It follows nobody: no source in {source_list} is turned on. Turn one on there, or "
        "onrecord sources add URL, and start again."
    )


def say(sentence: str) -> None:
    """A line of its own, at once, for whoever reads the log."""
    print(sentence, flush=True)
