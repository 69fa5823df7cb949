"""The records of a WARC file one after the other, as a stream in bounded memory.

Compressed record by record, compressed as a whole, or not at all: the first bytes tell, not the name. What is
broken is told once, and the walk goes on at the next record that can be found.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from tasks.model import RecordPlace
from tasks.read.warc.body import GZIP_MAGIC
from tasks.read.warc.records import FILLING, MAGIC, Damage, Record, Splitter, Trouble

CHUNK = 1 << 18  # bytes read at a time
STEP = 1 << 17  # bytes inflated at a time
MEMBER = GZIP_MAGIC + b"\x08"  # how a gzip member begins: magic and method (RFC 1952)
MOST_JUNK = 1 << 26  # inflated bytes of no record in a member, after which the rest of it is given up
MOST_TROUBLES = 1000  # in one file; one that is broken in more places is no WARC file any more
# How often a file may be read again, all told, in search of records behind broken ones.
MOST_READ_AGAIN = 8
ENOUGH = 1 << 12  # bytes of a member that tell what it begins with


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record and its place.

    `end` is the offset in the file behind it; None where its member holds more, or breaks off later.
    """

    record: Record
    place: RecordPlace
    end: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the file that holds no record that can be used."""

    place: RecordPlace
    trouble: Trouble


def walk(path: Path, start: int = 0) -> Iterator[Found | Broken]:
    """Every record from an offset on, and every broken stretch.

    A file that is no WARC at all is one `Broken` of `not_a_warc`. Raises OSError as reading does.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        opening = _opening(file)
        file.seek(start)
        source = _Source(file, start, MOST_READ_AGAIN * size)
        if opening.startswith(GZIP_MAGIC):
            yield from _limited(_compressed(source, path))
        elif opening.startswith(MAGIC):
            yield from _limited(_plain(source, path))
        elif size:
            yield Broken(RecordPlace(path, start), "not_a_warc")


