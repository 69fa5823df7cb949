"""The command line without Prefect: help, usage, and how quickly it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import COMMANDS, main
from tests.conftest import ROOT

CONTRACT = {"ingest", "sql", "sources", "extract", "show", "quotes", "story"}
CONTRACT |= {"serve", "backfill", "reextract", "report", "export", "doctor"}


def test_every_command_of_the_contract_is_there() -> None:
    assert set(main.commands) >= CONTRACT


@pytest.mark.parametrize("command", sorted(CONTRACT))
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("command", sorted(str(command.name) for command in COMMANDS))
def test_the_help_of_a_command_that_works_shows_examples(command: str) -> None:
    output = CliRunner().invoke(main, [command, "--help"]).output
    assert f"onrecord {command}" in output.split("Examples:")[1]


@pytest.mark.parametrize(
    "words", [[], ["ingest"], ["ingest", "--workers", "many", "x"], ["nonsense"], ["sql"], ["extract"]]
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    assert CliRunner().invoke(main, words).exit_code == 2


def test_inputs_none_of_which_exists_are_wrong_usage_and_leave_nothing(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    result = CliRunner().invoke(main, ["ingest", str(tmp_path / "nowhere"), "--warehouse", str(warehouse)])
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr
    assert not list(tmp_path.iterdir())


def test_starting_the_command_line_imports_nothing_heavy() -> None:
    heavy = "{'prefect', 'duckdb', 'trafilatura', 'rich', 'httpx', 'pydantic', 'lxml'}"
    code = f"import sys, flows.cli; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_command_imports_prefect_before_its_server_is_known() -> None:
    """Prefect reads its settings when it is imported: too early, and it starts a second server of its own.

    Two servers at one database do not know each other's leases, and every scheduled run is cancelled.
    """
    named = [f"flows.{path.stem}" for path in sorted((ROOT / "flows").glob("*_command.py"))]
    assert "flows.serve_command" in named
    code = f"import sys; [__import__(name) for name in {named}]; print('prefect' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
