"""The lock that makes the loader the only writer; the kernel lets go of it when its process dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from warehouse.errors import explained, locked, not_writable
from warehouse.files import WarehouseFiles
from warehouse.lease import is_shared, leased

POLL_SECONDS: Final = 0.05  # a load takes a tenth of a second or more


@contextmanager
def loader_lock(files: WarehouseFiles, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock; the lock file then names our process. In a folder that machines share, a lease besides.

    Raises `WarehouseError`: `warehouse_locked`, naming the holder, where it is not to be had in time, and
    `not_writable` where no folder can be made for it.
    """
    _make_folder(files)
    began = time.monotonic()

    def refused(pid: int | None, host: str | None) -> Exception:
        return locked(files.published, pid, host)

    with held(files.lock, wait_seconds, refused):
        if not is_shared(files.work):
            yield
            return
        left = max(0.0, wait_seconds - (time.monotonic() - began))
        with leased(files.lease, left, refused):
            yield


@contextmanager
def held(
    lock: Path, wait_seconds: float, refused: Callable[[int | None, str | None], Exception]
) -> Iterator[None]:
    """Hold the OS lock of a file, which then names our process; the kernel lets go of it when we die.

    Raises what `refused` makes of the holder's process and machine where it is not to be had in time.
    The handle is not inherited by programs that are started meanwhile.
    """
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not _acquire(handle, time.monotonic() + wait_seconds):
            raise refused(*_holder(lock))
        _sign(handle)
        yield
    finally:
        os.close(handle)


def holder_of(lock: Path) -> tuple[int | None, str | None] | None:
    """Process and machine of who holds a lock file, as far as they are told; None where nobody does."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(lock)
    finally:
        os.close(handle)
    return None


def _make_folder(files: WarehouseFiles) -> None:
    """Whatever keeps the folder from being made, a person should choose another place."""
    try:
        files.work.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise explained(error, files.published) or not_writable(files.published) from error


def _acquire(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def _sign(handle: int) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)


def _holder(path: Path) -> tuple[int | None, str | None]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return int(told["pid"]), str(told["host"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None