def _opening(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(len(MAGIC))


def _limited(found: Iterator[Found | Broken]) -> Iterator[Found | Broken]:
    """The same, until too much is broken."""
    troubles = 0
    for one in found:
        yield one
        troubles += isinstance(one, Broken)
        if troubles >= MOST_TROUBLES:
            yield Broken(one.place, "too_broken")
            return


@dataclass(slots=True)
class _Source:
    """The file's bytes: `data` is what was read and not yet used, `at` the offset of its first byte.

    `left` is how many bytes may still be read, those read again among them.
    """

    file: IO[bytes]
    at: int
    left: int
    data: bytes = b""

    def fill(self) -> bool:
        """Read on; False at the end of the file, or when all that may be read was."""
        more = self.file.read(min(CHUNK, max(self.left, 0)))
        self.left -= len(more)
        self.data += more
        return bool(more)

    def go_to(self, offset: int) -> None:
        """Make an offset the next one, back or forth."""
        if self.at <= offset <= self.at + len(self.data):
            self.data = self.data[offset - self.at :]
        else:
            self.file.seek(offset)
            self.data = b""
        self.at = offset

    def keep(self, rest: bytes) -> None:
        """Everything but `rest`, the end of `data`, was used."""
        self.at += len(self.data) - len(rest)
        self.data = rest

    def take(self) -> bytes:
        """All that was read and not yet used, or what can be read; empty at the end."""
        if not self.data and not self.fill():
            return b""
        taken, self.data = self.data, b""
        self.at += len(taken)
        return taken

    @property
    def is_spent(self) -> bool:
        """Whether so much was read again that it is time to give up."""
        return self.left <= 0


# --- not compressed ---------------------------------------------------------------


def _plain(source: _Source, path: Path) -> Iterator[Found | Broken]:
    splitter: Splitter | None = Splitter(source.at)
    while splitter is not None:
        broken: Damage | None = None
        for one in _pieces(source, splitter):
            if isinstance(one, Damage):
                broken = one
                break
            yield Found(one, RecordPlace(path, one.start, one.end - one.start), one.end)
        splitter = None
        if broken:
            trouble: Trouble = "too_broken" if source.is_spent else broken.trouble
            yield Broken(RecordPlace(path, broken.start), trouble)
            if not source.is_spent:
                source.go_to(broken.resume)
                splitter = Splitter(broken.resume, is_lost=True)


def _pieces(source: _Source, splitter: Splitter) -> Iterator[Record | Damage]:
    while data := source.take():
        yield from splitter.feed(data)
    yield from splitter.end()


# --- compressed --------------------------------------------------------------------


def _compressed(source: _Source, path: Path) -> Iterator[Found | Broken]:
    is_lost = False  # behind something broken: the next member has to prove that it holds a record
    while True:
        at = source.at
        if not _has_member(source):
            start = _next_member(source)
            if start.has_rubbish and not is_lost:
                yield Broken(RecordPlace(path, at), "no_record")
            if start.at is None:
                return
            source.go_to(start.at)
            is_lost = True
        if is_lost and not _holds_record(source):
            source.go_to(source.at + 1)
            continue
        at = source.at
        member = _Member(path, at)
        yield from member.records(source)
        is_lost = member.trouble is not None
        if member.trouble:
            yield Broken(RecordPlace(path, at), "too_broken" if source.is_spent else member.trouble)
            if source.is_spent:
                return
            source.go_to(at + 1)


def _has_member(source: _Source) -> bool:
    """Whether a gzip member begins at the next byte."""
    while len(source.data) < len(MEMBER) and source.fill():
        pass
    return source.data.startswith(MEMBER)


def _holds_record(source: _Source) -> bool:
    """Whether the member that begins at the next byte begins with a record."""
    while len(source.data) < ENOUGH and source.fill():
        pass
    try:
        opening = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(source.data[:ENOUGH], len(MAGIC))
    except zlib.error:
        return False
    return opening == MAGIC


class _Start(NamedTuple):
    """Where the next member begins (None: nowhere), and whether anything but filling lies before it."""

    at: int | None
    has_rubbish: bool


def _next_member(source: _Source) -> _Start:
    has_rubbish = False
    while True:
        found = source.data.find(MEMBER)
        passed = source.data[: found if found >= 0 else max(0, len(source.data) - len(MEMBER) + 1)]
        has_rubbish = has_rubbish or bool(passed.strip(FILLING))
        source.go_to(source.at + len(passed))
        if found >= 0:
            return _Start(source.at, has_rubbish)
        if not source.fill():
            return _Start(None, has_rubbish or bool(source.data.strip(FILLING)))


@dataclass(slots=True)
class _Member:
    """A gzip member: one record in files of the usual kind, all of them where a file was packed later."""

    path: Path
    at: int
    trouble: Trouble | None = None  # of the member as such, once its records are given out
    _last: Record | None = None  # given out when it is known whether it is the only one
    _several: bool = False

    def records(self, source: _Source) -> Iterator[Found | Broken]:
        """What is in it; the source stands behind it afterwards, or anywhere if it is in trouble."""
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        splitter = Splitter()
        while not inflater.eof:
            if not source.data and not source.fill():
                self.trouble = "cut"
                break
            try:
                inflated = inflater.decompress(source.data, STEP)
            except zlib.error:
                self.trouble = "broken_gzip"
                break
            source.keep(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
            yield from self._pieces(splitter.feed(inflated))
            if splitter.junk > MOST_JUNK:
                self.trouble = "no_record"
                break
        if self.trouble is None:
            yield from self._pieces(splitter.end())
        yield from self._release(None if self._several or self.trouble else source.at)

    def _pieces(self, pieces: Iterator[Record | Damage]) -> Iterator[Found | Broken]:
        for one in pieces:
            if isinstance(one, Damage):
                yield Broken(RecordPlace(self.path, self.at, None, one.start), one.trouble)
                continue
            self._several = self._several or self._last is not None
            yield from self._release(None)
            self._last = one

    def _release(self, end: int | None) -> Iterator[Found]:
        """The record that was kept back; `end` of the member, where the record is all there is in it."""
        if self._last:
            length = None if end is None else end - self.at
            yield Found(self._last, RecordPlace(self.path, self.at, length, self._last.start), end)
            self._last = None
