"""What is in deploy/: it names what there is, and its steps do what they say."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import dev
from flows.cli import main
from tasks.settings import KNOWN
from tests.conftest import ROOT
from tests.support.image import instructions, tried

DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "Dockerfile"
STEPS = instructions(DOCKERFILE.read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IMAGE = COMPOSE["x-image"]["image"]
UNIT = (DEPLOY / "onrecord.service").read_text(encoding="utf-8")


def copied() -> list[str]:
    """What the Dockerfile takes from the repository."""
    words = [rest.split() for word, rest in STEPS if word == "COPY" and not rest.startswith("--from")]
    return [place for parts in words for place in parts[:-1] if not place.startswith("--")]


def test_the_image_copies_what_is_there_and_all_that_is_installed() -> None:
    assert [place for place in copied() if not (ROOT / place).exists()] == []
    assert set(PROJECT["tool"]["uv"]["build-backend"]["module-name"]) <= set(copied())


def test_the_builder_is_sent_what_the_image_copies() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in ignored if line.startswith("!")}
    assert {place for place in copied() if place.split("/")[0] not in sent} == set()


def test_the_image_is_made_by_the_uv_of_the_project_and_for_a_python_it_knows() -> None:
    runs = " ".join(rest for word, rest in STEPS if word == "RUN")
    assert dev.UV in runs.split()
    assert set(re.findall(r"--extra (\S+)", runs)) <= set(PROJECT["project"]["optional-dependencies"])
    bases = {rest.split()[0] for word, rest in STEPS if word == "FROM"}
    assert len(bases) == 1, "the environment is made in one stage for the Python of the other"
    version = re.search(r"python:(\d+)\.(\d+)-", bases.pop())
    assert version
    assert tuple(map(int, version.groups())) >= dev.LEAST_PYTHON


def test_what_the_containers_run_is_a_command() -> None:
    # Prefect's commands are started by tests/test_prefect_servers.py.
    ours = {name: told["command"] for name, told in COMPOSE["services"].items() if told.get("image") == IMAGE}
    assert [name for name in ours if "entrypoint" not in COMPOSE["services"][name]] == ["onrecord"]
    assert ours["onrecord"][0] in main.commands


def test_the_settings_are_settings() -> None:
    from prefect.settings import get_current_settings

    fields = {*get_current_settings().to_environment_variables(include_secrets=True), "PREFECT_API_URL"}
    prefects = names_in(COMPOSE, "PREFECT_") | names_in(UNIT, "PREFECT_")
    redis = {name for name in prefects if name.startswith("PREFECT_REDIS_")}
    assert prefects - redis - fields == set()
    assert {name.removeprefix("ONRECORD_").lower() for name in names_in(COMPOSE, "ONRECORD_")} <= KNOWN


def names_in(written: object, start: str) -> set[str]:
    """The variables that are named in a file."""
    return set(re.findall(rf"\b{start}[A-Z_]+", str(written)))


def test_the_unit_starts_a_command_that_is_there() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(UNIT)
    program, command = unit["Service"]["ExecStart"].split()
    assert program.endswith("/bin/onrecord")
    assert command in main.commands


@pytest.mark.deploy
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    here = UNIT.replace("/opt/onrecord/bin/onrecord", sys.executable)  # it must be there
    (tmp_path / "onrecord.service").write_text(here, encoding="utf-8")
    looked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "onrecord.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "onrecord.service" not in looked.stderr + looked.stdout
    assert looked.returncode == 0


@pytest.mark.deploy
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="the steps are tried under chroot, by root on Linux"
)
def test_the_steps_of_the_image_give_an_onrecord_that_ingests(tmp_path: Path, seeds: Path) -> None:
    with tried(DOCKERFILE, ROOT, tmp_path) as image:
        shutil.copytree(seeds, image.root / "in")
        assert image.user != "0:0"
        ended = image.run([*image.entrypoint, "ingest", "/in"])
        assert "2 articles of 2 outlets loaded" in ended.stdout, ended.stderr
        asked = image.run([*image.entrypoint, "sql", "SELECT count(*) AS quotes FROM quotes", "--csv"])
        assert asked.stdout.split()[1] == "20"
        assert (image.root / "srv/onrecord/data/onrecord.duckdb").stat().st_uid == 10001
        assert image.run(["prefect", "version"]).returncode == 0
        assert image.run(["python", "-c", "import prefect_redis.messaging"]).returncode == 0
