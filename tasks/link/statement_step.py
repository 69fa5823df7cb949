"""Finds the statements of stories in the warehouse and keeps them: the edge around `statements/`.

Called by the linking of stories, in its transaction, for the stories that it touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import duckdb

from tasks.link.statements import LinkedStatements, link_statements
from tasks.link.statements.model import Id, SayingPair, SayingsOfArticle, Source, Statement
from tasks.link.statements.packing import unpacked_sayings
from warehouse.statements import (
    PairRow,
    StatementRow,
    StatementRows,
    ToldSayings,
    WordingRow,
    add_statements,
    forget_statements,
    in_portions,
    read_sayings,
)

HEAD = "head"


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """What the stories hold now that were linked."""

    statements: int = 0
    pairs: int = 0

    def __add__(self, other: StatementCounts) -> StatementCounts:
        return StatementCounts(self.statements + other.statements, self.pairs + other.pairs)


def link_statements_of(
    con: duckdb.DuckDBPyConnection, stories: Collection[UUID], replaced: Collection[UUID] = ()
) -> StatementCounts:
    """Put the statements of these stories, as they are now, in place of what was known of them.

    What is known of the stories that they replaced is forgotten. A story of one article has none: there is
    nobody who words a statement otherwise or leaves it out.
    """
    forget_statements(con, {*stories, *replaced})
    statements = pairs = 0
    for portion in list(in_portions(con, stories)):
        rows = statement_rows(read_sayings(con, portion))
        add_statements(con, rows)
        statements += len(rows.statements)
        pairs += len(rows.quote_pairs)
    return StatementCounts(statements, pairs)


def statement_rows(told: Iterable[ToldSayings]) -> StatementRows:
    """The rows of stories, story by story."""
    rows = StatementRows()
    for story_id, articles in by_story(told).items():
        linked = link_statements(articles)
        rows.quote_pairs.extend(pair_row(pair, story_id) for pair in linked.pairs)
        rows.statements.extend(statement_row(one, story_id) for one in linked.statements)
        rows.statement_wordings.extend(wording_rows(linked, story_id))
    return rows


def by_story(told: Iterable[ToldSayings]) -> dict[Id, list[SayingsOfArticle]]:
    """What the articles of each story report."""
    found: dict[Id, list[SayingsOfArticle]] = defaultdict(list)
    for article in told:
        source = Source(article.article_id, article.seen_at)
        found[article.story_id].append(unpacked_sayings(article.sayings, source))
    return found


# --- rows ------------------------------------------------------------------------------


def pair_row(pair: SayingPair, story_id: Id) -> PairRow:
    """A pair as a row of `quote_pairs`."""
    return PairRow(
        pair.a.quote_id,
        *pair.a.span,
        pair.b.quote_id,
        *pair.b.span,
        pair.kind.value,
        pair.score,
        pair.rule,
        story_id,
    )


def statement_row(statement: Statement, story_id: Id) -> StatementRow:
    """A statement as a row of `statements`."""
    head = statement.head
    speakers: Iterable[str] = (w.saying.speaker for w in statement.wordings if w.saying.speaker)
    speaker = next(iter(speakers), None)
    return StatementRow(
        statement.statement_id,
        story_id,
        speaker,
        head.article_id,
        head.quote_id,
        *head.span,
        head.marked,
        statement.reworded_from,
    )


def wording_rows(linked: LinkedStatements, story_id: Id) -> Sequence[WordingRow]:
    """The members of all statements as rows of `statement_wordings`."""
    return [
        WordingRow(
            statement.statement_id,
            story_id,
            wording.saying.article_id,
            wording.saying.quote_id,
            *wording.saying.span,
            wording.kind.value if wording.kind else HEAD,
            wording.saying.marked,
            wording.score,
        )
        for statement in linked.statements
        for wording in statement.wordings
    ]
