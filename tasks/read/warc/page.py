"""One record of a web archive by its place: the page that it keeps, and what was known of it.

Called by `tasks.read.document`, in a worker. Reads a record's own bytes and nothing else, never more than a
limit, and follows a revisit record to the one that keeps the page.
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from tasks.errors import DocumentError
from tasks.model import NO_HINTS, DocumentRef, Hints, RecordPlace
from tasks.read.warc.body import GZIP_MAGIC, MOST_BYTES, decoded_body, too_large
from tasks.read.warc.headers import END, HttpHead, answer_head, fields_of, written_at
from tasks.read.warc.records import DIGITS, MAGIC, MOST_HEAD

CHUNK = 1 << 16  # bytes read and inflated at a time
MOST_BLOCK = MOST_BYTES + MOST_HEAD  # bytes of a record that is read: a page and its HTTP head
CHARSET = re.compile(r"(?i)\bcharset\s*=\s*[\"']?([\w.:-]{2,40})")
NAME = re.compile(r"\w[\w.-]{0,200}\.warc(?:\.gz)?$", re.ASCII)  # of a file beside that of the record
# Ours: the line of a metadata record that keeps what a feed said (tasks.archive.hints).
CANDIDATE = "onrecord-candidate"


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page as a record keeps it: `body` without any coding, `charset` as the server named it."""

    url: str
    fetched_at: datetime
    body: bytes
    charset: str | None = None
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True)
class _Whole:
    """A record with all of its block."""

    fields: dict[str, str]
    block: bytes
    next_member: bytes  # the head and block of the metadata that was written behind it; empty where none was


def read_page(ref: DocumentRef) -> ArchivedPage:
    """The page behind a reference of form "record".

    Raises `DocumentError`: `unreadable`, `broken_record`, `too_large`, `truncated`, `revisit_unresolved`,
    `broken_coding`, `unsupported_coding`, `no_page`.
    """
    place = RecordPlace(ref.path, ref.offset, ref.length, ref.skip)
    record = _record(place)
    url = record.fields.get("warc-target-uri", "").strip("<> ")
    fetched_at = written_at(record.fields.get("warc-date"))
    if not url or fetched_at is None:
        raise DocumentError("The record does not say of which address or when it is.", reason="broken_record")
    keeper = _keeper(ref, record)
    head = answer_head(keeper.fields.get("warc-type", "").lower(), keeper.fields, keeper.block)
    if head is None:
        raise DocumentError("The record holds no answer of a web server.", reason="no_page")
    _refuse_half(keeper)
    body = decoded_body(head, keeper.block[head.length :])
    return ArchivedPage(url, fetched_at, body, _charset(head), _hints(record.next_member))


def _charset(head: HttpHead) -> str | None:
    found = CHARSET.search(head.fields.get("content-type", ""))
    return found[1] if found else None


def _refuse_half(record: _Whole) -> None:
    """A page cut for its length has its article; one that was cut by the line or the clock may have half."""
    why = record.fields.get("warc-truncated", "").lower()
    if why and why != "length":
        raise DocumentError(f"The page was received in part only ({why}).", reason="truncated")


def _keeper(ref: DocumentRef, record: _Whole) -> _Whole:
    """The record that keeps the page: this one, or the one that a revisit refers to."""
    if record.fields.get("warc-type", "").lower() != "revisit":
        return record
    place = ref.original or named_original(ref.path, record.fields)
    if place is None:
        raise DocumentError(
            "It says that the page was the same as before, and where that is kept is not known.",
            reason="revisit_unresolved",
        )
    return _record(place)


def named_original(path: Path, fields: dict[str, str]) -> RecordPlace | None:
    """The place that a revisit record names (as Heritrix and we write it), in a file beside its own."""
    name, offset = fields.get("warc-refers-to-filename", ""), fields.get("warc-refers-to-file-offset", "")
    if not DIGITS.match(offset) or not NAME.match(name):
        return None
    return RecordPlace(path.with_name(name), int(offset))


# --- the record's bytes ----------------------------------------------------------


