"""What runs when, as values: the deployments of `onrecord serve` and those of prefect.yaml."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.serving.jobs import Job, jobs, tick_of
from flows.serving.times import At, Every, zone_of_machine
from tasks.followed import FollowedSource
from tasks.settings import DEFAULT_SOURCES, Settings
from tests.conftest import ROOT
from warehouse.files import WarehouseFiles
from warehouse.lock import held

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LIST = Path(DEFAULT_SOURCES)
ASKED = {"since": "2026-03-01", "until": "2026-03-02"}
SETTINGS = Settings(Path("data/onrecord.duckdb"), sources=LIST)


def source(minutes: float, *, enabled: bool = True) -> FollowedSource:
    return FollowedSource("Ledger", interval=timedelta(minutes=minutes), enabled=enabled)


@pytest.mark.parametrize(
    ("followed", "minutes"),
    [
        ((), 5),
        ((source(30), source(120)), 5),
        ((source(30), source(2)), 2),
        ((source(30), source(2, enabled=False)), 5),
        ((source(0.1),), 1),
    ],
)
def test_the_list_is_looked_through_as_often_as_its_quickest_source(
    followed: tuple[FollowedSource, ...], minutes: float
) -> None:
    assert tick_of(followed) == timedelta(minutes=minutes)


def test_the_next_time_is_always_later() -> None:
    assert Every(timedelta(minutes=5)).after(NOON) == NOON + timedelta(minutes=5)
    assert Every(timedelta(minutes=5)).after(NOON + timedelta(seconds=1)) == NOON + timedelta(minutes=5)
    assert At(17).after(NOON) == NOON.replace(minute=17)
    assert At(0).after(NOON) == NOON.replace(hour=13)
    assert At(20, 3).after(NOON) == NOON.replace(day=3, hour=3, minute=20)
    assert [At(7).cron, At(20, 3).cron] == ["7 * * * *", "20 3 * * *"]
    assert [At(7).words, At(20, 3).words] == ["hourly at :07", "daily at 03:20"]


@pytest.mark.parametrize(
    ("began", "deployed", "at_once", "behind"),
    [
        (None, 0, True, True),  # the first start of all
        (None, 0, False, False),
        (None, 25, False, True),  # its first time came while nothing was running
        (25, 100, False, True),
        (25, 100, True, True),
        (23, 100, False, False),
        (23, 100, True, False),
    ],
)
def test_what_is_behind_is_what_did_not_begin_at_its_time(
    began: int | None, deployed: int, at_once: bool, behind: bool
) -> None:
    from flows.serving.deployed import is_behind

    now = datetime(2024, 5, 6, 12, tzinfo=UTC)
    last = None if began is None else now - timedelta(hours=began)
    first = now - timedelta(hours=deployed)
    assert is_behind(timedelta(days=1), now, last, first, at_once=at_once) is behind


def test_the_zone_is_that_of_the_machine(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Stockholm")
    assert zone_of_machine({}, link) == "Europe/Stockholm"
    assert zone_of_machine({"TZ": ":America/Halifax"}, link) == "America/Halifax"
    assert zone_of_machine({"TZ": "nowhere"}, tmp_path / "none") == "UTC"


def test_a_run_in_another_folder_finds_the_same_files(tmp_path: Path) -> None:
    for job in jobs(SETTINGS, LIST, (), tmp_path):
        for path in paths_in(job.parameters):
            assert Path(path).is_relative_to(tmp_path), (job.title, path)


def paths_in(parameters: Any) -> list[str]:
    """Every value of the parameters that is a path."""
    if isinstance(parameters, dict):
        return [path for value in parameters.values() for path in paths_in(value)]
    if isinstance(parameters, list):
        return [path for value in parameters for path in paths_in(value)]
    return [parameters] if isinstance(parameters, str) and "/" in parameters else []


def test_every_flow_takes_the_parameters_that_it_gets() -> None:
    from flows.serving.deployed import flow_of

    for job in jobs(SETTINGS, LIST, (), Path()):
        flow = flow_of(job)
        assert flow.name == job.title.partition("/")[0]
        asked = ASKED if flow.name == "backfill" else {}  # the form asks for them
        assert set(flow.validate_parameters({**job.parameters, **asked})) >= set(job.parameters)


def test_every_parameter_is_told_in_the_form() -> None:
    from prefect.utilities.callables import parameter_schema

    from flows.serving.deployed import flow_of

    for job in jobs(SETTINGS, LIST, (), Path()):
        schema = parameter_schema(flow_of(job)).model_dump()
        forms = [schema, *schema.get("definitions", {}).values()]
        fields = {name: one for form in forms for name, one in form.get("properties", {}).items()}
        assert [name for name, one in fields.items() if not one.get("description")] == [], job.title
        if "look" in fields:
            assert fields["look"]["enum"] == ["all", "due", "known"]


def test_prefect_yaml_says_the_same() -> None:
    written = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert [shown(one) for one in written["deployments"]] == [
        expected(job) for job in jobs(SETTINGS, LIST, (), Path())
    ]


def shown(written: dict[str, Any]) -> dict[str, Any]:
    """A deployment as it is written, without what only a work pool has."""
    return {
        "entrypoint": written["entrypoint"],
        "name": written["name"],
        "description": written["description"],
        "parameters": written["parameters"],
        "tags": tuple(written["tags"]),
        "schedules": written.get("schedules", []),
        "concurrency_limit": written["concurrency_limit"],
    }


def expected(job: Job) -> dict[str, Any]:
    """The same of a job."""
    schedules: list[dict[str, Any]] = []
    if isinstance(job.schedule, Every):
        seconds = int(job.schedule.interval.total_seconds())
        schedules = [{"interval": seconds, "anchor_date": "2026-01-01T00:00:00+00:00"}]
    elif isinstance(job.schedule, At):
        schedules = [{"cron": job.schedule.cron}]
    return {
        "entrypoint": job.flow,
        "name": job.name,
        "description": job.what,
        "parameters": dict(job.parameters),
        "tags": job.tags,
        "schedules": schedules,
        "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE" if job.waits else "CANCEL_NEW"},
    }


# --- what cannot be served -------------------------------------------------------------------------------


def serve(folder: Path, *words: str) -> tuple[int, str]:
    """The exit code of `onrecord serve` that does not come to serve, and what it said."""
    kept = {n: value for n, value in os.environ.items() if not n.startswith(("ONRECORD_", "PREFECT_"))}
    ran = subprocess.run(
        [sys.executable, "-m", "flows.cli", "serve", *words],
        cwd=folder,
        env={**kept, "PREFECT_HOME": str(folder / ".prefect"), "ONRECORD_LOCK_WAIT": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a source list."""
    (tmp_path / "list.toml").write_text('[[source]]\nfeeds = ["https://ledger.example/rss"]\n')
    return tmp_path


def test_a_port_that_somebody_else_has_is_told(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = serve(folder, "--sources", "list.toml", "--port", str(port))
    assert code == 1
    assert f"Port {port} of 127.0.0.1 is not to be had" in said
    assert "--port N" in said


def test_a_warehouse_is_served_once(folder: Path) -> None:
    files = WarehouseFiles(folder / "w.duckdb")
    files.work.mkdir()
    with held(files.work / "serve.lock", 0, lambda pid, host: AssertionError((pid, host))):
        code, said = serve(folder, "--sources", "list.toml", "--warehouse", "w.duckdb")
    assert code == 1
    assert f"onrecord serve runs already for w.duckdb: process {os.getpid()}" in said


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--sources", "nowhere.toml"), 2, "There is no source list nowhere.toml"),
        (("--sources", "list.toml", "--tagger", "magic"), 2, "magic"),
        (("--sources", "list.toml", "--port", "70000"), 2, "70000"),
    ],
)
def test_what_cannot_be_served_is_told_at_once(
    folder: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert serve(folder, *words)[0] == code
    assert sentence in serve(folder, *words)[1]
