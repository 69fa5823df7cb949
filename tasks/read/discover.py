"""Finds the documents in what a user named: files, rows of JSONL files, pages in web archives, folders.

Called by the ingest flow. Opens nothing but JSONL files and web archives (to find what is in them), and
never a pipe or a device, which could block for ever.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tasks.errors import DocumentError
from tasks.model import DocumentRef, Failure
from tasks.read.warc.articles import SENTENCES, Originals, contents_of

STAGE = "discover"
TEXT_SUFFIXES = frozenset({".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
ROW_SUFFIXES = frozenset({".jsonl", ".ndjson"})
READABLE = TEXT_SUFFIXES | HTML_SUFFIXES | ROW_SUFFIXES
ARCHIVE_SUFFIXES = (".warc", ".warc.gz")
KINDS = ".txt, .html, .htm, .jsonl, .warc or .warc.gz files, and folders of these"

ADDRESS = re.compile(r"(?i)https?://")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CHUNK = 1 << 20  # bytes read at a time, so that a line of any length costs no more memory than this


@dataclass(frozen=True, slots=True)
class Discovery:
    """What there is to read, in a fixed order, and what cannot be.

    `skipped` counts the records of web archives that are no articles, by what they are.
    """

    refs: tuple[DocumentRef, ...]
    failures: tuple[Failure, ...]
    skipped: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Search:
    """What has been found so far; real paths, so that nothing is taken twice and no link goes in circles."""

    refs: list[DocumentRef] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)
    originals: Originals = field(default_factory=Originals)
    met: int = 0  # files of a kind that is read, the ones taken before among them

    def fail(self, given: str, reason: str, message: str) -> None:
        shown = printable(given)
        self.failures.setdefault(shown, Failure(shown, STAGE, reason, message))

    def is_new(self, path: Path) -> bool:
        real = os.path.realpath(path)
        known = real in self.seen
        self.seen.add(real)
        return not known


def printable(path: str | Path) -> str:
    """A path as valid Unicode, whatever bytes its name holds."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def discover(inputs: Sequence[str]) -> Discovery:
    """Every document in the inputs, each once: in the order given, folders in sorted order.

    What cannot be read is a failure with the reason `input_missing`, `nothing_usable` (a folder),
    `unsupported_kind`, `not_yet`, `unreadable`, `empty` (a JSONL file without rows), or one of those that
    `warc.articles` tells of a broken web archive. Raises nothing.
    """
    search = _Search()
    for given in inputs:
        _input(search, given)
    return Discovery(tuple(search.refs), tuple(search.failures.values()), dict(search.skipped))


def _input(search: _Search, given: str) -> None:
    """One input as it was typed."""
    if ADDRESS.match(given):
        search.fail(given, "not_yet", "Only onrecord ingest fetches addresses: save the page as .html.")
        return
    if not given.strip():
        search.fail(given, "input_missing", "An input was named by nothing but blanks.")
        return
    path = Path(given)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        _cannot_stat(search, path, error)
        return
    if stat.S_ISDIR(mode):
        _folder(search, path, given)
    else:
        _named_file(search, path, mode)


def _cannot_stat(search: _Search, path: Path, error: Exception) -> None:
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError) and not _is_link(path):
        search.fail(str(path), "input_missing", "There is no such file or folder.")
    elif isinstance(error, PermissionError):
        search.fail(str(path), "unreadable", "It may not be read: permission is denied.")
    else:
        search.fail(
            str(path), "unreadable", "It is a link that leads nowhere, or a name that cannot be opened."
        )


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def _named_file(search: _Search, path: Path, mode: int) -> None:
    """A file that was named on purpose: one that cannot be read is a failure."""
    kind = path.suffix.lower()
    if kind == ".toml":
        search.fail(str(path), "not_yet", "A source list is no article: onrecord ingest follows it.")
    elif not is_readable(path):
        search.fail(str(path), "unsupported_kind", f"This kind of file is not read: give {KINDS}.")
    else:
        _file(search, path, mode)


def is_readable(path: Path) -> bool:
    """Whether a file is, by its name, of a kind that is read."""
    return path.suffix.lower() in READABLE or path.name.lower().endswith(ARCHIVE_SUFFIXES)


