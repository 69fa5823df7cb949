"""Brings an archive folder into order when it is opened: what a killed writer or a power cut left behind.

A last record that is torn is cut away; a file that is broken elsewhere stays as it is and is not written to
any more. The index learns what it does not know. No whole record is ever lost, and nothing here raises for
what a file holds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tasks.archive.index import Answer, Index
from tasks.read.warc.headers import http_head, written_at
from tasks.read.warc.page import CANDIDATE, named_original
from tasks.read.warc.walk import Broken, Found, walk
from warehouse.durable import sync

SUFFIX = ".warc.gz"
PREFIX = "onrecord-"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file holds from an offset on; `good_to` is the end of its last whole record.

    Not sound: something is broken before that. Given up: so much is that the rest was not looked at.
    """

    answers: list[Answer]
    good_to: int
    is_sound: bool
    is_given_up: bool


def archive_files(folder: Path) -> list[Path]:
    """The archive's own files, the oldest first: their names begin with the time they were begun."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))


def put_in_order(folder: Path, index: Index) -> Path | None:
    """Repair the files and bring the index up to date; the file that may be written on, if one may."""
    known = index.files()
    present = archive_files(folder)
    for name in set(known) - {path.name for path in present}:
        index.forget(name)
    open_file = None
    for path in present:
        indexed_to, is_sound = known.get(path.name, (0, True))
        if path.stat().st_size != indexed_to:
            is_sound = _bring_up_to_date(path, indexed_to, index, is_last=path == present[-1]) and is_sound
        open_file = path if is_sound else None
    return open_file


def _bring_up_to_date(path: Path, indexed_to: int, index: Index, *, is_last: bool) -> bool:
    """Index what is new in a file and cut off what is torn at its end; whether it may be written on."""
    if path.stat().st_size < indexed_to:  # a power cut took what had been indexed
        index.forget(path.name)
        indexed_to = 0
    index.forget(path.name, indexed_to)
    read = read_from(path, indexed_to)
    for answer in read.answers:
        index.add(answer)
    torn = path.stat().st_size - read.good_to
    if torn and is_last and not read.is_given_up:
        _cut(path, read.good_to)
        _log.warning("%s ended in the middle of a record; its last %s bytes were cut off.", path, f"{torn:,}")
    is_sound = read.is_sound and not read.is_given_up and (is_last or not torn)
    index.keep(path.name, path.stat().st_size, is_sound=is_sound)
    return is_sound


def read_from(path: Path, start: int) -> FileReading:
    """What a file holds from an offset on.

    Only what is broken before a whole record makes the file unsound: behind the last one it is torn.
    """
    answers: list[Answer] = []
    good_to, is_sound, was_broken, is_given_up = start, True, False, False
    for one in walk(path, start):
        if isinstance(one, Broken):
            was_broken = True
            is_given_up = is_given_up or one.trouble in {"too_broken", "not_a_warc"}
            continue
        is_sound = is_sound and not was_broken and one.end is not None
        good_to = one.end or good_to
        _collect(path, one, answers)
    return FileReading(answers, good_to, is_sound, is_given_up)


def _collect(path: Path, found: Found, answers: list[Answer]) -> None:
    """Add the record to the answers, where it is one or belongs to the last of them."""
    record, place = found.record, found.place
    if record.kind in {"response", "revisit"} and (answer := _answer(path, found)):
        answers.append(answer)
    elif record.kind == "metadata" and answers:
        last = answers[-1]
        if record.fields.get("warc-concurrent-to") == last.record_id and place.length:
            length = place.offset + place.length - last.position
            answers[-1] = replace(last, length=length, is_article=True, hints=_hints_in(record.block))


def _answer(path: Path, found: Found) -> Answer | None:
    fields, place = found.record.fields, found.place
    fetched_at, head = written_at(fields.get("warc-date")), http_head(found.record.block)
    if fetched_at is None or head is None or place.length is None:
        return None
    keeper = named_original(path, dict(fields)) if found.record.kind == "revisit" else None
    return Answer(
        file=path.name,
        position=place.offset,
        length=place.length,
        record_id=fields.get("warc-record-id", ""),
        url=fields.get("warc-target-uri", ""),
        fetched_at=fetched_at,
        status=head.status,
        digest="" if "warc-truncated" in fields else fields.get("warc-payload-digest", ""),
        keeper=(keeper.path.name, keeper.offset, keeper.length or 0) if keeper else None,
    )


def _hints_in(block: bytes) -> str | None:
    return next(_told(block), None)


def _told(block: bytes) -> Iterator[str]:
    for line in block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(": ")
        if name == CANDIDATE:
            yield value


def _cut(path: Path, length: int) -> None:
    os.truncate(path, length)
    sync(path)
