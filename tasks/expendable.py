"""A process that may be lost: it works on one document at a time, under a deadline and a memory limit.

Called by `tasks.batch` and `onrecord extract` for what parses foreign HTML. lxml and trafilatura have no
deadline of their own, hold the interpreter while they work, and have been seen to crash; a document that
brings the process down costs itself only. The process is kept from one document to the next.

The deadline is one of CPU time and is kept by the kernel (RLIMIT_CPU), as is the end of the process when
ours is killed (a pipe that signals its own closing): both work while Python code or C code runs wild.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal, NoReturn, ParamSpec, TypeVar, cast

from tasks.errors import DocumentError

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 20.0  # seconds of CPU time for one document; the slowest of a thousand real pages takes two
PATIENCE = 3  # times the deadline: wall time after which a process that does not even compute is given up
MEMORY = 1 << 30  # bytes of address space; a page of 9 million characters takes 0.42 GB, libraries 0.18 of it
FULL = 0.95  # of the memory: lxml hides that it got no more, and gives half a page or none
ATTEMPTS = 2  # a process that died may have been killed; one that ran full, by earlier documents
SHUT_DOWN = 1.0  # seconds until a process that was told to end is killed

Status = Literal["done", "raised", "out_of_memory"]
Reply = tuple[Status, object, float]  # its value or exception, and the CPU seconds it took

IS_AVAILABLE = os.name == "posix"  # elsewhere there are no such limits, and work is done in this process


class ExpendableProcess:
    """Runs functions in a process of its own, started when first needed.

    Safe to share among threads, which take turns. `cpu_seconds` is what its work has cost so far.
    """

    def __init__(self, deadline: float = DEADLINE, memory: int = MEMORY) -> None:
        self.deadline = deadline
        self.memory = memory
        self.cpu_seconds = 0.0
        self._turn = threading.Lock()
        self._running: _Running | None = None

    def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(*args, **kwargs)`, all of which travel by pickle, or what it raised.

        Raises DocumentError (`timeout`, `worker_died`, `out_of_memory`) where it brought the process down.
        """
        if not IS_AVAILABLE:
            return work(*args, **kwargs)
        with self._turn:
            for _ in range(ATTEMPTS - 1):
                worth_another = {"worker_died", "out_of_memory"} if self._running else {"worker_died"}
                try:
                    return self._attempt(work, args, kwargs)
                except DocumentError as error:
                    if error.reason not in worth_another:
                        raise
            return self._attempt(work, args, kwargs)

    def _attempt(self, work: Callable[..., T], args: object, kwargs: object) -> T:
        running = self._running or _Running(self.deadline, self.memory)
        self._running = None  # kept only if it comes back sound
        try:
            status, value, seconds = running.ask((work, args, kwargs))
        except BaseException:
            running.kill()
            raise
        self.cpu_seconds += seconds
        if status == "out_of_memory":
            running.kill()
            raise _out_of_memory(self.memory)
        self._running = running
        if isinstance(value, BaseException) and status == "raised":
            raise value
        return cast("T", value)

    def end(self) -> None:
        """End the process, if there is one; it starts again when it is needed again."""
        with self._turn:
            if self._running is not None:
                self._running.end()
                self._running = None


class _Running:
    """The process, seen from ours: a connection for documents and a lifeline that closes when we end."""

    def __init__(self, deadline: float, memory: int) -> None:
        from multiprocessing import Pipe

        self.deadline = deadline
        self.pipe, theirs = Pipe()
        their_lifeline, self.lifeline = os.pipe()
        orders = {"pipe": theirs.fileno(), "lifeline": their_lifeline, "deadline": deadline, "memory": memory}
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", _start_up(), json.dumps(orders)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # what libraries print belongs to no reader of ours
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), their_lifeline),
            )
        finally:
            theirs.close()
            os.close(their_lifeline)

    def ask(self, question: object) -> Reply:
        """The answer; raises DocumentError (`timeout`, `worker_died`) where none comes."""
        try:
            self.pipe.send(question)
            if not self.pipe.poll(self.deadline * PATIENCE):
                raise _too_slow(self.deadline)
            return cast("Reply", self.pipe.recv())
        except (EOFError, ConnectionError) as error:
            raise self._death() from error

    def _death(self) -> DocumentError:
        """How it ended: by its deadline, or by a crash."""
        code = self.process.wait()
        if -code == signal.SIGXCPU:
            return _too_slow(self.deadline)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return DocumentError(f"The process that read this page died ({how}).", reason="worker_died")

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.process.kill()
        self._let_go()

    def end(self) -> None:
        """End it: it goes by itself when its lifeline closes."""
        with contextlib.suppress(OSError):
            os.close(self.lifeline)
        self.lifeline = -1
        try:
            self.process.wait(SHUT_DOWN)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._let_go()

    def _let_go(self) -> None:
        self.process.wait()
        self.pipe.close()
        if self.lifeline >= 0:
            os.close(self.lifeline)
            self.lifeline = -1


