"""What a cleaned document says: tokens, mentions, the document's entities, quotes and their speakers.

- `tokens.py`: paragraphs, sentences, words, computed once for both of the following
- `token_features.py`, `word_classes.py`, `models/`: what is known of single words, for the trained taggers
- `naming.py`: the tagger of names and the aliases that a user has chosen
- `entities/`: names, dates, quantities, and what they mean
- `quotes/`: contents, cues, speakers
"""

from __future__ import annotations

from tasks.annotate.entities import annotate_entities
from tasks.annotate.entities.chosen import tagger_named
from tasks.annotate.naming import DEFAULT_NAMING, Naming
from tasks.annotate.quotes import TAGGER as QUOTE_TAGGER
from tasks.annotate.quotes import annotate_quotes
from tasks.annotate.tokens import paragraphs
from tasks.errors import DocumentError
from tasks.model import AnnotatedDocument, Document

LANGUAGES = frozenset({"en"})  # the languages that the taggers know
# The longest articles have a tenth of it; it takes the taggers some five seconds.
MOST_CHARACTERS = 500_000


def taggers(naming: Naming = DEFAULT_NAMING) -> str:
    """What makes mentions, entities and quotes, with its versions."""
    return f"{naming.mark}+{QUOTE_TAGGER}"


def annotate(document: Document, naming: Naming = DEFAULT_NAMING) -> AnnotatedDocument:
    """The document with its mentions, entities and quotes; without any where its language has no tagger.

    Raises DocumentError (`too_long`) for what is no article.
    """
    if document.language is None or document.language.value not in LANGUAGES:
        return AnnotatedDocument(document)
    if len(document.text) > MOST_CHARACTERS:
        raise DocumentError(
            f"Its text has {len(document.text):,} characters; beyond {MOST_CHARACTERS:,} it is no article, "
            "and is loaded without names and quotes.",
            reason="too_long",
        )
    parts = paragraphs(document)
    layer = annotate_entities(document, parts, tagger_named(naming.tagger), naming.aliases)
    quotes = annotate_quotes(document, parts, layer.mentions, layer.entities)
    return AnnotatedDocument(document, layer.mentions, layer.entities, quotes, taggers(naming))
