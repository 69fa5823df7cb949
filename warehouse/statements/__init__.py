"""The statements of stories in the warehouse: what they are made of, and where they are kept.

`read_tellings` gives the articles of stories with their quotes and mentions; `replace_statements` puts what
was found in place of what was known. Both run inside the transaction of the caller, who links the stories.
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


class ToldArticle(NamedTuple):
    """An article of a story: its current version."""

    story_id: Id
    article_id: Id
    version_id: Id
    seen_at: datetime
    text: str


class ToldQuote(NamedTuple):
    """A quote of a version; `starts` and `ends` are the offsets of its pieces."""

    version_id: Id
    quote_id: Id
    starts: Sequence[int]
    ends: Sequence[int]
    speaker: Id | None
    speaker_label: str | None
    speaker_name: str | None


class ToldMention(NamedTuple):
    """A name, date or quantity of a version, with the name of its entity or its normal form."""

    version_id: Id
    char_start: int
    char_end: int
    label: str
    name: str | None
    normalized: str | None


@dataclass(frozen=True, slots=True)
class ToldStories:
    """Stories with all that their statements are found in."""

    articles: list[ToldArticle]
    quotes: list[ToldQuote]
    mentions: list[ToldMention]


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
    """A row of `statements`."""

    statement_id: Id
    story_id: Id
    speaker_entity_id: Id | None
    text: str
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


def read_tellings(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> ToldStories:
    """All that the statements of these stories are found in, each list in no order."""
    _touch(con, stories)
    con.execute(_sql("told_versions"))
    articles = [ToldArticle(*row) for row in con.execute(_sql("told_articles")).fetchall()]
    quotes = [ToldQuote(*row) for row in con.execute(_sql("told_quotes")).fetchall()]
    mentions = [ToldMention(*row) for row in con.execute(_sql("told_mentions")).fetchall()]
    return ToldStories(articles, quotes, mentions)


def forget_statements(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> None:
    """Remove what is known of these stories, and of stories that are no more."""
    _touch(con, stories)
    for statement in statements("statements/forget.sql"):
        con.execute(statement)


def add_statements(con: duckdb.DuckDBPyConnection, rows: StatementRows) -> None:
    """Add what was found in stories, of which nothing is known."""
    _append(con, "quote_pairs", rows.quote_pairs)
    _append(con, "statements", rows.statements)
    _append(con, "statement_wordings", rows.statement_wordings)


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
