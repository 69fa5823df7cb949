"""What a cleaned document says: tokens, mentions, the document's entities, quotes and their speakers.

- `tokens.py`: paragraphs, sentences, words, computed once for both of the following
- `entities/`: names, dates, quantities, and what they mean
- `quotes/`: contents, cues, speakers
"""

from __future__ import annotations

from tasks.annotate.entities import TAGGER as ENTITY_TAGGER
from tasks.annotate.entities import annotate_entities
from tasks.annotate.quotes import TAGGER as QUOTE_TAGGER
from tasks.annotate.quotes import annotate_quotes
from tasks.annotate.tokens import paragraphs
from tasks.model import AnnotatedDocument, Document

LANGUAGES = frozenset({"en"})  # the languages that the taggers know
TAGGER = f"{ENTITY_TAGGER}+{QUOTE_TAGGER}"


def annotate(document: Document) -> AnnotatedDocument:
    """The document with its mentions, entities and quotes; without any where its language has no tagger."""
    if document.language is None or document.language.value not in LANGUAGES:
        return AnnotatedDocument(document)
    parts = paragraphs(document)
    layer = annotate_entities(document, parts)
    quotes = annotate_quotes(document, parts, layer.mentions, layer.entities)
    return AnnotatedDocument(document, layer.mentions, layer.entities, quotes, TAGGER)
