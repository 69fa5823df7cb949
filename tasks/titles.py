"""The memory of titles of a run: what the warehouse knew when it began, and what its own input gives.

Called by the ingest flow before anything is read in earnest, so that no article's cut depends on the order
of the articles. The titles lie in files beside the warehouse; workers map them into memory.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from uuid import UUID

from tasks.clean.title_memory import TitlesBut, open_titles, write_titles
from tasks.errors import DocumentError
from tasks.model import DocumentRef, SourceDocument
from tasks.read.document import MAX_BYTES, read_document
from tasks.stage import article_id_of
from warehouse.files import WarehouseFiles

TITLE_FIELD = b'"title"'  # a row without it gives no title, and need not be parsed
LEFT_BEHIND = 7 * 24 * 3600  # seconds after which the files of a killed run are removed


def run_folder(files: WarehouseFiles, run_id: UUID) -> Path:
    """Where the titles of a run lie; made where it is missing, and those of long dead runs removed."""
    for other in files.titles.glob("*"):
        if other.stat().st_mtime < time.time() - LEFT_BEHIND:
            shutil.rmtree(other, ignore_errors=True)
    folder = files.titles / str(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget(files: WarehouseFiles, run_id: UUID) -> None:
    """Removes the titles of a run that has ended."""
    shutil.rmtree(files.titles / str(run_id), ignore_errors=True)


def remember(folder: Path, name: str, titles: Iterable[tuple[str, UUID]]) -> Path:
    """A memory of titles with this name, in the folder of a run."""
    path = folder / f"{name}.titles"
    write_titles(path, titles)
    return path


def given_titles(refs: Sequence[DocumentRef]) -> Iterator[tuple[str, UUID]]:
    """The titles that the rows of the input bring with them, row by row."""
    for path, rows in groupby((ref for ref in refs if ref.form == "row"), key=lambda ref: ref.path):
        try:
            with path.open("rb") as stream:
                for ref in rows:
                    stream.seek(ref.offset)
                    if TITLE_FIELD in stream.read(min(ref.length or MAX_BYTES, MAX_BYTES)):
                        yield from _given_title(ref)
        except OSError:
            continue  # it fails again, with a reason, when it is read in earnest


def _given_title(ref: DocumentRef) -> Iterator[tuple[str, UUID]]:
    try:
        source = read_document(ref)
    except DocumentError:
        return
    if source.given.title:
        yield source.given.title, article_id_of(source)


def titles_for(source: SourceDocument, paths: Sequence[Path]) -> tuple[TitlesBut, ...]:
    """What an article is cut by: the titles of all others."""
    article = article_id_of(source)
    return tuple(TitlesBut(open_titles(path), article) for path in paths)
