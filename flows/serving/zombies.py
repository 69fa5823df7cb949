"""Runs whose process is no more: Prefect's server calls them crashed.

A run says every 30 seconds that it is alive (a heartbeat event). Where that stops, because its machine or its
runner was killed outright, nobody else would ever end it, and a deployment that lets one run at a time would
wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.states import Crashed

HEARTBEAT_SECONDS = 30  # the least that Prefect takes
# Without a heartbeat for so long a run is dead. Prefect asks for three heartbeats or more; with the 5 s in
# which its server looks, a run is called crashed within 2 to 3 minutes.
SILENT = timedelta(seconds=120)
STARTING = timedelta(
    minutes=5
)  # from Pending to Running: Python and Prefect start in 5 s, 40 s on a busy machine
ENDED = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
UNDER_WAY = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
LEFT = "Its runner was killed. The next run goes on from here."
MADE_BY = "Made by onrecord serve (1)."  # raise the number when they change: then they are renewed
BEAT = "prefect.flow-run.heartbeat"


def call_zombies_crashed(client: SyncPrefectClient) -> None:
    """Make the automations. One that is there as it is now stays: it remembers whose heartbeats it awaits."""
    for automation in automations():
        there = client.read_automations_by_name(automation.name)
        for old in there:
            if old.description != automation.description:
                client.update_automation(old.id, automation)
        if not there:
            client.create_automation(automation)


def end_what_was_left(client: SyncPrefectClient, deployment_ids: Sequence[UUID]) -> int:
    """Call the runs crashed that an earlier runner has left under way, and the runs within them; how many.

    Called before our runner starts any: it is the only one of these deployments, so the earlier is no more.
    """
    under_way = FlowRunFilterState(type=FlowRunFilterStateType(any_=[*UNDER_WAY]))
    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[*deployment_ids])),
        flow_run_filter=FlowRunFilter(state=under_way),
    )
    within = FlowRunFilterParentFlowRunId(any_=[run.id for run in runs])
    if runs:
        runs += client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=under_way, parent_flow_run_id=within)
        )
    for run in runs:
        client.set_flow_run_state(run.id, Crashed(message=LEFT), force=True)
    return len(runs)


def automations() -> Iterator[AutomationCore]:
    """One for runs that fell silent, one for those that never began."""
    yield crashed(
        "onrecord: runs that fell silent",
        {BEAT},
        {BEAT, *ENDED},
        SILENT,
        f"No sign of life for {SILENT.seconds} s: its process was killed. The next run goes on.",
    )
    yield crashed(
        "onrecord: runs that never began",
        {"prefect.flow-run.Pending"},
        {"prefect.flow-run.Running", BEAT, *ENDED},
        STARTING,
        f"It did not begin within {STARTING.seconds // 60} minutes: its process was killed.",
    )


def crashed(name: str, after: set[str], expect: set[str], within: timedelta, message: str) -> AutomationCore:
    """An automation that calls a run crashed where nothing of what is expected follows in time."""
    return AutomationCore(
        name=name,
        description=MADE_BY,
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            after=after,
            expect=expect,
            threshold=1,
            within=within,
        ),
        actions=[ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=message, force=False)],
    )
