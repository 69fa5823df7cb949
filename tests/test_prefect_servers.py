"""Prefect as a newsroom runs it: on PostgreSQL, with Redis between its processes (deploy/compose.yaml)."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.support.command_line import Onrecord
from tests.support.servers import postgres, postgres_programs, prefect_server, redis

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(
        postgres_programs() is None, reason="PostgreSQL is not installed (Debian: apt-get install postgresql)"
    ),
]
SECONDS_FOR_EVENTS = 60.0  # they are written in the background


def settings(folder: Path, database: str) -> dict[str, str]:
    return {"PREFECT_HOME": str(folder / "server"), "PREFECT_SERVER_DATABASE_CONNECTION_URL": database}


def rows(database: str, question: str) -> list[Any]:
    """The answer of PostgreSQL itself."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(database.replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(question))
        finally:
            await connection.close()

    return asyncio.run(ask())


def eventually(found: Callable[[], list[Any]]) -> list[Any]:
    """The first rows that are there."""
    deadline = time.monotonic() + SECONDS_FOR_EVENTS
    while not (answer := found()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return answer


def runs_are_in(database: str, folder: Path, api: str, seeds: Path) -> None:
    """Ingest against a server, and find the run with its tasks and its report in its PostgreSQL."""
    ended = Onrecord(folder, api)("ingest", seeds)
    assert ended.returncode == 0, ended.stderr
    assert "2 articles of 2 outlets loaded" in ended.stdout
    (run,) = rows(database, "SELECT id, state_type::text, name FROM flow_run")
    assert run["state_type"] == "COMPLETED"
    assert run["name"].startswith("ingest")
    assert rows(database, f"SELECT key FROM artifact WHERE key = 'run-report' AND flow_run_id = '{run['id']}'")
    finished = f"SELECT id FROM task_run WHERE state_type = 'COMPLETED' AND flow_run_id = '{run['id']}'"
    assert len(eventually(lambda: rows(database, finished))) > 0


def test_an_ingest_completes_on_a_server_with_postgresql(tmp_path: Path, seeds: Path) -> None:
    start = ["server", "start", "--host", "127.0.0.1", "--port", "PORT"]
    with postgres() as database, prefect_server(settings(tmp_path, database), [start]) as api:
        runs_are_in(database, tmp_path, api, seeds)


@pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="Redis is not installed (Debian: apt-get install redis-server)"
)
def test_its_services_run_in_a_process_of_their_own_with_redis_between(tmp_path: Path, seeds: Path) -> None:
    api_alone = ["server", "start", "--host", "127.0.0.1", "--port", "PORT", "--no-services"]
    services = ["server", "services", "start"]
    with postgres() as database, redis(tmp_path) as port:
        through_redis = {
            **settings(tmp_path, database),
            "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
            "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
            "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
            "PREFECT_REDIS_MESSAGING_PORT": str(port),
            "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{port}/1",
        }
        with prefect_server(through_redis, [api_alone, services]) as api:
            runs_are_in(database, tmp_path, api, seeds)
            # The API writes no event by itself here: it went through Redis, and the services wrote it.
            completed = "SELECT id FROM events WHERE event = 'prefect.flow-run.Completed'"
            assert eventually(lambda: rows(database, completed))
