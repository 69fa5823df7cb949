"""What a kill -9 or a full disk in the middle of a load leaves behind: exactly the committed batches."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.warehouse_samples import NOON, article, begin, contents, ingest, load_staged, opened, stage
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.query import query
from warehouse.staging import staged_batches

BATCHES = 4
LOADER = f"""
import sys
from pathlib import Path
from tests.support.warehouse_samples import NOON, article, load_staged, opened, stage
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch, sweep
from warehouse.publish import publish
from warehouse.staging import staged_batches
files = WarehouseFiles(Path(sys.argv[1]))
print("begins", flush=True)
for number in range({BATCHES}):
    stage(files, str(number), [article(at) for at in range(number * 3, number * 3 + 6)])
with opened(files) as con:
    sweep(con, files)
    for staged in staged_batches(files.staging):
        load_batch(con, staged, NOON)
        publish(con, files, NOON)
"""


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def run_loader(files: WarehouseFiles, kill_after: float | None = None) -> float:
    """Run the loader to its end, or kill it so many seconds after it began; the seconds it had."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(files.published)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    try:
        process.wait(kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    else:
        assert process.returncode == 0
    return time.monotonic() - began


def survives(folder: Path, kills: int, seed: int) -> None:
    """Kill the loader at random moments; what it leaves must always be whole, and the end as undisturbed."""
    moments = random.Random(seed)  # noqa: S311 - any moment will do
    undisturbed = WarehouseFiles(folder / "undisturbed.duckdb")
    seconds = run_loader(undisturbed)
    with opened(undisturbed) as con:
        expected = contents(con)
    killed = WarehouseFiles(folder / "killed.duckdb")
    for _ in range(kills):
        run_loader(killed, moments.uniform(0, seconds))
        if killed.published.exists():
            query(killed.published, "SELECT count(*) FROM who_said_what")
    run_loader(killed)
    with opened(killed) as con:  # compares the ledger with the tables
        assert contents(con) == expected
    assert list(killed.staging.iterdir()) == []


def test_a_loader_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    survives(tmp_path, kills=2, seed=1)


@pytest.mark.soak
def test_a_loader_that_is_killed_fifty_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        survives(folder, kills=5, seed=seed)


# --- full disk -------------------------------------------------------------------


FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.support.warehouse_samples import NOON, article, load_staged, opened, stage
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
files, step = WarehouseFiles(Path(sys.argv[1])), sys.argv[2]

def fill(room):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

try:
    if step == "stage":
        fill(100)
        stage(files, "big", [article(number) for number in range(50)])
    with opened(files) as con:
        if step == "load":
            fill(files.build.stat().st_size)
            load_staged(con, files)
            load_staged(con, files)
        fill(files.build.stat().st_size // 2)
        publish(con, files, NOON)
except WarehouseError as error:
    print(error.reason, error.message, sep="|")
"""


def told_on_full_disk(files: WarehouseFiles, step: str) -> str:
    """What the warehouse says when the disk is full at this step."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(files.published), step],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reason, message = done.stdout.strip().split("|")
    assert "free some space" in message
    return reason


def test_a_full_disk_while_staging_leaves_no_half_of_a_batch(files: WarehouseFiles) -> None:
    assert told_on_full_disk(files, "stage") == "disk_full"
    assert staged_batches(files.staging) == list(files.staging.iterdir()) == []


def test_a_full_disk_while_loading_loads_nothing_and_loses_nothing(files: WarehouseFiles) -> None:
    begin(files)
    noise = random.Random(1)  # noqa: S311 - text that does not compress, so that the file must grow
    big = [article(number, noise=noise.randbytes(20_000).hex()) for number in range(10, 60)]
    stage(files, "big", big)
    assert told_on_full_disk(files, "load") == "disk_full"
    with opened(files) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchone() in {(1,), (51,)}  # whole batches
        load_staged(con, files)  # there is room again
        assert publish(con, files, NOON).articles == 51


def test_a_full_disk_while_publishing_leaves_the_old_file_in_its_place(files: WarehouseFiles) -> None:
    begin(files)
    before = files.published.read_bytes()
    with opened(files) as con:
        stage(files, "two", [article(2)])
        load_staged(con, files)
    assert told_on_full_disk(files, "publish") == "disk_full"
    assert files.published.read_bytes() == before
    assert [path.name for path in files.published.parent.iterdir() if "part" in path.name] == []
    assert ingest(files, "three", [article(3)]).articles == 3
