"""A run that is killed at any moment, and run again, gives the warehouse of an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.command_line import Onrecord
from tests.support.made_articles import write_made_articles
from tests.support.tables import contents

pytestmark = pytest.mark.prefect

ARTICLES = 150  # three batches, so that a kill falls between batches, too
QUICK_KILLS = 3
SOAK_KILLS = 50


def test_a_few_kills_lose_nothing_and_double_nothing(onrecord: Onrecord) -> None:
    survives_kills(onrecord, QUICK_KILLS)


@pytest.mark.soak
def test_fifty_kills_lose_nothing_and_double_nothing(onrecord: Onrecord) -> None:
    survives_kills(onrecord, SOAK_KILLS)


def survives_kills(onrecord: Onrecord, kills: int) -> None:
    articles = write_made_articles(onrecord.folder / "made.jsonl", ARTICLES)
    began = time.monotonic()
    assert onrecord("ingest", articles, "--warehouse", "undisturbed.duckdb").returncode == 0
    length = time.monotonic() - began
    expected = contents(onrecord.folder / "undisturbed.duckdb")
    assert len(expected["articles"]) == ARTICLES
    chance = random.Random(kills)  # noqa: S311 - nothing secret
    for number in range(kills):
        warehouse = onrecord.folder / f"killed-{number}.duckdb"
        # One moment in each stretch of the run, so that few kills cover all of it.
        moment = length * (number + chance.random()) / kills
        kill_after(moment, onrecord.start("ingest", articles, "--warehouse", warehouse))
        again = onrecord("ingest", articles, "--warehouse", warehouse)
        assert again.returncode == 0, f"after a kill at {moment:.2f} s: {again.stderr}"
        assert contents(warehouse) == expected, f"after a kill at {moment:.2f} s"
        assert not leftovers(warehouse), f"after a kill at {moment:.2f} s"


def kill_after(seconds: float, run: subprocess.Popen[str]) -> None:
    """Kill the run and all its workers outright."""
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def leftovers(warehouse: Path) -> list[Path]:
    """Staged batches that nobody will ever load."""
    return list((warehouse.with_suffix(".work") / "staging").iterdir())
