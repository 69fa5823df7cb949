"""Annotated documents as tellings of a story, and the names by which speakers and anchors are known again.

Called by whoever reads tellings out of the warehouse (for the names), and for documents that are in none yet.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tasks.annotate.entities.folding import fold
from tasks.link.statements.model import Anchor, StoryQuote, Telling
from tasks.model import AnnotatedDocument, Label, Span
from tasks.stage import article_id, document_rows
from warehouse.rows import EntityRow, MentionRow, QuoteRow, QuoteSpanRow

DATE, QUANTITY, NAME = "d:", "q:", "n:"
SORTS = {Label.DATE: DATE, Label.QUANTITY: QUANTITY, Label.MONEY: QUANTITY}


def name_key(label: str, name: str) -> str:
    """A name as two articles that link it to two entities have it in common: a person's last name."""
    folded = fold(name)
    return folded.rpartition(" ")[2] if label == Label.PERSON else folded


def anchor_key(label: str, name: str | None, normalized: str | None) -> str | None:
    """What a mention means, however it is written; None for what is not resolved."""
    if name is not None:
        return NAME + name_key(label, name)
    sort = SORTS.get(Label(label))
    return sort + normalized if sort and normalized else None


def telling_of(found: AnnotatedDocument, seen_at: datetime) -> Telling:
    """The telling of a document that is in no warehouse; `seen_at` is for one without a date."""
    rows = document_rows(found, "unstored")
    names = {row.entity_id: (row.label, row.name) for row in rows["entities"] if isinstance(row, EntityRow)}
    spans: dict[UUID, list[Span]] = {}
    for piece in rows["quote_spans"]:
        if isinstance(piece, QuoteSpanRow):
            spans.setdefault(piece.quote_id, []).append(Span(piece.char_start, piece.char_end))
    document = found.document
    return Telling(
        article_id=str(article_id(document)),
        seen_at=document.published_at.value if document.published_at else seen_at,
        text=document.text,
        quotes=tuple(
            StoryQuote(
                str(row.quote_id),
                tuple(spans[row.quote_id]),
                str(row.speaker_entity_id) if row.speaker_entity_id else None,
                name_key(*names[row.speaker_entity_id]) if row.speaker_entity_id else None,
            )
            for row in rows["quotes"]
            if isinstance(row, QuoteRow)
        ),
        anchors=tuple(
            Anchor(Span(row.char_start, row.char_end), key)
            for row in rows["mentions"]
            if isinstance(row, MentionRow)
            and (key := anchor_key(row.label, names.get(row.entity_id, (None, None))[1], row.normalized))  # type: ignore[arg-type]
        ),
    )
