"""Which pages of the archive are to be read again: all, those of a window of days, or those of some hosts.

Called by the reextract flow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from tasks.archive.index import Answer, Index
from tasks.archive.repair import archive_files
from tasks.archive.writer import ArchiveError, open_archive
from tasks.errors import OnrecordError
from tasks.model import DocumentRef, RecordPlace


@dataclass(frozen=True, slots=True)
class Window:
    """What of the archive is to be read again: days in UTC, both included, and one outlet; None is all."""

    __pydantic_config__: ClassVar = {
        "use_attribute_docstrings": True
    }  # the form of the deployment shows them

    since: date | None = None
    """Pages fetched on this day (UTC) or later."""
    until: date | None = None
    """Pages fetched on this day (UTC) or earlier."""
    outlet: str | None = None
    """Pages of one outlet: its name, or its host."""


class NoArchiveError(OnrecordError):
    """There is nothing to read again."""

    reason = "no_archive"


EVERYTHING = Window()


def chosen_pages(
    folder: Path, window: Window = EVERYTHING, hosts: frozenset[str] | None = None
) -> Iterator[DocumentRef]:
    """The pages that were fetched as possible articles, in the order they were fetched.

    `hosts` are those of the window's outlet, None for all. An archive that a fetch is writing to is read as
    far as it has come. Raises NoArchiveError where there is none.
    """
    if not folder.is_dir() or not archive_files(folder):
        raise NoArchiveError(f"There is no archive at {folder}: nothing was fetched yet.")
    _put_in_order(folder)
    index = Index(folder)
    try:
        for answer in index.articles(_begin(window.since), _begin(window.until, 1)):
            if hosts is None or is_of(hosts, answer.url):
                yield _ref(folder, answer)
    finally:
        index.close()


def _put_in_order(folder: Path) -> None:
    try:
        with open_archive(folder):
            pass
    except ArchiveError as error:
        if error.reason != "archive_locked":
            raise


def _begin(day: date | None, later: int = 0) -> datetime | None:
    """The first moment of a day, or of one so many days later."""
    return datetime.combine(day, time()) + timedelta(days=later) if day else None


def is_of(hosts: frozenset[str], url: str) -> bool:
    """Whether an address is of one of the hosts, with or without www."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return host in hosts or host.removeprefix("www.") in hosts


def _ref(folder: Path, answer: Answer) -> DocumentRef:
    keeper = RecordPlace(folder / answer.keeper[0], *answer.keeper[1:]) if answer.keeper else None
    return DocumentRef(
        folder / answer.file, "record", answer.position, answer.length, url=answer.url, original=keeper
    )
