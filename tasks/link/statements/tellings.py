"""Annotated documents as tellings, and the names by which speakers and anchors are known in other articles.

Called by `tasks/stage.py` for every article, and by the training of the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tasks.annotate.entities.folding import fold
from tasks.link.statements.model import Anchor, StoryQuote, Telling
from tasks.model import AnnotatedDocument, Label, Mention

DATE, QUANTITY, NAME = "d:", "q:", "n:"
SORTS = {Label.DATE: DATE, Label.QUANTITY: QUANTITY, Label.MONEY: QUANTITY}


def name_key(label: str, name: str) -> str:
    """A name as two articles that link it to two entities have it in common: a person's last name."""
    folded = fold(name)
    return folded.rpartition(" ")[2] if label == Label.PERSON else folded


def telling_of(found: AnnotatedDocument, quote_ids: Sequence[UUID], entity_ids: Sequence[UUID]) -> Telling:
    """The telling of a document; the ids are of its quotes and entities, in their order.

    Names are those of the document, not those of the warehouse, which other articles may change: so what is
    matched is a function of the two articles.
    """
    names = [name_key(entity.label, entity.name) for entity in found.entities]
    return Telling(
        found.document.text,
        tuple(
            StoryQuote(
                str(quote_id),
                quote.spans,
                str(entity_ids[quote.speaker_entity]) if quote.speaker_entity is not None else None,
                names[quote.speaker_entity] if quote.speaker_entity is not None else None,
            )
            for quote, quote_id in zip(found.quotes, quote_ids, strict=True)
        ),
        tuple(
            Anchor(mention.span, key)
            for mention in found.mentions
            if (key := anchor_key(mention, names)) is not None
        ),
    )


def anchor_key(mention: Mention, names: Sequence[str]) -> str | None:
    """What a mention means, however it is written; None for what is not resolved."""
    if mention.entity is not None:
        return NAME + names[mention.entity]
    sort = SORTS.get(mention.label)
    return sort + mention.normalized if sort and mention.normalized else None
