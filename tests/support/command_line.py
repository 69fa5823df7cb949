"""`onrecord` as users start it: a process of its own, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 300.0  # seconds; a run of these tests takes some three, or thirty on a busy machine
LOCK_WAIT = "2"  # seconds; a test that meets a lock wants to see the refusal soon


@dataclass(frozen=True)
class Onrecord:
    """Starts the command line in a folder, with a Prefect server that is already up."""

    folder: Path
    api_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the process: nothing of the developer's own settings."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ONRECORD_", "PREFECT_"))
        }
        ours = {
            "PREFECT_API_URL": self.api_url,
            "PREFECT_HOME": str(self.folder / ".prefect"),
            "ONRECORD_LOCK_WAIT": LOCK_WAIT,
        }
        return {**kept, **ours}

    def command(self, *words: str | Path) -> list[str]:
        """The words that start it."""
        return [sys.executable, "-m", "flows.cli", *map(str, words)]

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start it and go on; it leads a process group of its own."""
        return subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
