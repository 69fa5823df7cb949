"""Fixtures that start something: a Prefect server for the session, and the command line in a fresh folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.local_server import START_UP_SECONDS, TEMPORARY, answers, free_port, stop
from tests.support.command_line import Onrecord

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all tests that need a Prefect server in one worker, so that one server is enough."""
    for item in items:
        if item.get_closest_marker("prefect"):
            item.add_marker(pytest.mark.xdist_group("prefect"))


@pytest.fixture(scope="session")
def api_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server that lives as long as the session."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "flows.local_server", "127.0.0.1", str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**kept, **TEMPORARY, "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1"},
    )
    url = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + START_UP_SECONDS
    while not answers(url) and server.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answers(url), "the Prefect server did not start"
    yield url
    stop(server)


@pytest.fixture
def onrecord(tmp_path: Path, api_url: str) -> Onrecord:
    """The command line in a folder of its own."""
    return Onrecord(tmp_path, api_url)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The two articles of the repository."""
    return ROOT / "seeds"
