"""`onrecord serve` as a process of its own, on a free port, and the Prefect API that it serves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.local_server import answers, free_port

START_SECONDS = 240.0  # 15 s on an idle machine; two minutes were seen on a busy one
BUSY_TRIES = 30
LOOK_SECONDS = 0.5


@dataclass
class Served:
    """A folder in which `onrecord serve` runs; what it says goes to `serve.log`."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def api_url(self) -> str:
        """The address of its Prefect API."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the developer's own settings."""
        kept = {n: value for n, value in os.environ.items() if not n.startswith(("ONRECORD_", "PREFECT_"))}
        return {**kept, "PREFECT_HOME": str(self.folder / ".prefect"), "PYTHONUNBUFFERED": "1"}

    def start(self, *words: str | Path) -> None:
        """Start it, and wait until it has said what will run when; it leads a process group of its own."""
        with (self.folder / "serve.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "serve", "--port", str(self.port), *map(str, words)],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        process = self.process
        wait_for(lambda: "Ctrl-C ends it" in self.log or process.poll() is not None, START_SECONDS)
        assert "Ctrl-C ends it" in self.log, self.log

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal to it alone, and wait for its end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(90)

    def is_up(self) -> bool:
        """Whether a Prefect server answers there."""
        return answers(self.api_url)

    def ask(self, path: str, body: object | None = None, method: str | None = None) -> Any:
        """A GET, or a POST of the body; what the API answers."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.api_url}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        for _ in range(BUSY_TRIES):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                    return json.loads(answer.read() or b"null")
            except TimeoutError:
                continue
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
                time.sleep(1)  # its database is locked for a moment, on a busy machine
        raise TimeoutError(f"{path} stayed unavailable")

    def deployment(self, title: str) -> dict[str, Any]:
        """A deployment by its title: flow/name."""
        found: dict[str, Any] = self.ask(f"/deployments/name/{title}")
        return found

    def run(self, title: str, **parameters: object) -> str:
        """Start a run of a deployment as the UI does; its id."""
        identity = self.deployment(title)["id"]
        made = self.ask(f"/deployments/{identity}/create_flow_run", {"parameters": parameters})
        return str(made["id"])

    def runs(self, title: str) -> list[dict[str, Any]]:
        """All runs of a deployment."""
        asked = {"deployments": {"id": {"any_": [self.deployment(title)["id"]]}}, "limit": 200}
        found: list[dict[str, Any]] = self.ask("/flow_runs/filter", asked)
        return found

    def state(self, run: str) -> str:
        """The state of a run."""
        return str(self.ask(f"/flow_runs/{run}")["state_name"])

    def task_runs(self, run: str, state: str, name: str) -> list[str]:
        """The names of the task runs of a run that begin so and are in this state, sorted."""
        asked = {"flow_runs": {"id": {"any_": [run]}}, "limit": 200}
        found = [(one["name"], one["state_name"]) for one in self.ask("/task_runs/filter", asked)]
        return sorted(task for task, ended in found if ended == state and task.startswith(name))

    def wait_until(self, run: str, *states: str, seconds: float = 400.0) -> str:
        """Wait until a run is in one of these states; the state."""
        wait_for(lambda: self.state(run) in states, seconds)
        assert self.state(run) in states, (self.ask(f"/flow_runs/{run}")["state"], self.log)
        return self.state(run)


@contextmanager
def served(folder: Path, *words: str | Path) -> Iterator[Served]:
    """`onrecord serve` in a folder, until the block ends."""
    one = Served(folder)
    try:
        one.start(*words)
        yield one
    finally:
        if one.process is not None and one.process.poll() is None:
            one.end()


def wait_for(happens: Callable[[], object], seconds: float) -> None:
    """Wait until something happens, at the most so long."""
    deadline = time.monotonic() + seconds
    while not happens() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
