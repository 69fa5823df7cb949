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
from tasks.link.statements.model import Anchor, Id, SayingPair, Statement, StoryQuote, Telling
from tasks.link.statements.tellings import anchor_key, name_key
from tasks.model import Span
from warehouse.statements import (
    PairRow,
    StatementRow,
    StatementRows,
    ToldMention,
    ToldQuote,
    ToldStories,
    WordingRow,
    add_statements,
    forget_statements,
    in_portions,
    read_tellings,
)

HEAD = "head"


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """What the stories hold now that were linked."""

    statements: int = 0
    pairs: int = 0


def link_statements_of(con: duckdb.DuckDBPyConnection, stories: Collection[UUID]) -> StatementCounts:
    """Put the statements of these stories, as they are now, in place of what was known of them.

    What is known of stories that are no more is forgotten. A story of one article has none: there is nobody
    who words a statement otherwise or leaves it out.
    """
    forget_statements(con, stories)
    statements = pairs = 0
    for portion in list(in_portions(con, stories)):
        rows = statement_rows(read_tellings(con, portion))
        add_statements(con, rows)
        statements += len(rows.statements)
        pairs += len(rows.quote_pairs)
    return StatementCounts(statements, pairs)


def statement_rows(told: ToldStories) -> StatementRows:
    """The rows of stories, story by story."""
    rows = StatementRows()
    for story_id, tellings in tellings_by_story(told).items():
        linked = link_statements(tellings)
        rows.quote_pairs.extend(pair_row(pair, story_id) for pair in linked.pairs)
        texts = {telling.article_id: telling.text for telling in tellings}
        rows.statements.extend(statement_row(one, story_id, texts) for one in linked.statements)
        rows.statement_wordings.extend(wording_rows(linked, story_id))
    return rows


def tellings_by_story(told: ToldStories) -> dict[Id, list[Telling]]:
    """The articles of each story as tellings."""
    quotes: dict[Id, list[StoryQuote]] = defaultdict(list)
    for quote in told.quotes:
        quotes[quote.version_id].append(story_quote(quote))
    anchors: dict[Id, list[Anchor]] = defaultdict(list)
    for mention in told.mentions:
        if (anchor := anchor_of(mention)) is not None:
            anchors[mention.version_id].append(anchor)
    found: dict[Id, list[Telling]] = defaultdict(list)
    for article in sorted(told.articles, key=lambda one: (one.story_id, one.article_id)):
        of = article.version_id
        found[article.story_id].append(
            Telling(article.article_id, article.seen_at, article.text, tuple(quotes[of]), tuple(anchors[of]))
        )
    return found


def story_quote(quote: ToldQuote) -> StoryQuote:
    """A quote of the warehouse as the pairing takes it."""
    spans = tuple(Span(start, end) for start, end in zip(quote.starts, quote.ends, strict=True))
    known = quote.speaker_label is not None and quote.speaker_name is not None
    name = name_key(quote.speaker_label or "", quote.speaker_name or "") if known else None
    return StoryQuote(quote.quote_id, spans, quote.speaker, name)


def anchor_of(mention: ToldMention) -> Anchor | None:
    """A mention of the warehouse as an anchor, where it is resolved."""
    key = anchor_key(mention.label, mention.name, mention.normalized)
    return Anchor(Span(mention.char_start, mention.char_end), key) if key else None


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


def statement_row(statement: Statement, story_id: Id, texts: dict[str, str]) -> StatementRow:
    """A statement as a row of `statements`."""
    head = statement.head
    speakers: Iterable[str] = (w.saying.speaker for w in statement.wordings if w.saying.speaker)
    speaker = next(iter(speakers), None)
    return StatementRow(
        statement.statement_id,
        story_id,
        speaker,
        " ".join(head.span.of(texts[head.article_id]).split()),
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
