"""`onrecord extract`: what would be read of an article, every cut explained; nothing is loaded.

Needs neither Prefect nor a warehouse. Pages are read in a process that a hostile one may cost, as in ingest.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.terminal import plain
from tasks.clean import EXTRACTOR, NO_RULES, clean
from tasks.clean.html import extract
from tasks.errors import DocumentError, UsageError
from tasks.expendable import expendable
from tasks.model import Document, DocumentRef, Role
from tasks.read.discover import ADDRESS, Discovery, discover
from tasks.read.document import read_document
from tasks.settings import Settings
from tasks.site_memory import given_pages, known_pages, lines_for, remember_lines
from tasks.sources import SourceRules, Sources, read_sources
from tasks.stage import segment_rows, version_row
from tasks.titles import given_titles, remember, titles_for
from warehouse.ids import stable_id

MISTAKES = frozenset({"not_yet", "input_missing"})  # reasons that lie with who typed, not with a document
# Columns of a version that only mean something in a warehouse.
OF_THE_WAREHOUSE = frozenset({"version_id", "article_id", "extractor", "tagger", "source_digest"})


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read; its place among how many; the entry of the source list in force."""

    document: Document
    number: int
    of: int
    rules: SourceRules


def run_extract(given: str, form: str, chosen: Settings, warehouse: Path | None = None) -> int:
    """Print every document of an input as `form` says (text or json); the exit code of the contract.

    Headlines of articles in `warehouse`, and of the other rows of the input, are known behind the text.
    """
    if not ADDRESS.match(given):
        return show_all(discover([given]), form, chosen, warehouse)
    from flows.ingest_command import fetching_of
    from tasks.fetch.single import fetched_page

    with TemporaryDirectory(prefix="onrecord-") as folder:
        found = fetched_page(given, fetching_of(chosen), Path(folder))
        return show_all(found, form, chosen, warehouse)


def show_all(found: Discovery, form: str, chosen: Settings, warehouse: Path | None) -> int:
    """Print every document that was found; the exit code."""
    if not found.refs and found.failures and found.failures[0].reason in MISTAKES:
        raise UsageError(f"{plain(found.failures[0].input)}: {plain(found.failures[0].message)}")
    ordered = read_sources(chosen.sources) if chosen.sources else Sources()
    shown = 0
    show = FORMS[form]()
    for failure in found.failures:
        complain(failure.input, failure.message)
    with memories(found.refs, warehouse) as known:
        for number, ref in enumerate(found.refs, start=1):
            try:
                document, rules = cleaned(ref, ordered, known)
            except DocumentError as error:
                complain(ref.location, error.message)
            else:
                show(Read(document, number, len(found.refs), rules))
                shown += 1
    return 0 if shown else 1


@dataclass(slots=True)
class Memories:
    """The memories of titles, and of lines that sites repeat."""

    titles: list[Path] = field(default_factory=list)
    lines: list[Path] = field(default_factory=list)


@contextmanager
def memories(refs: Sequence[DocumentRef], warehouse: Path | None) -> Iterator[Memories]:
    """The memories that ingest would use, in a folder that is gone afterwards.

    Raises WarehouseError where the warehouse cannot be read.
    """
    with TemporaryDirectory(prefix="onrecord-") as made:
        folder, known = Path(made), Memories()
        if warehouse is not None:
            from warehouse.connect import reading
            from warehouse.site_lines import site_texts
            from warehouse.titles import titles_of

            with reading(warehouse) as con:
                known.titles.append(remember(folder, "warehouse", titles_of(con)))
                known.lines.append(remember_lines(folder, "warehouse", known_pages(site_texts(con))))
        if any(ref.form == "row" for ref in refs):
            known.titles.append(remember(folder, "input", given_titles(refs)))
            known.lines.append(remember_lines(folder, "input", given_pages(refs)))
        yield known


def cleaned(ref: DocumentRef, sources: Sources, known: Memories) -> tuple[Document, SourceRules]:
    """A document as ingest would clean it, and what was ordered for it. Raises DocumentError."""
    source = read_document(ref)
    rules = sources.of(source) or NO_RULES
    process = expendable()
    document = clean(
        source,
        rules,
        extract=lambda *page: process(extract, *page),
        titles=titles_for(source, known.titles),
        site_lines=lines_for(source, known.lines),
    )
    return document, rules


def complain(place: str, message: str) -> None:
    """Say in a sentence what could not be shown."""
    sys.stdout.flush()
    print(f"onrecord: {plain(place)}: {plain(message)}", file=sys.stderr)


# --- as JSON ----------------------------------------------------------------------------------------


def as_json() -> Callable[[Read], None]:
    """Prints one object a document and line."""

    def show(read: Read) -> None:
        print(json.dumps(facts(read), ensure_ascii=False, default=exported), flush=True)

    return show


def facts(read: Read) -> dict[str, Any]:
    """All that was read of a document, under the names that the columns of the warehouse have."""
    document = read.document
    version = version_row(document, stable_id("version", "shown"), EXTRACTOR, None)._asdict()
    kept = {name: value for name, value in version.items() if name not in OF_THE_WAREHOUSE | {"text"}}
    return {
        "input_id": document.source.input_id,
        "url": document.source.given.url or document.url,
        "url_source": "given" if document.source.given.url else version["canonical_url_source"],
        "outlet": document.outlet.value if document.outlet else None,
        "outlet_source": document.outlet.source if document.outlet else None,
        **kept,
        "extractor": EXTRACTOR,
        "source_rules": ordered(read.rules),
        "text": document.text,
        "body": paragraphs(document, Role.BODY),
        "dropped": paragraphs(document, Role.DROPPED),
        "segments": list(segments(document)),
    }


def ordered(rules: SourceRules) -> dict[str, Any] | None:
    """The entry of the source list in force, where there is one."""
    if not rules.does_something:
        return None
    return {name: value for name in SourceRules.__slots__ if (value := getattr(rules, name))}


def paragraphs(document: Document, role: Role) -> str:
    """What has a role, as one text."""
    parts = (segment.span.of(document.text).strip() for segment in document.segments if segment.role is role)
    return "\n\n".join(part for part in parts if part)


def segments(document: Document) -> Iterator[dict[str, Any]]:
    """Every stretch of the text: its role, the rule that gave it, how sure that is, its words."""
    for row in segment_rows(document, stable_id("version", "shown")):
        told = {name: value for name, value in row._asdict().items() if name not in OF_THE_WAREHOUSE}
        told.pop("published_on", None)
        yield {**told, "text": document.text[row.char_start : row.char_end]}


def exported(value: Any) -> Any:
    """What JSON has no type for: moments (UTC) in ISO 8601, the rest as text."""
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return value.isoformat() if isinstance(value, date) else str(value)


# --- as readable text -------------------------------------------------------------------------------


def as_text() -> Callable[[Read], None]:
    """Prints for people: what is known of the article, then its text with its cuts."""
    from flows.article_view import ArticleView

    view = ArticleView()

    def show(read: Read) -> None:
        view.show(facts(read), read.number, read.of)

    return show


FORMS: dict[str, Callable[[], Callable[[Read], None]]] = {"text": as_text, "json": as_json}
