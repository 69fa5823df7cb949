"""Made-up articles as staged rows, and ways to look at a whole warehouse; for the tests of warehouse/."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import duckdb
import pytest

from warehouse.connect import loading
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import LoadCounts, load_batch
from warehouse.publish import PublishedSnapshot, publish
from warehouse.query import query
from warehouse.receipt import looks_of, write_receipt
from warehouse.rows import (
    ROW_TYPES,
    AliasRow,
    ArticleRow,
    EntityRow,
    FailureRow,
    MentionRow,
    OutletRow,
    QuoteRow,
    QuoteSpanRow,
    Row,
    SegmentRow,
    VersionRow,
)
from warehouse.staging import staged_batches, write_batch

NOON = datetime(2024, 5, 6, 12)  # noqa: DTZ001 - the warehouse stores UTC without a zone
LATER = NOON + timedelta(days=1)
DAY = date(2024, 5, 1)
RUN = UUID(int=7)

# Columns that tell when or with which batch something was loaded, not what.
CLOCKS = frozenset({"first_seen_at", "extracted_at", "loaded_at", "batch_id"})

# Wordings of the two people who speak in the samples: (alias, rule, rank, country).
WORDINGS = {
    "harbour master": [
        ("Ana Ribeiro", "full name", 5, None),
        ("Ribeiro", "surname", 1, "PT"),
        ("Ana Ribéiro", "full name", 5, "ES"),
        ("Dr Ana Maria Ribeiro", "full name", 9, None),
    ],
    "mayor": [("Óscar Lind", "full name", 5, "SE"), ("Lind", "surname", 1, None)],
}

Rows = dict[str, list[Row]]


def article(number: int, *, extractor: str = "test 1", location: str | None = None, noise: str = "") -> Rows:
    """An article with a title, a speaker, a quote that is interrupted, and a headline glued on behind."""
    who = sorted(WORDINGS)[number % len(WORDINGS)]
    wordings = WORDINGS[who]
    alias, rule, rank, country = wordings[number // len(WORDINGS) % len(wordings)]
    title = f"Harbour closes for {number} days"
    opening, attribution, ending = f"“We close for {number} days,”", f" {alias} said, ", "“and not one more.”"
    tail = f"Ten soups for the winter {noise}"
    body = f"{opening}{attribution}{ending}\n\nShips wait."
    text = f"{title}\n\n{body} {tail}"
    version_id = stable_id("version", str(number), extractor)
    entity_id, quote_id = stable_id("entity", who), stable_id("quote", str(number), extractor)
    outlet_id = stable_id("outlet", str(number % 3))
    start = text.index(opening)
    said = text.index("said")
    alias_at = text.index(alias)
    quoted = text[start : text.index(ending) + len(ending)]
    tail_at = text.index(tail)
    return {
        "outlets": [
            OutletRow(
                outlet_id, f"The Daily {number % 3}", f"daily{number % 3}.example" if number % 2 else None
            )
        ],
        "articles": [
            ArticleRow(
                stable_id("article", str(number)),
                outlet_id,
                f"{number}.txt",
                f"https://daily.example/{number}",
                f"key {number}",
            )
        ],
        "article_versions": [
            VersionRow(
                version_id=version_id,
                article_id=stable_id("article", str(number)),
                title=title,
                title_source="text",
                author="A. Writer and B. Writer",
                authors=("A. Writer", "B. Writer"),
                agencies=(),
                authors_source="text",
                published_at=NOON - timedelta(days=5, minutes=number),
                published_on=DAY,
                published_source="given",
                published_precision="second",
                published_utc_offset=None,
                modified_at=None,
                modified_source=None,
                modified_utc_offset=None,
                dateline_place=None,
                dateline_agencies=(),
                dateline_on=None,
                section=None,
                section_source=None,
                publisher=None,
                publisher_source=None,
                canonical_url=None,
                canonical_url_source=None,
                outlet_source=None,
                language="en",
                language_source="given",
                text=text,
                form="text",
                encoding="utf-8",
                location=location or f"inbox/{number}.txt",
                source_digest=f"digest {number}",
                extractor=extractor,
                tagger=None,
            )
        ],
        "segments": [
            SegmentRow(version_id, 0, 0, start, "title", "first line", 1.0),
            SegmentRow(version_id, 1, start, tail_at, "body", "default", 1.0),
            SegmentRow(version_id, 2, tail_at, len(text), "dropped", "glued headline", 0.9),
        ],
        "entities": [EntityRow(entity_id, "PER", alias, country)],
        "entity_aliases": [AliasRow(entity_id, alias, rule, rank)],
        "mentions": [
            MentionRow(
                stable_id("mention", str(number), extractor),
                version_id,
                entity_id,
                "PER",
                alias,
                alias_at,
                alias_at + len(alias),
                0.9,
                "capitals",
                role="Harbour Master",
            )
        ],
        "quotes": [
            QuoteRow(
                quote_id,
                version_id,
                "direct",
                "speech",
                quoted,
                start,
                start + len(quoted),
                "said",
                said,
                said + 4,
                alias,
                alias_at,
                alias_at + len(alias),
                entity_id,
                "Harbour Master",
                None,
                None,
                0.9,
                "marks",
            )
        ],
        "quote_spans": [
            QuoteSpanRow(quote_id, 0, start, start + len(opening)),
            QuoteSpanRow(quote_id, 1, start + len(quoted) - len(ending), start + len(quoted)),
        ],
    }


def failure(number: int) -> Rows:
    """A document that could not be used."""
    row = FailureRow(
        stable_id("failure", str(number)),
        f"inbox/broken{number}.txt",
        "read",
        "empty",
        "The file is empty.",
        None,
        f"broken digest {number}",
        "test 1",
    )
    return {"failures": [row]}


def together(documents: Iterable[Rows]) -> Rows:
    """The rows of several documents as one batch's."""
    rows: Rows = {}
    for document in documents:
        for table, more in document.items():
            rows.setdefault(table, []).extend(more)
    return rows


