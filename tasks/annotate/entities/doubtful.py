"""Names that a tagger gives where there is no prose: words of a headline, the head of a table.

Called by `annotate_entities` on the spans of any tagger.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import name_words
from tasks.annotate.entities.lookup import match_phrase
from tasks.annotate.entities.names import is_headline
from tasks.annotate.entities.tagger import NameSpan
from tasks.annotate.tokens import Paragraph, Sentence, Token
from tasks.annotate.word_classes import word_class
from tasks.model import Label

# Words of one or two capitals; more of them than this are the columns of a table.
LONGEST_COLUMN, MOST_COLUMNS = 2, 3
# Words from which on a name in a headline of capitals may be the headline itself.
LONG_NAME = 4


def without_doubtful(paragraphs: Sequence[Paragraph], tagged: Sequence[NameSpan]) -> list[NameSpan]:
    """The names (in text order) without those that are no names."""
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
    found: list[NameSpan] = []
    at = 0
    for sentence in sentences:
        first = at
        while at < len(tagged) and tagged[at].start < sentence.span.end:
            at += 1
        if first < at:
            found += _plausible(sentence, tagged[first:at])
    return found


def _plausible(sentence: Sentence, tagged: Sequence[NameSpan]) -> Iterator[NameSpan]:
    headline = is_headline(sentence)
    starts = [token.start for token in sentence.tokens]
    for span in tagged:
        words = sentence.tokens[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        columns = sum(len(word.text) <= LONGEST_COLUMN and word.text.isupper() for word in words)
        is_none = columns > MOST_COLUMNS or not _has_letters(words) or _is_title(span, words)
        if not is_none and not (headline and (_is_written_small(words) or _is_shouting(words))):
            yield span


def _is_title(span: NameSpan, words: Sequence[Token]) -> bool:
    """Whether a person has nothing but initials: "H. E." before a name is an address."""
    initials = all(sum(letter.isalpha() for letter in word.text) <= 1 for word in words)
    return span.label is Label.PERSON and initials


def _has_letters(words: Sequence[Token]) -> bool:
    """Whether there is a letter that can be written in Latin: marks and numbers are nobody's name."""
    return any(letter.isalpha() for word in words for letter in fold_word(word.text))


def _is_shouting(words: Sequence[Token]) -> bool:
    """Whether a long name in capitals holds mostly words that are written small, and no head of a name."""
    if len(words) < LONG_NAME or not all(word.text.isupper() for word in words if word.text[0].isalpha()):
        return False
    lists = name_words()
    first, last = words[0].text.casefold(), words[-1].text.casefold()
    is_headed = first in lists["organisation_of"] or last in lists["organisation_last"]
    return not is_headed and sum(map(_is_small, words)) * 2 > len(words)


def _is_small(word: Token) -> bool:
    """Whether the word is mostly written small, where it is known at all."""
    known = word_class(word.text.capitalize())
    return known.capital is not None and known.capital < 0


def _is_written_small(words: Sequence[Token]) -> bool:
    """Whether all words are ones that are mostly written small, and no lexicon knows them together."""
    if not words or match_phrase(words, 0, len(words))[0] == len(words):
        return False
    return all(map(_is_small, words))