def _too_slow(deadline: float) -> DocumentError:
    return DocumentError(
        f"It kept the parser busy for more than {deadline:g} seconds, so it was left out.", reason="timeout"
    )


def _out_of_memory(memory: int) -> DocumentError:
    return DocumentError(
        f"To read this page takes more than {memory / (1 << 30):.3g} GB of memory.", reason="out_of_memory"
    )


# --- the one of this process ------------------------------------------------------------------------


_ours = ExpendableProcess()
atexit.register(_ours.end)


def expendable() -> ExpendableProcess:
    """The expendable process that belongs to this one; nothing is started until it has work."""
    return _ours


# --- inside the process -----------------------------------------------------------------------------


def _start_up() -> str:
    """The program of the process: our package is found where it was found here."""
    root = str(Path(__file__).resolve().parent.parent)
    return f"import sys; sys.path.insert(0, {root!r}); from tasks.expendable import serve; serve(sys.argv[1])"


def serve(orders: str) -> NoReturn:
    """Work until our parent ends or hangs up. Runs in the process only."""
    told = json.loads(orders)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is our parent's to handle
    _end_with(told["lifeline"])
    _limit_memory(told["memory"])
    pipe = Connection(told["pipe"])
    while True:
        try:
            _limit_time(told["deadline"])
            pipe.send_bytes(_answer(pipe.recv_bytes(), told["memory"]))
        except (EOFError, OSError):
            os._exit(0)


def _answer(question: bytes, memory: int) -> bytes:
    """The task, done: a pickled `Reply`."""
    began = time.process_time()
    status: Status = "done"
    try:
        work, args, kwargs = pickle.loads(question)  # noqa: S301 - our parent's
        value = work(*args, **kwargs)
    except MemoryError:
        status, value = "out_of_memory", None
    except Exception as error:  # noqa: BLE001 - it is raised again where it was called from
        status, value = "raised", _sendable(error)
    if _most_memory() > FULL * memory:
        status, value = "out_of_memory", None
    try:
        return pickle.dumps((status, value, time.process_time() - began), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(("out_of_memory", None, time.process_time() - began))


def _most_memory() -> int:
    """The most address space that this process has had, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - quicker, for each page
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmPeak:"))
    except (OSError, StopIteration):
        return 0


def _sendable(error: Exception) -> Exception:
    """The exception with its traceback as a note; another that tells the same where it cannot be sent."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - many exceptions of libraries cannot be pickled, in many ways
        told = RuntimeError(f"{type(error).__name__}: {error}")
        told.add_note(error.__notes__[-1])
        return told
    return error


def _end_with(lifeline: int) -> None:
    """Make the kernel end this process when the other end of the pipe closes: when our parent ends."""
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)  # whose default is the end of the process
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _limit_memory(memory: int) -> None:
    import resource

    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)


def _limit_time(deadline: float) -> None:
    """Let the kernel end this process after so much more CPU time."""
    import resource

    _lower(resource.RLIMIT_CPU, math.ceil(time.process_time() + deadline))


def _lower(what: int, limit: int) -> None:
    """Set a limit that can be set again, within what this process was given."""
    import resource

    hard = resource.getrlimit(what)[1]
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    with contextlib.suppress(OSError, ValueError):  # a system that knows no such limit
        resource.setrlimit(what, (soft, hard))
