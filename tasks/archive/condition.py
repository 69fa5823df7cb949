"""In what condition an archive is: facts for `onrecord doctor`. It repairs nothing; opening it does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tasks.archive.index import NAME
from tasks.archive.repair import archive_files, read_from
from warehouse.lock import holder_of

IndexState = Literal["sound", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class ArchiveCondition:
    """What lies there.

    `torn` are bytes behind the last whole record, by file; `behind` files that the index does not know all
    of; `broken` those in whose middle something cannot be read.
    """

    folder: Path
    files: int
    bytes: int
    holder: tuple[int | None, str | None] | None = None
    index: IndexState = "sound"
    behind: tuple[Path, ...] = ()
    torn: tuple[tuple[Path, int], ...] = ()
    broken: tuple[Path, ...] = ()


def archive_condition(folder: Path) -> ArchiveCondition:
    """Look at an archive; of the files, what the index does not know yet is read."""
    files = archive_files(folder) if folder.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    holder = holder_of(folder / ".lock")
    if not files or holder:  # who writes it is ahead of its index, and has repaired it
        return ArchiveCondition(folder, len(files), size, holder)
    index, known = _index_of(folder)
    behind, torn = [], []
    broken = [path for path in files if not known.get(path.name, (0, True))[1]]
    for path in files:
        indexed_to = known.get(path.name, (0, True))[0]
        if path.stat().st_size == indexed_to:
            continue
        behind.append(path)
        read = read_from(path, indexed_to if indexed_to < path.stat().st_size else 0)
        if not read.is_sound or read.is_given_up:
            broken.append(path)
        elif lost := path.stat().st_size - read.good_to:
            torn.append((path, lost))
    return ArchiveCondition(folder, len(files), size, None, index, tuple(behind), tuple(torn), tuple(broken))


def _index_of(folder: Path) -> tuple[IndexState, dict[str, tuple[int, bool]]]:
    """How the index is, and to which offset it knows each file."""
    path = folder / NAME
    if not path.exists():
        return "missing", {}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as con:
            rows = con.execute("SELECT name, indexed_to, is_sound FROM files").fetchall()
    except sqlite3.DatabaseError:
        return "damaged", {}
    return "sound", {name: (indexed_to, bool(is_sound)) for name, indexed_to, is_sound in rows}
