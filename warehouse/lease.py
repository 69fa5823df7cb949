"""A lease on a warehouse whose folder several machines mount: their OS locks may not know of each other.

Called by `lock.py`, under the OS lock of this machine, where the folder is on a file system that machines
share. Who holds the lease rewrites its file every `BEAT` seconds. No clock of another machine is trusted: a
lease is dead where one who waits has seen it unchanged for `DEAD_AFTER` seconds by their own clock (after
Gray and Cheriton 1989, but the term is kept by the one who waits).
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

BEAT: Final = 2.0  # seconds; a beat is one small file written
DEAD_AFTER: Final = 15.0  # seconds without a beat; a network file system may hang for a few
# Seconds after which two who take over a dead lease at one moment look again: the later one has it.
SETTLE: Final = 0.5
POLL: Final = 0.25

MOUNTS: Final = Path("/proc/self/mountinfo")
# Types of file systems that machines share, as Linux calls them; those of FUSE begin with "fuse.".
SHARED: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "ceph", "afs", "lustre", "gpfs", "gfs2", "ocfs2"}
    | {"beegfs", "glusterfs", "virtiofs", "davfs"}
)

Refused = Callable[[int | None, str | None], Exception]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease: `name` tells it from every other, `beat` counts its beats."""

    name: str
    pid: int
    host: str
    beat: int = 0


def is_shared(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether a folder is on a file system that other machines may have mounted, too.

    Where the system does not tell (only Linux does), it counts as this machine's own.
    """
    try:
        told = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    path = os.path.realpath(folder)
    kind, longest = "", -1
    for line in told:
        before, _, behind = line.partition(" - ")
        point = before.split()[4].replace("\\040", " ")
        inside = path == point or path.startswith(f"{point.rstrip('/')}/")
        if inside and len(point) >= longest:  # of two at one place the later one covers the other
            kind, longest = behind.split()[0], len(point)
    return kind in SHARED or kind.startswith("fuse.")


@contextmanager
def leased(file: Path, wait_seconds: float, refused: Refused, host: str | None = None) -> Iterator[None]:
    """Hold the lease in a file; `host` is the name of this machine.

    Raises what `refused` makes of the holder's process and machine: where it is not to be had in time, and at
    the end where it was lost meanwhile (this machine slept, and another took it over).
    """
    ours = Holder(uuid4().hex, os.getpid(), host or socket.gethostname())
    _obtain(file, ours, wait_seconds, refused)
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(file, ours, ended), daemon=True, name="lease")
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()
        other = _read(file)
        if other is not None and other.name == ours.name:
            file.unlink(missing_ok=True)
    if other is not None and other.name != ours.name:
        raise refused(other.pid, other.host)


def _obtain(file: Path, ours: Holder, wait_seconds: float, refused: Refused) -> None:
    deadline = time.monotonic() + wait_seconds
    seen, since = None, 0.0
    while not _begun(file, ours):
        held = _read(file)
        if held is not None and held != seen:
            seen, since = held, time.monotonic()
        # Of this machine nobody else has it: we hold the machine's own lock.
        is_dead = held and (held.host == ours.host or time.monotonic() - since >= DEAD_AFTER)
        if held and is_dead and _taken_over(file, held, ours):
            return
        if time.monotonic() >= deadline:
            raise refused(*((held.pid, held.host) if held else (None, None)))
        time.sleep(POLL)


def _begun(file: Path, ours: Holder) -> bool:
    """Write the lease where there is none; to create a file that must not be there is one step everywhere."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(ours)))
    return True


def _taken_over(file: Path, dead: Holder, ours: Holder) -> bool:
    if _read(file) != dead:
        return False
    _write(file, ours)
    if dead.host != ours.host:
        time.sleep(SETTLE)
    now = _read(file)
    return now is not None and now.name == ours.name


def _beat(file: Path, ours: Holder, ended: threading.Event) -> None:
    beat = 0
    while not ended.wait(BEAT):
        beat += 1
        with suppress(OSError):  # a server that is away for a moment
            held = _read(file)
            if held is None or held.name != ours.name:
                return
            _write(file, replace(ours, beat=beat))


def _read(file: Path) -> Holder | None:
    """The holder; None where there is none, or it is being written."""
    try:
        return Holder(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(file: Path, holder: Holder) -> None:
    part = file.with_name(f"{file.name}.{holder.name}")
    part.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    part.replace(file)