def stage(files: WarehouseFiles, name: str, documents: Iterable[Rows]) -> Path:
    """Stage the documents as a batch of that name."""
    return write_batch(files.staging, stable_id("batch", name), together(documents))


def load_staged(
    con: duckdb.DuckDBPyConnection, files: WarehouseFiles, now: datetime = NOON
) -> list[LoadCounts]:
    """Load all that waits."""
    return [load_batch(con, staged, now) for staged in staged_batches(files.staging)]


def ingest(
    files: WarehouseFiles, name: str, documents: Sequence[Rows], now: datetime = NOON
) -> PublishedSnapshot:
    """Stage, load and publish one batch."""
    stage(files, name, documents)
    with opened(files) as con:
        load_staged(con, files, now)
        return publish(con, files, now)


def begin(files: WarehouseFiles) -> None:
    """Put a warehouse with article 1 there, loaded and published at noon: a copy, which is quick."""
    made = WarehouseFiles(Path(_begun().name) / "news.duckdb")
    shutil.copy(made.published, files.published)
    shutil.copytree(made.work, files.work)
    write_receipt(files, looks_of(files))


@cache
def _begun() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    ingest(WarehouseFiles(Path(folder.name) / "news.duckdb"), "one", [article(1)])
    return folder


@contextmanager
def opened(files: WarehouseFiles) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build, at a fixed time."""
    with loading(files, wait_seconds=5, clock=lambda: NOON) as con:
        yield con


def contents(
    con: duckdb.DuckDBPyConnection, *, with_clocks: bool = False
) -> dict[str, list[tuple[object, ...]]]:
    """Every loaded table's rows, sorted."""
    tables = {}
    for table in ROW_TYPES:
        columns = [name for (name, *_) in con.execute(f"DESCRIBE {table}").fetchall()]
        wanted = [name for name in columns if with_clocks or name not in CLOCKS]
        tables[table] = con.execute(f"SELECT {', '.join(wanted)} FROM {table} ORDER BY ALL").fetchall()
    return tables


def counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The number of rows of every table there is."""
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    return {name: len(con.execute(f"SELECT 1 FROM {name}").fetchall()) for (name,) in names}


def articles_in(path: Path) -> int:
    """The number of articles in a published file."""
    (row,) = query(path, "SELECT count(*) FROM articles").rows
    return int(row[0])


def reason_of_loading(files: WarehouseFiles) -> str:
    """Why a warehouse cannot be loaded into; it is said in one sentence."""
    with pytest.raises(WarehouseError) as caught, loading(files, wait_seconds=0):
        pass
    told = caught.value.message.removeprefix(str(files.published))
    assert told.count(". ") == 0  # one sentence
    return caught.value.reason
