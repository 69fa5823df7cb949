"""Prefect's runner in a thread of its own: it starts due runs as processes, and ends them when it is stopped.

In a thread, since in the main one the runner would take the signals, and leave before its runs have said how
they ended.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from prefect import get_client
from prefect.runner import Runner

from flows.serving.deployed import Deployed, deployment_of, forget_missed
from flows.serving.jobs import MOST_AT_ONCE, Job
from flows.serving.zombies import HEARTBEAT_SECONDS, end_what_was_left
from tasks.errors import OnrecordError

POLL_SECONDS = 5.0  # how often to see what is due
START_SECONDS = 60.0
STOP_SECONDS = 60.0  # a run gets 30 s to end after SIGTERM
LOOK_SECONDS = 0.1


class RunnerThread:
    """The runner and its thread. `deployed` are its jobs as Prefect knows them, once it has started."""

    def __init__(self, jobs: Sequence[Job], zone: str) -> None:
        self._jobs = jobs
        self._zone = zone
        self._loop = asyncio.new_event_loop()
        self._runner: Runner | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="runner", daemon=True)
        self.deployed: list[Deployed] = []

    def start(self) -> None:
        """Start it, and return when it looks for due runs. Raises OnrecordError where it does not."""
        self._thread.start()
        for _ in range(int(START_SECONDS / LOOK_SECONDS)):
            if self._runner is not None and self._runner.started:
                return
            self._thread.join(LOOK_SECONDS)
            if not self._thread.is_alive():
                break
        raise OnrecordError(f"Prefect's runner did not start: {self.error}.")

    @property
    def error(self) -> str:
        """Why it stopped by itself."""
        return repr(self._error or "it said nothing")

    @property
    def is_alive(self) -> bool:
        """Whether it still looks for due runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End what it has started, let each run say how it ended, and pause the schedules."""
        if self._runner is None or not self._runner.started:
            return
        asyncio.run_coroutine_threadsafe(self._runner.astop(), self._loop).result(STOP_SECONDS)
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for the thread
            self._error = error

    async def _serve(self) -> None:
        runner = Runner(
            name="onrecord",
            query_seconds=POLL_SECONDS,
            heartbeat_seconds=HEARTBEAT_SECONDS,
            limit=MOST_AT_ONCE,
        )
        for job in self._jobs:
            identity = await runner.aadd_deployment(deployment_of(job, self._zone))
            self.deployed.append(Deployed(job, identity))
        await asyncio.to_thread(self._end_what_was_left)
        self._runner = runner
        await runner.start()

    def _end_what_was_left(self) -> None:
        with get_client(sync_client=True) as client:
            ours = [one.id for one in self.deployed]
            end_what_was_left(client, ours)
            forget_missed(client, ours, datetime.now(UTC))  # `start_missed` makes up for them


@contextmanager
def running(jobs: Sequence[Job], zone: str) -> Iterator[RunnerThread]:
    """A runner for these jobs, until the block ends; its runs work in the folder of this process."""
    thread = RunnerThread(jobs, zone)
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()
