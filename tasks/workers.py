"""Where batches are worked on: in this process, or in several others that end when it does."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import ParamSpec, Protocol, TypeVar

from tasks.expendable import expendable

P = ParamSpec("P")
T = TypeVar("T")


class Workplace(Protocol):
    """Calls a function, here or elsewhere, and gives its result back."""

    def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(*args, **kwargs)`."""


@contextmanager
def workplace(processes: int) -> Iterator[Workplace]:
    """A place to work with so many processes; one means this one.

    The function and its arguments travel by pickle where there are several. The processes are started
    afresh (not forked): DuckDB and Prefect hold threads that a fork would break.
    """
    if processes <= 1:
        try:
            yield _here
        finally:
            expendable().end()
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=_end_with_parent) as pool:

        def elsewhere(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
            return pool.submit(work, *args, **kwargs).result()

        yield elsewhere


def _here(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return work(*args, **kwargs)


def _end_with_parent() -> None:
    """Make this worker end when its parent is killed; the pool itself would leave it waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