def _record(place: RecordPlace) -> _Whole:
    """The record at a place, whole."""
    try:
        if place.skip:
            return _read(_shared_stream(place), place)
        with place.path.open("rb") as file:
            return _read(_Stream(file, place.offset), place)
    except zlib.error as error:
        raise _broken(place, "its compression is damaged") from error
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{place.path} could not be read: {told}.", reason="unreadable") from error


def _read(stream: _Stream, place: RecordPlace) -> _Whole:
    head = stream.head()
    fields = fields_of(head)
    told = fields.get("content-length", "")
    if not head.startswith(MAGIC) or not DIGITS.match(told):
        raise _broken(place, "its head cannot be read")
    if int(told) > MOST_BLOCK:
        raise too_large()
    block = stream.take(int(told))
    if len(block) < int(told):
        raise _broken(place, "it ends before its length")
    return _Whole(fields, block, stream.behind(place))


def _broken(place: RecordPlace, what: str) -> DocumentError:
    return DocumentError(
        f"The record at byte {place.offset} of {place.path.name} is broken: {what}.", reason="broken_record"
    )


class _Stream:
    """The (inflated) bytes from one place of a file on, given out in their order."""

    def __init__(self, file: IO[bytes], offset: int) -> None:
        self.file = file
        self.at = 0  # inflated bytes given out
        file.seek(offset)
        self._raw = file.read(CHUNK)
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16) if self._raw[:2] == GZIP_MAGIC else None
        self._buffer = bytearray()

    def _more(self) -> bool:
        """Put more bytes into the buffer; False at the end of the member, or of the file."""
        if self._inflater is None:
            self._buffer += self._raw
            self._raw, had = self.file.read(CHUNK), bool(self._raw)
            return had
        if self._inflater.eof:
            return False
        self._raw = self._raw or self.file.read(CHUNK)
        if not self._raw:
            return False
        self._buffer += self._inflater.decompress(self._raw, CHUNK)
        self._raw = self._inflater.unconsumed_tail
        return True

    def take(self, count: int) -> bytes:
        """So many bytes, or what there is."""
        while len(self._buffer) < count and self._more():
            pass
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.at += len(taken)
        return taken

    def skip_to(self, at: int) -> None:
        """Pass over what lies before an inflated offset."""
        while self.at < at and self.take(min(CHUNK, at - self.at)):
            pass

    def head(self) -> bytes:
        """The bytes up to the blank line, it included; what there is, where none comes."""
        while (end := END.search(self._buffer)) is None and len(self._buffer) < MOST_HEAD and self._more():
            pass
        return self.take(end.end() if end else MOST_HEAD)

    def behind(self, place: RecordPlace) -> bytes:
        """The member behind a record that belongs to it by the place's length; empty where none does."""
        if self._inflater is None or place.length is None or place.skip:
            return b""
        while len(self._buffer) <= MOST_HEAD and self._more():
            pass
        start = self.file.tell() - len(self._inflater.unused_data)
        if not self._inflater.eof or start >= place.offset + place.length:
            return b""
        return _Stream(self.file, start).take(MOST_HEAD)


_open = threading.local()  # the stream of a file that was compressed as a whole: its records come in order


def _shared_stream(place: RecordPlace) -> _Stream:
    """The stream at a record inside a member; goes on from the record before, where it can."""
    stream: _Stream | None = getattr(_open, "stream", None)
    if stream is None or _open.of != place[:2] or stream.at > place.skip:
        if stream is not None:
            stream.file.close()
        stream = _Stream(place.path.open("rb"), place.offset)
        _open.stream, _open.of = stream, place[:2]
    stream.skip_to(place.skip)
    return stream


# --- what was known of the page ---------------------------------------------------


def _hints(member: bytes) -> Hints:
    """What a metadata record of ours says that a feed said; nothing where it says nothing."""
    for line in member.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(": ")
        if name == CANDIDATE:
            return hints_of(value)
    return NO_HINTS


def hints_of(written: str) -> Hints:
    """Hints out of their JSON; none where it is not as we write it."""
    try:
        told = json.loads(written)
        when = told.get("published_at")
        return Hints(
            **{
                **told,
                "published_at": datetime.fromisoformat(when) if when else None,
                "authors": tuple(told.get("authors") or ()),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return NO_HINTS
