"""What people look up in the terminal, one .sql file a question. Read-only, on the published warehouse.

Called by `onrecord quotes` and `onrecord show`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.connect import reading
from warehouse.query import QueryResult, result_of

# Likeness of two names (Jaro-Winkler, 0 to 1) from which one may be a slip for the other.
LEAST_LIKENESS: Final = 0.85

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article as it reads today, with its parts, names and quotes; the columns of the .sql files."""

    facts: Row
    segments: tuple[Row, ...]
    mentions: tuple[Row, ...]
    quotes: tuple[Row, ...]


def find_quotes(path: Path, speaker: str | None, outlet: str | None, since: date | None) -> QueryResult:
    """The quotes by a speaker (None: by all), of outlets whose name holds some words, since a day.

    Raises WarehouseError where the published file cannot be read.
    """
    with reading(path) as con:
        values = {"speaker": speaker, "outlet": outlet, "since": since}
        return result_of(con.execute(_question("quotes"), values))


def speakers_like(path: Path, speaker: str) -> tuple[str, ...]:
    """Names of speakers that a mistyped one may stand for."""
    with reading(path) as con:
        found = _rows(con, "speakers_like", speaker=speaker, least=LEAST_LIKENESS)
    return tuple(str(row["speaker"]) for row in found)


def find_articles(path: Path, wanted: str) -> tuple[Row, ...]:
    """The articles that an id, an address or words of a title mean, as they read today.

    Raises WarehouseError where the published file cannot be read.
    """
    with reading(path) as con:
        return _rows(con, "articles", wanted=wanted)


def article(path: Path, facts: Row) -> FoundArticle:
    """One of the articles found, with all that points into its text."""
    version = facts["version_id"]
    with reading(path) as con:
        return FoundArticle(
            facts,
            segments=_rows(con, "segments", version_id=version),
            mentions=_rows(con, "mentions", version_id=version),
            quotes=_rows(con, "article_quotes", version_id=version),
        )


def _question(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text("utf-8")


def _rows(con: duckdb.DuckDBPyConnection, question: str, **values: object) -> tuple[Row, ...]:
    result = result_of(con.execute(_question(question), values))
    return tuple(dict(zip(result.columns, row, strict=True)) for row in result.rows)
