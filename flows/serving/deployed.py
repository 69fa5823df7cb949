"""The jobs in Prefect: deployments with schedules, limits and forms, and the runs that were missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.serving.jobs import Job
from flows.serving.times import ANCHOR, Every

PAGE = 200  # runs that Prefect's API lists at a time


@dataclass(frozen=True, slots=True)
class Deployed:
    """A job that Prefect knows, by the id of its deployment."""

    job: Job
    id: UUID


def flow_of(job: Job) -> Flow[..., object]:
    """The flow of a job."""
    module, _, name = job.flow.rpartition(".")
    flow: Flow[..., object] = getattr(import_module(module), name)
    return flow


def deployment_of(job: Job, zone: str) -> RunnerDeployment:
    """The deployment of a job; cron lines are meant in this time zone.

    One run at a time: a second one is cancelled at once, or waits its turn.
    """
    overlap = ConcurrencyLimitStrategy.ENQUEUE if job.waits else ConcurrencyLimitStrategy.CANCEL_NEW
    return RunnerDeployment.from_flow(
        flow_of(job),
        name=job.name,
        schedule=schedule_of(job, zone),
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=overlap),
        parameters=dict(job.parameters),
        description=job.what,
        tags=list(job.tags),
        version=version("onrecord"),
        paused=False,  # a runner that stops pauses its deployments
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def schedule_of(job: Job, zone: str) -> Schedule | None:
    """When it runs."""
    if job.schedule is None:
        return None
    if isinstance(job.schedule, Every):
        return Interval(job.schedule.interval, anchor_date=ANCHOR)
    return Cron(job.schedule.cron, timezone=zone)


def forget_missed(client: SyncPrefectClient, deployment_ids: Sequence[UUID], now: datetime) -> int:
    """Remove the runs that a schedule has planned and that were missed; how many there were.

    Prefect would execute every one of them, and renewing a deployment removes only those to come. What a
    person started, and what waits to be retried, stays.
    """
    missed = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": now}),
    )
    of_ours = DeploymentFilter(id=DeploymentFilterId(any_=[*deployment_ids]))
    removed = kept = 0
    while runs := client.read_flow_runs(
        deployment_filter=of_ours, flow_run_filter=missed, limit=PAGE, offset=kept
    ):
        for run in runs:
            if run.auto_scheduled and not run.run_count:
                client.delete_flow_run(run.id)
                removed += 1
            else:
                kept += 1
    return removed


def start_missed(client: SyncPrefectClient, deployed: Sequence[Deployed], now: datetime) -> list[Deployed]:
    """Start one run of every job whose time passed while nothing was running, however often it passed.

    One is enough: each run takes up where the last has ended, by what the warehouse knows. What never ran has
    missed nothing before its first time has come, unless it is to begin at once. The jobs are returned whose
    run was started.
    """
    behind = [
        one
        for one in deployed
        if one.job.schedule
        and is_behind(one.job.schedule.repeats, now, *_known(client, one), at_once=one.job.at_once)
    ]
    for one in behind:
        client.create_flow_run_from_deployment(one.id)
    return behind


def is_behind(
    repeats: timedelta, now: datetime, began: datetime | None, since: datetime | None, *, at_once: bool
) -> bool:
    """Whether a job did not begin though its time came after it last did (`began`), or after it was deployed.

    A job that is to begin `at_once` is behind until it has begun.
    """
    if began is None and at_once:
        return True
    return now - (began or since or now) > repeats


def _known(client: SyncPrefectClient, one: Deployed) -> tuple[datetime | None, datetime | None]:
    """When a job last began, and when it was first deployed."""
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[one.id])),
        sort=FlowRunSort.START_TIME_DESC,
        limit=1,
    )
    return runs[0].start_time if runs else None, client.read_deployment(one.id).created
