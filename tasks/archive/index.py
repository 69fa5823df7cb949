"""What lies where in the archive: a SQLite file beside the WARC files, made again where it is missing.

Called by `writer` (which copy of a payload is there already?) and by `chosen` (what is to be read again?).
It may be behind the files by what was written since the last `keep`; `repair` brings it up to date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from tasks.archive.exchange import Original

NAME: Final = "index.sqlite"
COLUMNS: Final = (
    "file, position, length, record_id, url, fetched_at, status, digest, "
    "keeper_file, keeper_position, keeper_length, is_article, hints"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response or revisit record; `keeper` is the record that keeps a revisit's payload."""

    file: str
    position: int
    length: int
    record_id: str
    url: str
    fetched_at: datetime
    status: int
    digest: str
    keeper: tuple[str, int, int] | None = None
    is_article: bool = False
    hints: str | None = None


class Index:
    """The open index of one archive folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._con = _opened(self.path)

    def add(self, answer: Answer) -> None:
        """Enter an answer."""
        row = (
            *(answer.file, answer.position, answer.length, answer.record_id, answer.url),
            *(answer.fetched_at.isoformat(), answer.status, answer.digest),
            *(answer.keeper or (None, None, None)),
            *(int(answer.is_article), answer.hints),
        )
        marks = ", ".join("?" * len(row))
        self._con.execute(f"INSERT OR REPLACE INTO answers ({COLUMNS}) VALUES ({marks})", row)  # noqa: S608

    def keep(self, file: str, indexed_to: int, *, is_sound: bool = True) -> None:
        """Commit what was added, and to which offset of a file all is known."""
        row = (file, indexed_to, int(is_sound))
        self._con.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", row)
        self._con.commit()

    def files(self) -> dict[str, tuple[int, bool]]:
        """The files by name: to which offset they are known, and whether they are sound."""
        rows = self._con.execute("SELECT name, indexed_to, is_sound FROM files").fetchall()
        return {name: (indexed_to, bool(is_sound)) for name, indexed_to, is_sound in rows}

    def forget(self, file: str, start: int = 0) -> None:
        """Remove what lies from an offset of a file on."""
        self._con.execute("DELETE FROM answers WHERE file = ? AND position >= ?", (file, start))
        self._con.execute("UPDATE files SET indexed_to = min(indexed_to, ?) WHERE name = ?", (start, file))
        if not start:
            self._con.execute("DELETE FROM files WHERE name = ?", (file,))
        self._con.commit()

    def original(self, digest: str) -> Original | None:
        """The record that keeps a payload."""
        row = self._con.execute(
            """
            SELECT file, position, length, url, fetched_at, record_id
            FROM answers
            WHERE digest = ?
              AND keeper_file IS NULL
            LIMIT 1
            """,
            (digest,),
        ).fetchone()
        if row is None:
            return None
        file, position, length, url, fetched_at, record_id = row
        return Original(file, position, length, url, datetime.fromisoformat(fetched_at), record_id)

    def latest(self, url: str) -> Answer | None:
        """The latest answer of an address that brought, or stood for, a payload."""
        row = self._con.execute(
            f"""
            SELECT {COLUMNS}
            FROM answers
            WHERE url = ?
              AND status BETWEEN 200 AND 299
            ORDER BY fetched_at DESC
            LIMIT 1
            """,  # noqa: S608 - our own columns
            (url,),
        ).fetchone()
        return _answer(row) if row else None

    def articles(self, since: datetime | None, until: datetime | None) -> Iterator[Answer]:
        """What may be an article, fetched from `since` on and before `until`, as it lies in the files."""
        rows = self._con.execute(
            f"""
            SELECT {COLUMNS}
            FROM answers
            WHERE is_article
              AND status BETWEEN 200 AND 299
              AND fetched_at >= ?
              AND fetched_at < ?
            ORDER BY file, position
            """,  # noqa: S608 - our own columns
            (since.isoformat() if since else "", until.isoformat() if until else "~"),
        )
        for row in rows:
            yield _answer(row)

    def close(self) -> None:
        """Let go of it; what was not kept is dropped."""
        self._con.close()


def _opened(path: Path) -> sqlite3.Connection:
    """The index, made anew where the file is none."""
    try:
        return _with_tables(path)
    except sqlite3.DatabaseError:
        for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            name.unlink(missing_ok=True)
        return _with_tables(path)


def _with_tables(path: Path) -> sqlite3.Connection:
    con = sqlite3.connect(path, check_same_thread=False)  # tasks of a flow run in other threads
    try:
        # A power cut may lose its last entries: they are read again from the files, which are synced.
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = OFF")
        con.executescript((resources.files("tasks.archive") / "index.sql").read_text(encoding="utf-8"))
        con.execute("SELECT count(*) FROM files").fetchone()
    except BaseException:
        con.close()
        raise
    return con


def _answer(row: tuple[Any, ...]) -> Answer:
    file, position, length, record_id, url, fetched_at, status, digest, *keeper, is_article, hints = row
    return Answer(
        file=file,
        position=position,
        length=length,
        record_id=record_id,
        url=url,
        fetched_at=datetime.fromisoformat(fetched_at),
        status=status,
        digest=digest,
        keeper=None if keeper[0] is None else (keeper[0], keeper[1], keeper[2]),
        is_article=bool(is_article),
        hints=hints,
    )
