"""A run that its runner has left alone: it ends, and says so, when the process that started it is killed.

Called first thing by the flows. Without it a run would go on unseen after `kill -9` of `onrecord serve`, hold
the lock of the warehouse, and tell a server that is gone.
"""

from __future__ import annotations

import os
import signal
import threading
import time

RUNNER = "ONRECORD_RUNNER_PID"  # set by `onrecord serve` for the runs that it starts
LOOK_SECONDS = 1.0
GRACE_SECONDS = 30.0  # to note how it ended; a server that is gone is asked in vain

_watched = threading.Event()


def end_with_runner() -> None:
    """From now on end this process, in good order, when the runner that started it is no more."""
    runner = os.environ.get(RUNNER, "")
    if not runner.isdigit() or int(runner) != os.getppid() or _watched.is_set():
        return
    _watched.set()
    threading.Thread(target=_watch, args=(int(runner),), daemon=True, name="end with runner").start()


def _watch(runner: int) -> None:
    while os.getppid() == runner:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
