"""Writes exchanges into the archive, one process at a time; whatever ends that process, no record is lost.

Called by the fetching flow. The records of an exchange go into the file with one system call, so a kill can
only tear the last of them, and `repair` cuts that off when the archive is next opened.

When the disk is told to hold it (fsync): a kill of the process loses nothing that was written, since the
kernel has it; only a power cut could. So it is done when a file is full, on `sync`, and on closing, and the
flow syncs before anything read from the archive is loaded: what the warehouse has, the archive has.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tasks.archive.exchange import Original, payload_digest, records_of, warcinfo
from tasks.archive.hints import hints_from, written
from tasks.archive.index import Answer, Index
from tasks.archive.repair import PREFIX, SUFFIX, archive_files, put_in_order
from tasks.errors import OnrecordError
from tasks.model import NO_HINTS, DocumentRef, Hints, RecordPlace
from tasks.read.warc.page import hints_of
from tasks.web import Candidate, Exchange
from warehouse.durable import sync
from warehouse.lock import held

MOST_BYTES = 1 << 30  # of a file; the size that ISO 28500 recommends
KEEP_EVERY = 64  # exchanges after which the index is committed; those since are read again after a kill
LEAST_REVISIT = 1024  # bytes of a body; to say that a shorter one is the same takes more room than it
SOFTWARE = f"onrecord {version('onrecord')}"


class ArchiveError(OnrecordError):
    """The archive cannot be written (`archive_locked`, `archive_unwritable`)."""

    reason = "archive_unwritable"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an exchange is kept. `original` is the record with its payload, where this one is a revisit."""

    place: RecordPlace
    url: str
    digest: str  # of the body as it came, WARC-Payload-Digest
    original: RecordPlace | None = None

    @property
    def is_revisit(self) -> bool:
        """Whether the same bytes were kept before."""
        return self.original is not None

    @property
    def ref(self) -> DocumentRef:
        """The document that it may hold."""
        path, offset, length, _ = self.place
        return DocumentRef(path, "record", offset, length, url=self.url, original=self.original)

    @property
    def written(self) -> str:
        """The place in one line: `file:offset`."""
        return f"{self.place.path.name}:{self.place.offset}"


