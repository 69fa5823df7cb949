"""What a run has done on the web, line by line as it happens: nothing is asked for twice after a kill.

A line is written when its exchange is in the archive, and with one system call: a kill tears the last line
at most. When a run has ended, its lines are rows of the table `fetches` and its journal is removed; a journal
that no process holds belongs to a run that did not get there, and the next one goes on from it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tasks.fetch.attempt import Attempt
from tasks.model import DocumentRef, RecordPlace


@dataclass(frozen=True, slots=True)
class Noted:
    """An attempt, and the document that came of it."""

    attempt: Attempt
    ref: DocumentRef | None = None


class Journal:
    """The journal of a run that is under way."""

    def __init__(self, folder: Path, run_id: UUID) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.run_id = run_id
        self.path = folder / f"{run_id}.jsonl"
        self.noted: list[Noted] = []
        self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._handle, fcntl.LOCK_EX)  # the kernel lets go of it when we die

    def note(self, attempt: Attempt, ref: DocumentRef | None) -> None:
        """Write an attempt down. Raises OSError where the disk is full."""
        noted = Noted(attempt, ref)
        os.write(self._handle, (json.dumps(_written(noted), default=str) + "\n").encode())
        self.noted.append(noted)

    def close(self) -> None:
        """Let go of the file; it stays until its lines are in the warehouse."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def left_behind(folder: Path) -> list[Path]:
    """The journals of runs that did not end well: no process holds them any more."""
    return [path for path in sorted(folder.glob("*.jsonl")) if _is_left(path)]


def _is_left(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def read_journal(path: Path) -> Iterator[Noted]:
    """The whole lines of a journal; none of one that another run has entered and removed meanwhile."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield _read(json.loads(line))
        except (ValueError, KeyError, TypeError):  # torn, or of another version
            continue


def _written(noted: Noted) -> dict[str, Any]:
    line = {name: value for name, value in asdict(noted.attempt).items() if value is not None}
    if noted.ref is not None:
        ref = noted.ref
        line["ref"] = [str(ref.path), ref.offset, ref.length, ref.url]
        if ref.original is not None:
            line["original"] = [str(ref.original.path), ref.original.offset, ref.original.length]
    return line


def _read(line: dict[str, Any]) -> Noted:
    ref, original = line.pop("ref", None), line.pop("original", None)
    moments = {name: datetime.fromisoformat(line[name]) for name in ("started_at", "ended_at")}
    attempt = Attempt(**{**line, **moments})
    if ref is None:
        return Noted(attempt)
    path, offset, length, url = ref
    place = RecordPlace(Path(original[0]), original[1], original[2]) if original else None
    return Noted(attempt, DocumentRef(Path(path), "record", offset, length, url=url, original=place))
