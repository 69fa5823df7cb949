"""A line for each run that begins or ends: what `onrecord serve` says while it serves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
)
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from flows.serving.deployed import Deployed
from flows.terminal import shortened

RECENT: Final = timedelta(hours=6)  # of what was due earlier nothing new is told
MOST: Final = 200  # runs that are looked through; a page of Prefect's API
WIDTH: Final = 120
IDLE: Final = "NothingDue"  # a tick that found nothing to do is not worth a line
REFUSED: Final = "concurrency limit"  # what Prefect says of a run that was due while the one before went on


class Watch:
    """What was told of which run."""

    def __init__(self, client: SyncPrefectClient, deployed: Sequence[Deployed]) -> None:
        self._client = client
        self._titles: dict[UUID | None, str] = {one.id: one.job.title for one in deployed}
        self._told: dict[UUID, str] = {}

    def forget_earlier(self, now: datetime) -> None:
        """Nothing is told of what ended before."""
        self._told = {run.id: _state(run) for run in self._recent(now) if run.state and run.state.is_final()}

    def lines(self, now: datetime) -> Iterator[str]:
        """What began or ended since the last look."""
        runs = self._recent(now)
        for run in sorted(runs, key=_moment):
            state = _state(run)
            if self._told.get(run.id) == state or not run.state:
                continue
            before, self._told[run.id] = self._told.get(run.id), state
            if line := _line(run, state, self._titles.get(run.deployment_id) or run.name, before):
                yield line
        kept = {run.id for run in runs}
        self._told = {key: state for key, state in self._told.items() if key in kept}

    def _recent(self, now: datetime) -> list[FlowRun]:
        return self._client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[*filter(None, self._titles)])),
            flow_run_filter=FlowRunFilter(
                expected_start_time=FlowRunFilterExpectedStartTime.model_validate(
                    {"after_": now - RECENT, "before_": now + timedelta(seconds=1)}
                )
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=MOST,
        )


def _moment(run: FlowRun) -> float:
    """When it came into its state, in seconds since 1970: what the line says."""
    return run.state.timestamp.timestamp() if run.state else 0.0


def _state(run: FlowRun) -> str:
    return (run.state.name if run.state else None) or ""


def _line(run: FlowRun, state: str, title: str, before: str | None) -> str | None:
    """The line of a run in this state; None where it is not worth one."""
    if run.state is None or not (run.state.is_running() or run.state.is_final()):
        return None
    moment = f"{run.state.timestamp.astimezone():%H:%M:%S}"
    if run.state.is_running():
        return f"{moment} {title}: {run.name} began" if before != state else None
    if state == IDLE:
        return f"{moment} {title}: {run.state.message}" if before == "Running" else None
    if run.state.is_cancelled() and REFUSED in (run.state.message or ""):
        return f"{moment} {title}: its turn is left out, the run before is still under way"
    said = f": {run.state.message}" if run.state.message else ""
    lasted = f" after {run.total_run_time.total_seconds():,.0f} s" if run.start_time else ""
    return shortened(f"{moment} {title}: {state}{lasted}{said}", WIDTH)