def utc_now() -> datetime:
    """Now, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def open_archive(
    folder: Path,
    *,
    wait_seconds: float = 0.0,
    most_bytes: int = MOST_BYTES,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Archive]:
    """The archive in a folder, repaired and open for writing; made where there is none.

    Raises ArchiveError where another process has it after `wait_seconds`, or it cannot be written.
    """
    with _in_sentences(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with held(folder / ".lock", wait_seconds, lambda pid, host: _locked(folder, pid, host)):
        with _in_sentences(folder):
            archive = Archive(folder, most_bytes, clock)
        try:
            yield archive
        finally:
            with _in_sentences(folder):
                archive.close()


def _locked(folder: Path, pid: int | None, host: str | None) -> ArchiveError:
    who = f"process {pid}" if pid else "another process"
    where = f" on {host}" if host else ""
    return ArchiveError(
        f"The archive {folder} is being written by {who}{where}; wait until it has ended, or end it, "
        "then run the same command again.",
        reason="archive_locked",
    )


@contextmanager
def _in_sentences(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"The archive {folder} cannot be written ({error.strerror or error}); what was kept before is "
            "safe. Free some space or choose another folder with --archive, then run the same command again."
        ) from error


class Archive:
    """The archive, open for writing. Not for several threads at once."""

    def __init__(self, folder: Path, most_bytes: int, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.clock = clock
        self._index = Index(folder)
        self._path: Path | None = put_in_order(folder, self._index)
        self._handle = -1
        self._size = 0
        self._waiting = 0  # exchanges that the index has not committed

    def append(self, exchange: Exchange, candidate: Candidate | None = None) -> Kept:
        """Keep an exchange; a body that is there already is not written again but referred to.

        With a candidate it counts as one that may be an article, and what a feed said is kept with it;
        without (robots.txt, a feed, a redirect) no later extraction looks at it.
        Raises ArchiveError where it cannot be written; nothing of it is in the archive then.
        """
        with _in_sentences(self.folder):
            return self._append(exchange, candidate)

    def sync(self) -> None:
        """Have the disk hold all that was appended."""
        with _in_sentences(self.folder):
            if self._handle >= 0:
                os.fsync(self._handle)
                self._keep()

    def close(self) -> None:
        """Sync and let go of the files."""
        try:
            self._end_file()
        finally:
            self._index.close()

    def _append(self, exchange: Exchange, candidate: Candidate | None) -> Kept:
        digest = payload_digest(exchange.wire_body)
        original = self._original(exchange, digest)
        hints = None if candidate is None else self._hints(exchange.url, candidate)
        records = records_of(exchange, digest, original, hints)
        path, start = self._write(records.request + records.answer)
        place = RecordPlace(path, start + len(records.request), len(records.answer))
        keeper = (original.file, original.offset, original.length) if original else None
        self._index.add(
            Answer(
                file=path.name,
                position=place.offset,
                length=len(records.answer),
                record_id=records.record_id,
                url=exchange.url,
                fetched_at=exchange.fetched_at,
                status=exchange.status,
                digest="" if exchange.truncated else digest,  # half a payload keeps no other
                keeper=keeper,
                is_article=hints is not None,
                hints=written(hints) if hints else None,
            )
        )
        self._waiting += 1
        if self._waiting >= KEEP_EVERY:
            self._keep()
        return Kept(place, exchange.url, digest, self._place_of(original))

    def _place_of(self, original: Original | None) -> RecordPlace | None:
        if original is None:
            return None
        return RecordPlace(self.folder / original.file, original.offset, original.length)

    def _original(self, exchange: Exchange, digest: str) -> Original | None:
        """The record that keeps this payload already."""
        if exchange.status == 304 and (latest := self._index.latest(exchange.url)):
            return self._index.original(latest.digest)
        if exchange.truncated or len(exchange.wire_body) < LEAST_REVISIT:
            return None
        return self._index.original(digest)

    def _hints(self, url: str, candidate: Candidate) -> Hints:
        """What a feed said now, else what one said of the same address before."""
        hints = hints_from(candidate)
        if hints != NO_HINTS:
            return hints
        latest = self._index.latest(url)
        return hints_of(latest.hints) if latest and latest.hints else NO_HINTS

    # --- files -------------------------------------------------------------------

    def _write(self, data: bytes) -> tuple[Path, int]:
        """Append to the open file, or to a new one; its path, and where the data begins."""
        if self._handle >= 0 and self._size + len(data) > self.most_bytes:
            self._end_file()
        path = self._path if self._handle >= 0 and self._path else self._open(len(data))
        start = self._size
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._handle, left) :]
        except BaseException:
            os.ftruncate(self._handle, start)
            raise
        self._size += len(data)
        return path, start

    def _open(self, more: int) -> Path:
        """Open the last file where there is room in it, else a new one."""
        if self._path and self._path.stat().st_size + more > self.most_bytes:
            self._path = None
        path = self._path or self.folder / self._next_name()
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._path, self._size = path, path.stat().st_size
        if not self._size:
            sync(self.folder)
            self._write(warcinfo(path.name, SOFTWARE))
        return path

    def _next_name(self) -> str:
        """`onrecord-<time>-<number>.warc.gz`; sorts behind all others, even where the clock went back."""
        number, stamp = 1, f"{self.clock():%Y%m%d%H%M%S}"
        if files := archive_files(self.folder):
            last_stamp, _, last_number = (
                files[-1].name.removeprefix(PREFIX).removesuffix(SUFFIX).partition("-")
            )
            stamp = max(stamp, last_stamp)
            number = int(last_number) + 1 if last_number.isdecimal() else number
        return f"{PREFIX}{stamp}-{number:06}{SUFFIX}"

    def _end_file(self) -> None:
        """Sync and close the open file; the next exchange opens another, or this again."""
        if self._handle >= 0:
            try:
                os.fsync(self._handle)
                self._keep()
            finally:
                os.close(self._handle)
                self._handle = -1

    def _keep(self) -> None:
        if self._path:
            self._index.keep(self._path.name, self._size)
        self._waiting = 0
