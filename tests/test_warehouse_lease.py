"""Two machines that mount one folder: their loaders refuse each other, and a dead one is taken over from."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse import lease
from warehouse.connect import loading
from warehouse.errors import WarehouseError, locked
from warehouse.files import WarehouseFiles
from warehouse.lease import Holder, is_shared, leased

ROOT = Path(__file__).resolve().parent.parent
# A machine of its own: another name, OS locks that nobody else hears of, a folder that it knows is shared.
MACHINE = """
import fcntl, socket, sys, time
from pathlib import Path
fcntl.flock = lambda *_: None
socket.gethostname = lambda: sys.argv[2]
from warehouse import lock
lock.is_shared = lambda _: True
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
with loading(WarehouseFiles(Path(sys.argv[1])), wait_seconds=0) as con:
    con.execute("CHECKPOINT")
    print("loading", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats and deaths in parts of a second."""
    for name, seconds in {"BEAT": 0.05, "DEAD_AFTER": 2.0, "SETTLE": 0.1, "POLL": 0.02}.items():
        monkeypatch.setattr(lease, name, seconds)


@contextmanager
def machine(warehouse: Path, host: str) -> Iterator[subprocess.Popen[str]]:
    """Another machine that is loading."""
    command = [sys.executable, "-c", MACHINE, str(warehouse), host]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        try:
            yield process
        finally:
            process.kill()


def refused(pid: int | None, host: str | None) -> WarehouseError:
    return locked(Path("news.duckdb"), pid, host)


def test_two_loaders_on_two_machines_refuse_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.lock.is_shared", lambda _: True)
    monkeypatch.setattr("warehouse.lock.fcntl.flock", lambda *_: None)
    files = WarehouseFiles(tmp_path / "news.duckdb")
    with machine(files.published, "machine-a") as other:
        with pytest.raises(WarehouseError) as told, loading(files, wait_seconds=0):
            pass
        assert told.value.reason == "warehouse_locked"
        assert f"process {other.pid} on machine-a" in told.value.message
        assert other.stdin is not None
        other.stdin.close()
        other.wait()
    with loading(files, wait_seconds=0) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    assert not files.lease.exists()


def test_a_machine_that_died_is_taken_over_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.lock.is_shared", lambda _: True)
    files = WarehouseFiles(tmp_path / "news.duckdb")
    with machine(files.published, "machine-a") as other:
        other.kill()
        other.wait()
    assert files.lease.exists()
    began = time.monotonic()
    with loading(files, wait_seconds=20):
        assert time.monotonic() - began >= lease.DEAD_AFTER


def test_a_process_of_the_same_machine_that_died_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "lease"
    file.write_text(json.dumps({"name": "old", "pid": 1, "host": "here", "beat": 3}))
    with leased(file, 0, refused, host="here"):
        assert json.loads(file.read_text())["name"] != "old"


def test_who_is_alive_keeps_it_however_long_the_other_waits(tmp_path: Path) -> None:
    file = tmp_path / "lease"
    with leased(file, 0, refused, host="a"):
        long = 2 * lease.DEAD_AFTER
        with pytest.raises(WarehouseError, match="on a"), leased(file, long, refused, host="b"):
            pass
        assert json.loads(file.read_text())["host"] == "a"


def test_of_two_who_find_a_dead_lease_one_gets_it(tmp_path: Path) -> None:
    file = tmp_path / "lease"
    file.write_text(json.dumps({"name": "dead", "pid": 1, "host": "gone", "beat": 3}))
    inside, most, got = 0, 0, []
    count = threading.Lock()

    def load(host: str) -> None:
        nonlocal inside, most
        with leased(file, 30, refused, host=host):
            with count:
                inside += 1
                most = max(most, inside)
            time.sleep(0.2)
            with count:
                inside -= 1
                got.append(host)

    threads = [threading.Thread(target=load, args=(f"machine-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert len(got) == 4


def test_a_lease_that_was_lost_is_told_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "lease"
    with pytest.raises(WarehouseError, match="process 7 on b"), leased(file, 0, refused, host="a"):
        lease._write(file, Holder("theirs", 7, "b"))
    assert json.loads(file.read_text())["name"] == "theirs"  # it stays theirs


MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:50 / /mnt/news rw,relatime shared:2 - nfs4 server:/news rw
41 40 8:2 / /mnt/news/local rw,relatime shared:3 - xfs /dev/sdb1 rw
42 22 0:51 / /mnt/with\\040blank rw,relatime shared:4 - fuse.sshfs host: rw
43 22 8:3 / /mnt/newspapers rw,relatime shared:5 - ext4 /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        ("/srv/news", False),
        ("/mnt/news", True),
        ("/mnt/news/w.work", True),
        ("/mnt/news/local/w.work", False),
        ("/mnt/with blank/w", True),
        ("/mnt/newspapers/w", False),
    ],
)
def test_which_folders_machines_share(folder: str, shared: bool, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO)
    assert is_shared(Path(folder), mounts) is shared
    assert is_shared(Path(folder), tmp_path / "no such file") is False
