"""The statements of stories in the warehouse: what they are made of, and where they are kept.

`read_sayings` gives what the articles of stories report; `forget_statements` and `add_statements` put what
was found in place of what was known. All run inside the transaction of the caller, who links the stories.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import duckdb

from warehouse.scripts import statements

# Stories that are read and written together, by their articles; so many take some 50 MB.
ARTICLES_AT_ONCE: Final = 500

Id = str  # a UUID as text: some hundred of them an article pass through here, and objects are slow to make


class ToldSayings(NamedTuple):
    """What the current version of an article of a story reports: its row of `article_sayings`."""

    story_id: Id
    article_id: Id
    seen_at: datetime
    sayings: str


class PairRow(NamedTuple):
    """A row of `quote_pairs`."""

    quote_a: Id
    a_start: int
    a_end: int
    quote_b: Id
    b_start: int
    b_end: int
    kind: str
    score: float
    rule: str
    story_id: Id


class StatementRow(NamedTuple):
    """A row of `statements`, without its words, which are cut out of the text."""

    statement_id: Id
    story_id: Id
    speaker_entity_id: Id | None
    article_id: Id
    quote_id: Id
    char_start: int
    char_end: int
    marked: bool
    reworded_from: Id | None


class WordingRow(NamedTuple):
    """A row of `statement_wordings`."""

    statement_id: Id
    story_id: Id
    article_id: Id
    quote_id: Id
    char_start: int
    char_end: int
    kind: str
    marked: bool
    score: float


@dataclass(frozen=True, slots=True)
class StatementRows:
    """What was found in stories, by table."""

    quote_pairs: list[PairRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    statement_wordings: list[WordingRow] = field(default_factory=list)


def in_portions(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> Iterable[list[UUID]]:
    """Those of the stories that several articles tell, in portions of some `ARTICLES_AT_ONCE` articles."""
    _touch(con, stories)
    sizes = con.execute(
        "SELECT story_id, count(*) FROM story_articles SEMI JOIN touched_stories USING (story_id) "
        "GROUP BY story_id HAVING count(*) > 1 ORDER BY story_id"
    ).fetchall()
    portion: list[UUID] = []
    articles = 0
    for story_id, size in sizes:
        if portion and articles + size > ARTICLES_AT_ONCE:
            yield portion
            portion, articles = [], 0
        portion.append(story_id)
        articles += size
    if portion:
        yield portion


def read_sayings(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> list[ToldSayings]:
    """What the articles of these stories report, in no order; without those that have no quote."""
    _touch(con, stories)
    con.execute(_sql("told_versions"))
    return [ToldSayings(*row) for row in con.execute(_sql("told_sayings")).fetchall()]


def forget_statements(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> None:
    """Remove what is known of these stories."""
    _touch(con, stories)
    for statement in statements("statements/forget.sql"):
        con.execute(statement)


def add_statements(con: duckdb.DuckDBPyConnection, rows: StatementRows) -> None:
    """Add what was found in the stories that were read last, of which nothing is known."""
    _append(con, "quote_pairs", rows.quote_pairs)
    _append(con, "statement_wordings", rows.statement_wordings)
    if not rows.statements:
        return
    con.execute(
        "CREATE OR REPLACE TEMP TABLE new_statements AS SELECT * EXCLUDE (text) FROM statements LIMIT 0"
    )
    _append(con, "new_statements", rows.statements)
    con.execute(_sql("add_statements"))


def _touch(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE touched_stories (story_id UUID)")
    _append(con, "touched_stories", [(story,) for story in sorted(stories)])


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        appender = con.appender(table)
        appender.append_rows(rows)
        appender.flush()


def _sql(name: str) -> str:
    [question] = statements(f"statements/{name}.sql")
    return question
