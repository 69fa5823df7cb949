"""How a run ends in Prefect: its report and artifacts, its events, and the state with a name of its own."""

from __future__ import annotations

from datetime import datetime

from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from flows.artifacts import leave_artifacts
from flows.events import emit, events_of
from flows.outcome import Outcome, told_of_checks, told_of_load
from flows.page_address import served_at
from flows.progress_in_ui import end_in_ui
from warehouse.summary import load_summary


def ended(outcome: Outcome, began: datetime) -> State[Outcome]:
    """Tell of the run in the UI; the state that it ends in, which fails where a severe check did.

    Data that failed a check is published all the same: nothing of it is lost, and whoever watches is told.
    """
    get_run_logger().info("%s; %s", told_of_load(outcome.loaded), told_of_checks(outcome.checks))
    get_run_logger().info("Published %s: %s", outcome.warehouse, outcome.message)
    summary = load_summary(outcome.warehouse, began)
    leave_artifacts(outcome, summary, served_at())
    emit(events_of(outcome, summary))
    end_in_ui(outcome.message)
    made = Failed if outcome.state == "QualityFailed" else Completed
    return made(name=outcome.state, message=outcome.message, data=outcome)
