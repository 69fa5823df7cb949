"""How far a run is: a bar on a terminal, plain lines elsewhere. Everything goes to standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

PLAIN_LINE_SECONDS = 5.0  # elsewhere than on a terminal a line this often is enough to see it move


class Progress(Protocol):
    """Where the flow says what it does."""

    def say(self, sentence: str) -> None:
        """One sentence of its own line."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins that has `total` steps."""

    def advance(self, steps: int = 1) -> None:
        """So many steps of the stage are done."""


class PlainProgress:
    """Lines without any control characters, for logs and pipes."""

    def __init__(self) -> None:
        self._name, self._total, self._done, self._said = "", 0, 0, 0.0

    def say(self, sentence: str) -> None:
        """Print the sentence."""
        print(sentence, file=sys.stderr, flush=True)

    def stage(self, name: str, total: int) -> None:
        """Print the stage's name and its size."""
        self._name, self._total, self._done, self._said = name, total, 0, time.monotonic()
        self.say(f"{name}: {total:,}")

    def advance(self, steps: int = 1) -> None:
        """Print how far it is, now and then."""
        self._done += steps
        if self._done < self._total and time.monotonic() - self._said > PLAIN_LINE_SECONDS:
            self._said = time.monotonic()
            self.say(f"{self._name}: {self._done:,} of {self._total:,}")


class TerminalProgress:
    """One bar for the stage at hand."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bars = Bars(*columns, console=Console(stderr=True), transient=True)
        self._stage = self.bars.add_task("", total=None, visible=False)

    def say(self, sentence: str) -> None:
        """Print the sentence above the bar."""
        self.bars.console.print(sentence, markup=False, highlight=False)

    def stage(self, name: str, total: int) -> None:
        """Start the bar anew."""
        self.bars.reset(self._stage, description=name, total=total, visible=True)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self.bars.advance(self._stage, steps)


class LoggedProgress(PlainProgress):
    """The same lines in the log of the flow run: for runs that no command line started."""

    def say(self, sentence: str) -> None:
        """Log the sentence."""
        from prefect.logging import get_run_logger

        get_run_logger().info(sentence)


_current: ContextVar[Progress | None] = ContextVar("progress", default=None)


def current_progress() -> Progress:
    """Where the command line shows progress; the log of the flow run where there is none."""
    return _current.get() or LoggedProgress()


def show_progress(shown: Progress) -> None:
    """Show progress there from now on."""
    _current.set(shown)


@contextmanager
def progress() -> Iterator[Progress]:
    """The progress that suits where standard error goes; the flow finds it through `current_progress`."""
    terminal = TerminalProgress() if sys.stderr.isatty() else None
    token = _current.set(terminal or PlainProgress())
    try:
        with terminal.bars if terminal else nullcontext():
            yield current_progress()
    finally:
        _current.reset(token)
