"""A loader that is killed at any moment of load, index, link and publish, while others read all the time.

Nothing is lost, nothing is there twice, and no reader ever sees an error or half of a warehouse.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.tables import contents
from warehouse.connect import loading
from warehouse.files import WarehouseFiles

BATCHES = 6
QUICK_KILLS = 3
SOAK_KILLS = 200
KILLS_OF_A_WAREHOUSE = 4
READERS = 2

# Batches overlap by half, so that a batch loaded twice would show. Two transactions, published in between.
LOADER = f"""
import sys
from pathlib import Path
from tasks.link.story_step import link_stories
from tests.support.warehouse_samples import NOON, article, opened, stage
from warehouse.files import WarehouseFiles
from warehouse.load import load_batches, sweep
from warehouse.publish import publish
from warehouse.search_index import index_versions
files = WarehouseFiles(Path(sys.argv[1]))
staged = [
    stage(files, str(number), [article(at) for at in range(number * 4, number * 4 + 8)])
    for number in range({BATCHES})
]
print("begins", flush=True)
with opened(files) as con:
    sweep(con, files)
    for half in (staged[: {BATCHES // 2}], staged[{BATCHES // 2} :]):
        list(load_batches(con, [folder for folder in half if folder.exists()], NOON))
        publish(con, files, NOON)
    index_versions(con)
    link_stories(con, NOON)
    publish(con, files, NOON)
"""

# Every text has one quote: a whole snapshot has as many quotes as articles, and no fewer than the last.
READER = """
import sys, time, duckdb
from pathlib import Path
published, stop = Path(sys.argv[1]), Path(sys.argv[2])
before, reads = 0, 0
while not stop.exists():
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as con:
            [(told,)] = con.execute("SELECT articles FROM snapshot_info").fetchall()
            [(quotes,)] = con.execute("SELECT count(*) FROM who_said_what").fetchall()
            [(ages,)] = con.execute("SELECT count(*) FROM snapshot WHERE age IS NOT NULL").fetchall()
        assert quotes == told >= before, (before, told, quotes)
        assert ages == 1
        before, reads = told, reads + 1
    time.sleep(0.05)
print(reads)
"""


def begin_loading(files: WarehouseFiles) -> subprocess.Popen[str]:
    """Start the loader; it has staged its batches when this returns."""
    loader = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(files.published)], stdout=subprocess.PIPE, text=True
    )
    assert loader.stdout is not None
    loader.stdout.readline()
    return loader


def load_all(files: WarehouseFiles) -> float:
    """Load undisturbed; the seconds it took."""
    loader, began = begin_loading(files), time.monotonic()
    assert loader.wait() == 0
    return time.monotonic() - began


def kill_after(files: WarehouseFiles, seconds: float) -> bool:
    """Begin to load and kill it; whether it was still at work."""
    loader = begin_loading(files)
    try:
        loader.wait(seconds)
    except subprocess.TimeoutExpired:
        loader.kill()
        loader.wait()
        return True
    assert loader.returncode == 0
    return False


@contextmanager
def read_all_the_while(files: WarehouseFiles) -> Iterator[None]:
    """Readers that open the published file again and again; each must have read, and seen no fault."""
    stop = files.published.with_name("stop")
    command = [sys.executable, "-c", READER, str(files.published), str(stop)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    try:
        yield
    finally:
        stop.touch()
        told = [reader.communicate()[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS
    assert all(int(reads) > 0 for reads in told)


def survives(folder: Path, kills: int) -> None:
    """Kill so many loaders at work, a few on each of many warehouses."""
    chance = random.Random(kills)  # noqa: S311 - any moment will do
    undisturbed = WarehouseFiles(folder / "undisturbed" / "news.duckdb")
    undisturbed.published.parent.mkdir()
    seconds = load_all(undisturbed)
    expected = contents(undisturbed.published)
    assert len(expected["articles"]) == len(expected["search_documents"]) == BATCHES * 4 + 4
    assert expected["story_articles"]
    killed = number = 0
    while killed < kills:
        files = WarehouseFiles(folder / str(number) / "news.duckdb")
        files.published.parent.mkdir()
        with read_all_the_while(files):
            for _ in range(KILLS_OF_A_WAREHOUSE):
                killed += kill_after(files, chance.uniform(0, seconds))
            load_all(files)
        assert contents(files.published) == expected
        with loading(files, wait_seconds=5):  # compares the ledger with the tables
            pass
        assert list(files.staging.iterdir()) == []
        number += 1


def test_a_loader_that_is_killed_while_others_read_loses_and_doubles_nothing(tmp_path: Path) -> None:
    survives(tmp_path, QUICK_KILLS)


@pytest.mark.soak
def test_two_hundred_kills_while_others_read_lose_and_double_nothing(tmp_path: Path) -> None:
    survives(tmp_path, SOAK_KILLS)
