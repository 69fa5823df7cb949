"""Runs whose process is no more: Prefect's server calls them crashed.

A run says every 30 seconds that it is alive (a heartbeat event). Where that stops, because its machine or its
runner was killed outright, nobody else would ever end it, and a deployment that lets one run at a time would
wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

HEARTBEAT_SECONDS = 30  # the least that Prefect takes
# Without a heartbeat for so long a run is dead. Prefect asks for three heartbeats or more; with the 5 s in
# which its server looks, a run is called crashed within 2 to 3 minutes.
SILENT = timedelta(seconds=120)
STARTING = timedelta(
    minutes=5
)  # from Pending to Running: Python and Prefect start in 5 s, 40 s on a busy machine
ENDED = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
BEAT = "prefect.flow-run.heartbeat"


def call_zombies_crashed(client: SyncPrefectClient) -> None:
    """Make the automations, or renew those that are there under their names."""
    for automation in automations():
        for old in client.read_automations_by_name(automation.name):
            client.delete_automation(old.id)
        client.create_automation(automation)


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
        description="Made by onrecord serve.",
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
