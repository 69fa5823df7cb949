"""What the head word of a capitalised sequence makes of it: "… University", "Ministry of …", "… Cup".

Called by `reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.annotate.entities.gazetteer import context, name_words
from tasks.annotate.entities.lookup import match_phrase
from tasks.annotate.tokens import Token
from tasks.model import Label

# "Lake Chad", "Port of Spain": a longer sequence behind such a word is something else.
LONGEST_AFTER_PLACE_WORD = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What a head word says: a label, or (None) that the name is of a thing that has none."""

    label: Label | None
    why: str


def head_of(tokens: Sequence[Token], first: int, last: int, *, starts: bool) -> Head | None:
    """What the head word of tokens `first` to `last` (exclusive) says; None where there is none."""
    if last - first == 1:
        lone = tokens[first].text.casefold() in context("lone_institutions") and not starts
        return Head(Label.ORGANISATION, "institution") if lone else None
    for at in range(first + 1, last - 1):
        if tokens[at].text in {"of", "for"}:
            return _head_before_of(tokens[at - 1].text.casefold())
    return _last_word(tokens[last - 1].text.casefold()) or _first_word(tokens, first, last)


def _head_before_of(word: str) -> Head | None:
    if word in name_words()["organisation_of"]:
        return Head(Label.ORGANISATION, "organisation of")
    return Head(Label.PLACE, "place of") if word in name_words()["place_last"] else None


def _last_word(word: str) -> Head | None:
    words = name_words()
    if word in words["organisation_last"]:
        return Head(Label.ORGANISATION, "head word")
    if word in words["place_last"]:
        return Head(Label.PLACE, "head word")
    return Head(None, "thing") if word in words["thing_last"] else None


def _first_word(tokens: Sequence[Token], first: int, last: int) -> Head | None:
    """A place's first word: "Lake" before any name, "New" and the like before a known place."""
    word = tokens[first].text.casefold()
    if word not in name_words()["place_first"]:
        return None
    if word not in context("directions"):
        return Head(Label.PLACE, "place word") if last - first - 1 <= LONGEST_AFTER_PLACE_WORD else None
    size, entry = match_phrase(tokens, first + 1, last)
    is_place = entry is not None and first + 1 + size == last and entry.label is Label.PLACE
    return Head(Label.PLACE, "place word") if is_place else None


def has_organisation_head(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a word of the sequence can make it an organisation's name."""
    words = name_words()
    return tokens[last - 1].text.casefold() in words["organisation_last"] or any(
        tokens[at].text.casefold() in words["organisation_of"] for at in range(first, last - 1)
    )
