"""The developer commands: what ends them ends what they started."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

CHILD = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
RUN = f"import dev, sys; sys.exit(dev.run(sys.executable, '-c', {CHILD!r}))"


def test_sigterm_ends_the_program_that_was_started() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        child = int(ours.stdout.readline())
        ours.send_signal(signal.SIGTERM)
        assert ours.wait(20) != 0
    assert not Path(f"/proc/{child}").exists()
