"""The developer commands: what ends them ends what they started."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# It ignores the keyboard, as one does that is in another group.
CHILD = (
    "import os, signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "print(os.getpid(), flush=True); time.sleep(60)"
)
RUN = f"import dev, sys; sys.exit(dev.run(sys.executable, '-c', {CHILD!r}))"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_ends_it_ends_the_program_that_was_started(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        child = int(ours.stdout.readline())
        ours.send_signal(how)
        assert ours.wait(20) != 0
    assert not Path(f"/proc/{child}").exists()
