"""What `onrecord serve` prints of a run, by the run's state."""

from __future__ import annotations

from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled, Completed, Pending, Running

from flows.serving.watch import _line

BUSY = "Deployment concurrency limit reached."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Running(), "ingest/sources: red-fox began"),
        (Completed(message="3 articles loaded"), "ingest/sources: Completed: 3 articles loaded"),
        (Cancelled(message=BUSY), "ingest/sources: its turn is left out, the run before is still under way"),
        (Cancelled(message="Somebody did."), "ingest/sources: Cancelled: Somebody did."),
        (Pending(), None),
        (Completed(name="NothingDue", message="Nothing is due."), None),
    ],
)
def test_a_line_says_what_a_person_would(state: State, said: str | None) -> None:
    run = FlowRun(flow_id=uuid4(), name="red-fox", state=state)
    line = _line(run, state.name or "", "ingest/sources", before=None)
    assert (line and line.split(" ", 1)[1]) == said
