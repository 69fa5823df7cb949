"""What a hostile document can do to a process, as functions for one that may be lost."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time

from tasks.errors import DocumentError
from tasks.expendable import expendable


def echoed(text: str) -> str:
    """The text as it came."""
    return text


def pid() -> int:
    """Which process works."""
    return os.getpid()


def hang_in_a_pattern() -> bool:
    """Hold the interpreter for ever: no signal handler and no thread of Python gets a turn."""
    return re.fullmatch(r"(a+)+b", "a" * 64) is None


def sleep_for_ever() -> None:
    """Wait without computing."""
    time.sleep(3600)


def crash() -> str:
    """Read what no process may read."""
    return ctypes.string_at(0).decode()


def be_killed() -> None:
    """End as the kernel ends the largest process of a machine that is short of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def exhaust_memory() -> int:
    """Ask for all there is."""
    held = []
    while True:
        held.append(bytearray(8 << 20))


def exhaust_memory_and_hide_it() -> str:
    """Give half an answer as if there had been enough memory."""
    try:
        exhaust_memory()
    except MemoryError:
        return "half an answer"
    return "never"


def refuse() -> None:
    """Fail as a document does."""
    raise DocumentError("No article was found in this page.", reason="no_article")


def raise_what_cannot_be_sent() -> None:
    """Raise what no pickle can hold."""

    class Local(Exception):  # noqa: N818 - as libraries name them
        pass

    raise Local("too local")


def compute(seconds: float) -> None:
    """Use so much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def pids_of_a_worker() -> tuple[int, int]:
    """Who works here, and the process that would be lost for a document."""
    return os.getpid(), expendable()(pid)
