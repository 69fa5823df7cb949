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
import yaml

from tests.conftest import ROOT
from tests.support.command_line import Onrecord
from tests.support.servers import postgres, postgres_programs, prefect_server, redis

pytestmark = [
    pytest.mark.deploy,
    pytest.mark.skipif(
        postgres_programs() is None, reason="PostgreSQL is not installed (Debian: apt-get install postgresql)"
    ),
]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
ANYWHERE = "0.0.0.0"  # noqa: S104 - inside a container; the tests put loopback in its place
SECONDS_FOR_EVENTS = 60.0  # they are written in the background


def settings(folder: Path, database: str) -> dict[str, str]:
    return {"PREFECT_HOME": str(folder / "server"), "PREFECT_SERVER_DATABASE_CONNECTION_URL": database}


def compose_command(service: str) -> list[str]:
    """The command of a service in the compose file, on loopback and any port."""
    command: list[str] = COMPOSE["services"][service]["command"]
    return [{ANYWHERE: "127.0.0.1", "4200": "PORT"}.get(word, word) for word in command]


def compose_settings(redis_port: int) -> dict[str, str]:
    """What the compose file sets for Prefect's processes, with Redis at another place."""
    written: dict[str, str] = COMPOSE["services"]["prefect"]["environment"]
    there = {name: value.replace("redis:6379", f"127.0.0.1:{redis_port}") for name, value in written.items()}
    return {
        **there,
        "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
        "PREFECT_REDIS_MESSAGING_PORT": str(redis_port),
    }


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
    assert rows(
        database, f"SELECT key FROM artifact WHERE key = 'run-report' AND flow_run_id = '{run['id']}'"
    )
    finished = f"SELECT id FROM task_run WHERE state_type = 'COMPLETED' AND flow_run_id = '{run['id']}'"
    assert len(eventually(lambda: rows(database, finished))) > 0


def test_an_ingest_completes_on_a_server_with_postgresql(tmp_path: Path, seeds: Path) -> None:
    start = ["server", "start", "--host", "127.0.0.1", "--port", "PORT"]
    with postgres() as database, prefect_server(settings(tmp_path, database), [start]) as api:
        runs_are_in(database, tmp_path, api, seeds)


@pytest.mark.skipif(
    shutil.which("redis-server") is None,
    reason="Redis is not installed (Debian: apt-get install redis-server)",
)
def test_its_services_run_in_a_process_of_their_own_with_redis_between(tmp_path: Path, seeds: Path) -> None:
    api_alone, services = compose_command("prefect"), compose_command("prefect-services")
    assert "--no-services" in api_alone
    with postgres() as database, redis(tmp_path) as port:
        through_redis = {**compose_settings(port), **settings(tmp_path, database)}
        with prefect_server(through_redis, [api_alone, services]) as api:
            runs_are_in(database, tmp_path, api, seeds)
            # The API writes no event by itself here: it went through Redis, and the services wrote it.
            completed = "SELECT id FROM events WHERE event = 'prefect.flow-run.Completed'"
            assert eventually(lambda: rows(database, completed))
