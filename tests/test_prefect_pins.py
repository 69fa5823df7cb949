"""The pinned Prefect works: a newer SQLAlchemy leaves a server that looks healthy and schedules nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from flows.local_server import START_UP_SECONDS, answers, free_port

pytestmark = pytest.mark.prefect

BUSY_TRIES = 20
SCHEDULED_WITHIN = 60.0  # seconds; the scheduler looks every second here


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Callable[[str, object], Any]]:
    """A full server with its scheduler; posts to its API."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    ours = {
        "PREFECT_HOME": str(tmp_path),
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_ENABLED": "0",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, env={**kept, **ours}, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}/api"
        wait_until(lambda: answers(url) or server.poll() is not None, START_UP_SECONDS)

        def post(path: str, body: object) -> Any:
            data = json.dumps(body).encode()
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(f"{url}{path}", data, headers)  # noqa: S310 - loopback
            for _ in range(BUSY_TRIES):
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                        return json.load(answer)
                except urllib.error.HTTPError as error:
                    if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                        raise
                    time.sleep(1)  # its database is locked for a moment, on a busy machine
            raise TimeoutError(f"{path} stayed unavailable")

        yield post
        server.terminate()
        server.wait()


def wait_until(happens: Callable[[], object], seconds: float) -> None:
    """Wait until something happens, at the most so long."""
    deadline = time.monotonic() + seconds
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.2)


def test_a_cron_deployment_gets_scheduled_runs(api: Callable[[str, object], Any]) -> None:
    flow = api("/flows/", {"name": "ingest"})
    schedule = {"schedule": {"cron": "* * * * *", "timezone": "UTC"}, "active": True}
    deployment = api(
        "/deployments/", {"name": "every minute", "flow_id": flow["id"], "schedules": [schedule]}
    )
    wanted = {"deployments": {"id": {"any_": [deployment["id"]]}}}
    wait_until(lambda: api("/flow_runs/filter", wanted), SCHEDULED_WITHIN)
    assert {run["state_type"] for run in api("/flow_runs/filter", wanted)} == {"SCHEDULED"}
