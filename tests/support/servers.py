"""Servers of Debian's packages for the tests that are marked `deploy`: PostgreSQL, Redis, Prefect on both.

Each lives in a folder of its own, listens on loopback alone, and ends with its block.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows.local_server import answers, free_port

START_UP_SECONDS = 240.0  # Prefect makes its tables first; 40 s seen on a busy machine
STOP_SECONDS = 30.0
DEBIAN = Path("/usr/lib/postgresql")  # where Debian keeps the programs of each PostgreSQL
OWNER = "postgres"  # PostgreSQL refuses to run as root; this is whom Debian's package makes


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, where one is installed."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL with an empty database; its address as Prefect takes it."""
    programs = postgres_programs()
    assert programs
    owner = OWNER if os.geteuid() == 0 else None
    port = free_port()
    folder = Path(
        tempfile.mkdtemp(prefix="onrecord-postgres-")
    )  # not under pytest's, which root alone enters
    if owner:
        shutil.chown(folder, owner)
    made: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "--auth=trust",
        "--no-sync",
        "-U",
        "prefect",
    ]
    subprocess.run(made, check=True, capture_output=True, user=owner, cwd=folder)
    options: list[str | Path] = [
        "-D",
        folder / "data",
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        folder,
        "-F",
    ]
    server = subprocess.Popen(
        [programs / "postgres", *options], stderr=subprocess.DEVNULL, user=owner, cwd=folder
    )
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    try:
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, server)
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        end(server)
        shutil.rmtree(folder)


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis that keeps nothing on disk; its port."""
    port = free_port()
    told: list[str | Path] = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
    server = subprocess.Popen(["redis-server", *told], stdout=subprocess.DEVNULL)
    ask = ["redis-cli", "-p", str(port), "ping"]
    try:
        wait_until(lambda: b"PONG" in subprocess.run(ask, check=False, capture_output=True).stdout, server)
        yield port
    finally:
        end(server)


@contextmanager
def prefect_server(settings: Mapping[str, str], commands: Sequence[Sequence[str]]) -> Iterator[str]:
    """Prefect's server as these commands start it, with these settings; the address of its API.

    `PORT` in a command stands for a free port. Its tables are made first, as before an update.
    """
    port = str(free_port())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment = {**kept, **settings, "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    program = Path(sys.executable).with_name("prefect")
    upgrade: list[str | Path] = [program, "server", "database", "upgrade", "-y"]
    subprocess.run(upgrade, env=environment, check=True, capture_output=True, timeout=START_UP_SECONDS)
    servers = [
        subprocess.Popen(
            [program, *(port if word == "PORT" else word for word in words)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words in commands
    ]
    api = f"http://127.0.0.1:{port}/api"
    try:
        wait_until(lambda: answers(api), servers[0])
        yield api
    finally:
        for server in reversed(servers):
            end(server)


def wait_until(ready: Callable[[], bool], server: subprocess.Popen[bytes]) -> None:
    """Wait for a server that has been started; fails where it ended, or needs too long."""
    deadline = time.monotonic() + START_UP_SECONDS
    while not ready():
        assert server.poll() is None, f"{server.args!r} ended as it started, for {getpass.getuser()}"
        assert time.monotonic() < deadline, f"{server.args!r} does not answer"
        time.sleep(0.1)


def end(server: subprocess.Popen[bytes]) -> None:
    """Ask a server to end, and see to it that it does."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
