"""Outlets that are called by a language: "Duvar English", "Al Jazeera Arabic".

Called by `annotate_entities`: taggers take the language for a nationality.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tasks.annotate.entities.gazetteer import context, demonyms, ordinary_words
from tasks.annotate.entities.tagger import NameSpan
from tasks.annotate.tokens import Paragraph, Token
from tasks.model import Label

LANGUAGES = frozenset(
    (
        *("English", "Arabic", "Turkish", "Persian", "Urdu", "Hindi", "Bengali", "Pashto", "Kurdish"),
        *("Russian", "Ukrainian", "Chinese", "Spanish", "French", "German", "Portuguese", "Swahili"),
        *("Hausa", "Somali", "Amharic", "Indonesian", "Vietnamese", "Korean", "Japanese"),
    )
)
LONGEST_OUTLET = 3  # words before the language


def language_editions(paragraphs: Sequence[Paragraph]) -> Iterator[NameSpan]:
    """The outlets in which a language ends the name, and nothing follows that it could belong to."""
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            tokens = sentence.tokens
            for at in range(1, len(tokens)):
                if tokens[at].text in LANGUAGES and _ends_name(tokens, at):
                    first = _first_word(tokens, at)
                    if first < at:
                        yield NameSpan(
                            tokens[first].start, tokens[at].end, Label.ORGANISATION, 0.8, "language edition"
                        )


def _ends_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether the sentence ends there, a mark follows, or a verb of speech."""
    after = tokens[at + 1].text if at + 1 < len(tokens) else "."
    return not after[0].isalnum() or after in context("speech")


def _first_word(tokens: Sequence[Token], last: int) -> int:
    """Where the capitalised words before the language begin; at the language where they are ordinary."""
    first = last
    while first and last - first < LONGEST_OUTLET and _names_outlet(tokens[first - 1].text):
        first -= 1
    return first


def _names_outlet(word: str) -> bool:
    is_name = word[0].isupper() and word.isalpha() and word.lower() not in ordinary_words()
    return is_name and word not in demonyms()
