"""A stream of bytes cut into WARC records, as it comes; what is broken is told, and the next record found.

Pure: bytes in, `Record` and `Damage` values out. Keeps no more of a record than its head and the first
bytes of its block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tasks.read.warc.headers import END, fields_of

MAGIC = b"WARC/"
MOST_HEAD = 1 << 16  # bytes of a record's own lines; the longest addresses have some thousand
BLOCK_START = 1 << 14  # bytes kept of the block: the HTTP head is in there
MOST_BLOCK = 1 << 32  # bytes; a record that says that it is longer is not believed
BLANK = 4  # bytes of the blank line that ends a head: another record may begin right behind it
FILLING = b"\r\n\0"  # between records, and behind the last one on disks and tapes
NEXT = re.compile(rb"\r?\n\r?\nWARC/[01]\.\d+\r?\n")  # where a record begins behind another
DIGITS = re.compile(r"\d{1,18}$", re.ASCII)

Trouble = Literal["no_record", "no_length", "wrong_length", "cut", "broken_gzip", "not_a_warc", "too_broken"]


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record: `start` and `end` are offsets in the (inflated) stream; `block` its first bytes."""

    start: int
    end: int
    fields: Mapping[str, str]
    block: bytes
    length: int  # of the block

    @property
    def kind(self) -> str:
        """The WARC-Type, in lower case."""
        return self.fields.get("warc-type", "").lower()


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch that is no whole record; `resume` is where the search for the next one may begin."""

    start: int
    trouble: Trouble
    resume: int


@dataclass(slots=True)
class Splitter:
    """Cuts one stream; feed it, then end it. `at` is the stream's offset of the first byte to come."""

    at: int = 0
    is_lost: bool = False  # the next record has to be looked for
    junk: int = 0  # bytes passed over since the last whole record
    _buffer: bytearray = field(default_factory=bytearray)
    _open: _Open | None = None
    _held: Record | None = None  # whole, as far as its own length says; what follows has to agree

    def feed(self, data: bytes) -> Iterator[Record | Damage]:
        """What the next bytes complete."""
        self._buffer += data
        while (step := self._step()) is not None:
            yield from step

    def end(self) -> Iterator[Record | Damage]:
        """What is left when there are no more bytes."""
        if self._open:
            yield Damage(self._open.start, "cut", self._open.block_at - BLANK)
        elif not self.is_lost and self._buffer.strip(FILLING):
            if self._held and not self._buffer[: len(MAGIC)].startswith(MAGIC[: len(self._buffer)]):
                yield Damage(self._held.start, "wrong_length", self._held.end - self._held.length - BLANK)
                self._held = None
            yield from self._release()
            yield Damage(self.at, "cut", self.at + 1)
        yield from self._release()
        self._buffer.clear()
        self._open = None

    def _release(self) -> Iterator[Record]:
        if self._held:
            yield self._held
            self._held, self.junk = None, 0

    def _step(self) -> list[Record | Damage] | None:
        """One step with what is there; None where more bytes are needed."""
        if self._open:
            return self._block(self._open)
        return self._search() if self.is_lost else self._head()

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.at += len(taken)
        return taken

    def _search(self) -> list[Record | Damage] | None:
        """Look for a record behind a blank line."""
        found = NEXT.search(self._buffer)
        skipped = found.start() if found else max(0, len(self._buffer) - 64)
        self.junk += len(self._take(skipped))
        if found is None:
            return None
        self.is_lost = False
        return []

    def _head(self) -> list[Record | Damage] | None:
        """The head of the record that begins here, behind any line ends."""
        blank = len(self._buffer) - len(self._buffer.lstrip(FILLING))
        self.junk += len(self._take(blank))
        if len(self._buffer) < len(MAGIC):
            return None
        if not self._buffer.startswith(MAGIC):
            return self._no_record()
        released: list[Record | Damage] = list(self._release())
        end = END.search(self._buffer)
        if end is None and len(self._buffer) < MOST_HEAD:
            return released or None
        if end is None or end.end() > MOST_HEAD:
            return [*released, self._lose(Damage(self.at, "no_record", self.at + 1))]
        return [*released, *self._opened(end.end())]

    def _no_record(self) -> list[Record | Damage]:
        """Something else than a record: the length of the one before was wrong, or rubbish lies here."""
        held, self._held = self._held, None
        if held:
            return [self._lose(Damage(held.start, "wrong_length", held.end - held.length - BLANK))]
        return [self._lose(Damage(self.at, "no_record", self.at + 1))]

    def _lose(self, damage: Damage) -> Damage:
        self.is_lost = True
        return damage

    def _opened(self, head_length: int) -> list[Damage]:
        start = self.at
        fields = fields_of(bytes(self._buffer[:head_length]))
        told = fields.get("content-length", "")
        length = int(told) if DIGITS.match(told) else MOST_BLOCK
        if length >= MOST_BLOCK:
            self._take(head_length - BLANK)
            return [self._lose(Damage(start, "no_length", self.at))]
        self._take(head_length)
        self._open = _Open(start, self.at, fields, length, length)
        return []

    def _block(self, record: _Open) -> list[Record | Damage] | None:
        """The block of the record at hand: its first bytes are kept, the others passed over."""
        data = self._take(min(record.left, len(self._buffer)))
        record.left -= len(data)
        record.block += data[: BLOCK_START - len(record.block)]
        if record.left:
            return None
        self._open = None
        self._held = Record(record.start, self.at, record.fields, bytes(record.block), record.length)
        return []


@dataclass(slots=True)
class _Open:
    """A record whose block is coming in."""

    start: int
    block_at: int
    fields: Mapping[str, str]
    length: int
    left: int
    block: bytearray = field(default_factory=bytearray)
