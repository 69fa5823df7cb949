"""A document that hangs, crashes or eats all memory costs itself only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasks.errors import DocumentError
from tasks.expendable import ExpendableProcess
from tasks.workers import workplace
from tests.support import troubles

ROOT = Path(__file__).resolve().parent.parent
SOON = 10.0  # seconds in which a process must be gone, on a busy machine


@pytest.fixture
def process() -> Iterator[ExpendableProcess]:
    made = ExpendableProcess(deadline=1, memory=512 << 20)
    yield made
    made.end()


@pytest.mark.parametrize(
    ("trouble", "reason", "words"),
    [
        (troubles.hang_in_a_pattern, "timeout", "more than 1 seconds"),
        (troubles.sleep_for_ever, "timeout", "more than 1 seconds"),
        (troubles.crash, "worker_died", "SIGSEGV"),
        (troubles.be_killed, "worker_died", "SIGKILL"),
        (troubles.exhaust_memory, "out_of_memory", "0.5 GB"),
        (troubles.exhaust_memory_and_hide_it, "out_of_memory", "0.5 GB"),
        (troubles.refuse, "no_article", "No article"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_trouble_is_a_documents_failure_and_the_next_document_is_read(
    process: ExpendableProcess, trouble: Callable[[], object], reason: str, words: str
) -> None:
    with pytest.raises(DocumentError, match=words) as told:
        process(trouble)
    assert told.value.reason == reason
    assert process(troubles.echoed, "next") == "next"


def test_one_process_serves_many_documents_and_counts_their_cpu_time(process: ExpendableProcess) -> None:
    first = process(troubles.pid)
    with pytest.raises(DocumentError):
        process(troubles.refuse)
    text = "naïve ¶ \U0001f600" * 400_000
    assert process(troubles.echoed, text) == text
    assert process(troubles.pid) == first != os.getpid()
    assert 0 < process.cpu_seconds < SOON


def test_the_deadline_is_one_documents_not_that_of_all(process: ExpendableProcess) -> None:
    first = process(troubles.pid)
    for _ in range(3):
        process(troubles.compute, 0.6)
    assert process(troubles.pid) == first


def test_an_exception_that_cannot_travel_is_told_by_one_that_can(process: ExpendableProcess) -> None:
    with pytest.raises(RuntimeError, match="Local: too local") as told:
        process(troubles.raise_what_cannot_be_sent)
    assert "raise_what_cannot_be_sent" in told.value.__notes__[0]


def test_a_document_is_tried_again_when_somebody_killed_the_process(process: ExpendableProcess) -> None:
    victim = process(troubles.pid)
    os.kill(victim, signal.SIGKILL)
    assert process(troubles.echoed, "again") == "again"


def test_threads_take_turns(process: ExpendableProcess) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(process(troubles.echoed, str(n)))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list("01234567")


def test_a_worker_of_a_workplace_has_an_expendable_process_of_its_own() -> None:
    with workplace(2) as work:
        worker, expendable = work(troubles.pids_of_a_worker)
    assert len({os.getpid(), worker, expendable}) == 3
    assert gone(worker)
    assert gone(expendable)


@pytest.mark.parametrize("trouble", ["pid", "hang_in_a_pattern"])
def test_the_process_ends_with_its_owner_whatever_it_does(trouble: str, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import sys, time; from pathlib import Path; from tasks.expendable import expendable\n"
        "from tests.support import troubles; process = expendable()\n"
        f"Path({str(note)!r}).write_text(str(process(troubles.pid)))\n"
        f"process(troubles.{trouble}); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    pid = int(waited_for(lambda: note.exists() and note.read_text()))
    time.sleep(0.2)
    owner.kill()
    owner.wait()
    assert gone(pid)


def test_ctrl_c_ends_it_without_a_word() -> None:
    code = (
        "import sys, time; from tasks.expendable import expendable; from tests.support import troubles\n"
        "try:\n"
        "    process = expendable(); print(process(troubles.pid), flush=True)\n"
        "    process(troubles.sleep_for_ever)\n"
        "except KeyboardInterrupt: print('interrupted', flush=True)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    time.sleep(0.2)
    os.killpg(owner.pid, signal.SIGINT)
    out, err = owner.communicate(timeout=SOON)
    assert (out, err) == ("interrupted\n", "")
    assert gone(pid)


def gone(pid: int) -> bool:
    """Whether the process is no more, at the latest soon."""

    def is_gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    return bool(waited_for(is_gone))


def waited_for(look: Callable[[], object]) -> str:
    """What the look gives as soon as it gives something."""
    end = time.monotonic() + SOON
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.02)
    return str(found or "")