def _folder(search: _Search, folder: Path, given: str) -> None:
    """A folder that was named: searched through; nothing usable in it is a failure."""
    met, failures = search.met, len(search.failures)
    if not search.is_new(folder):
        return
    for path in _walk(search, folder):
        _found_file(search, path)
    if search.met == met and len(search.failures) == failures:
        search.fail(given, "nothing_usable", f"Nothing in this folder can be read: put {KINDS} there.")


def _found_file(search: _Search, path: Path) -> None:
    """A file met in a folder: kinds that are no articles are passed over."""
    if not is_readable(path):
        return
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        _cannot_stat(search, path, error)
    else:
        _named_file(search, path, mode)


def _walk(search: _Search, folder: Path) -> Iterator[Path]:
    """The files below a folder, sorted by name, hidden ones left out; linked folders are entered once."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        except OSError:
            search.fail(str(here), "unreadable", "This folder may not be listed.")
            continue
        folders = [here / name for name in names if _is_folder(here / name)]
        yield from (here / name for name in names if not _is_folder(here / name))
        waiting.extend(path for path in reversed(folders) if search.is_new(path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _file(search: _Search, path: Path, mode: int) -> None:
    """A file of a kind that is read."""
    search.met += 1
    if not stat.S_ISREG(mode):
        search.fail(str(path), "unreadable", "It is not a regular file but a pipe, a socket or a device.")
    elif not os.access(path, os.R_OK):
        search.fail(str(path), "unreadable", "It may not be read: permission is denied.")
    elif search.is_new(path):
        kind = path.suffix.lower()
        if kind in ROW_SUFFIXES:
            _rows(search, path)
        elif path.name.lower().endswith(ARCHIVE_SUFFIXES):
            _pages(search, path)
        else:
            search.refs.append(DocumentRef(path, "html" if kind in HTML_SUFFIXES else "text"))


def _rows(search: _Search, path: Path) -> None:
    """The rows of a JSONL file, each a document."""
    count = len(search.refs)
    try:
        search.refs.extend(rows_of(path))
    except DocumentError as error:
        search.fail(str(path), error.reason, error.message)
    except OSError as error:
        search.fail(str(path), "unreadable", f"It could not be read: {error.strerror or error}.")
    else:
        if len(search.refs) == count:
            search.fail(str(path), "empty", "The file holds no rows.")


def _pages(search: _Search, path: Path) -> None:
    """The pages that a web archive holds, each a document; what is broken in it is a failure each."""
    try:
        contents = contents_of(path, search.originals)
    except OSError as error:
        search.fail(str(path), "unreadable", f"It could not be read: {error.strerror or error}.")
        return
    search.refs.extend(contents.refs)
    search.skipped.update(contents.skipped)
    for location, trouble in contents.troubles:
        of_all = trouble in {"not_a_warc", "too_broken"}
        search.fail(str(path) if of_all else location, trouble, SENTENCES[trouble])
    if not contents.refs and not contents.troubles and not contents.skipped:
        search.fail(str(path), "empty", "The web archive holds no page.")
    elif not contents.refs and not contents.troubles:
        search.fail(str(path), "nothing_usable", "No page that may be an article is among its records.")


def rows_of(path: Path) -> Iterator[DocumentRef]:
    """The lines of a JSONL file that are not blank, each with byte offset, length and line number.

    Raises `DocumentError` (`undecodable`) for UTF-16, whose lines cannot be told apart by bytes, and
    `OSError` as reading does. A line of any length is passed over in bounded memory.
    """
    with path.open("rb") as stream:
        if stream.read(2) in UTF_16_MARKS:
            raise DocumentError("JSONL must be UTF-8, and this file is UTF-16.", reason="undecodable")
        stream.seek(0)
        for line, (offset, length, is_blank) in enumerate(_lines(stream), 1):
            if not is_blank:
                yield DocumentRef(path, "row", offset, length, line)


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, int, bool]]:
    """Offset, length and blankness of every line, without the line ends."""
    start = position = 0
    is_blank = True
    while chunk := stream.read(CHUNK):
        at = 0
        while (end := chunk.find(b"\n", at)) >= 0:
            yield start, position + end - start, is_blank and not chunk[at:end].strip()
            at = end + 1
            start, is_blank = position + at, True
        is_blank = is_blank and not chunk[at:].strip()
        position += len(chunk)
    if position > start:
        yield start, position - start, is_blank
