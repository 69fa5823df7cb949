"""Which pronoun the persons of a document go by, told by titles and given names. Called by `speakers.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from tasks.annotate.quotes.cues import word_class
from tasks.model import Mention

WORD = re.compile(r"[^\W\d_]+")
TITLE_REACH = 14  # characters before a name in which its title stands: "Congresswoman "


class Gender(Enum):
    """What "he" and "she" ask for."""

    FEMININE = "she"
    MASCULINE = "he"


FEMININE_PRONOUNS = frozenset({"she", "her", "herself"})
MASCULINE_PRONOUNS = frozenset({"he", "him", "himself"})


def asked_for(pronoun: str) -> Gender | None:
    """The gender that a pronoun asks for, if any."""
    if pronoun in FEMININE_PRONOUNS:
        return Gender.FEMININE
    return Gender.MASCULINE if pronoun in MASCULINE_PRONOUNS else None


def genders(text: str, persons: Sequence[Mention]) -> dict[int, Gender]:
    """The gender of those entities whose mentions tell it; a title wins over a name."""
    by_title: dict[int, Gender] = {}
    by_name: dict[int, Gender] = {}
    by_given: dict[int, Gender] = {}  # of a name alone, which may be a surname: "Warren"
    for mention in persons:
        if mention.entity is None:
            continue
        before = WORD.findall(text[max(0, mention.span.start - TITLE_REACH) : mention.span.start])
        words = [word.lower() for word in WORD.findall(mention.span.of(text))]
        title = before[-1].lower() if before else ""
        if (told := _told(title, "_titles") or _told(words[0] if words else "", "_titles")) is not None:
            by_title.setdefault(mention.entity, told)
        if words and (told := _told(words[0], "")) is not None:
            (by_name if len(words) > 1 else by_given).setdefault(mention.entity, told)
    return {**by_given, **by_name, **by_title}


def _told(word: str, kind: str) -> Gender | None:
    if word in word_class(f"feminine{kind}"):
        return Gender.FEMININE
    return Gender.MASCULINE if word in word_class(f"masculine{kind}") else None
