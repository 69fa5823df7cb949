"""The values of this folder: the tellings of a story, the sayings in them, and what these are to each other.

A saying is what is compared: a sentence of a quote, or a clause of it that stands in marks of its own. One
quote may hold several, and each may be found again in another quote of another article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tasks.model import Span

Id = str  # a UUID as text: ids are compared and sorted all the time, which UUID objects are slow at
Occasion = tuple[str, str]  # where somebody spoke: its sort, and the key of its name
Key = tuple[Id, int, int]  # of a saying: quote id, first and last offset; the order of everything here


@dataclass(frozen=True, slots=True)
class StoryQuote:
    """A quote with its pieces in the text, and the canonical speaker where there is one.

    `speaker_name` is what two articles call one person who are linked to two entities ("Mr. Novak" and
    "Peter Novak"): the folded last word of a person's name, the whole name of anything else.
    """

    quote_id: Id
    spans: tuple[Span, ...]
    speaker: Id | None = None
    speaker_name: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name, date or number in the text that means the same however it is written.

    `key` is the entity's id, the ISO date, or number and unit, each behind a letter for its sort: `n:` a
    name, `d:` a day, `q:` a quantity.
    """

    span: Span
    key: str


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as far as its statements go: its text, quotes and anchors."""

    text: str
    quotes: tuple[StoryQuote, ...]
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a story; `seen_at` is when it was published, or first seen where no date is known."""

    article_id: Id
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of a quote, or a clause in marks of its own.

    `words` are folded and without marks; `number` counts the sayings of the article in the order of the
    text; `marked` says that the article gives it as the speaker's own words, in quote marks.
    """

    source: Source
    quote_id: Id
    number: int
    span: Span
    words: tuple[str, ...]
    marked: bool
    speaker: Id | None = None
    speaker_name: str | None = None
    anchors: frozenset[str] = frozenset()

    @property
    def article_id(self) -> Id:
        """The article it stands in."""
        return self.source.article_id

    @property
    def seen_at(self) -> datetime:
        """When that article was published, or first seen."""
        return self.source.seen_at

    def same_speaker(self, other: Saying) -> bool:
        """Whether both are of one speaker, as far as it is known."""
        return (self.speaker is not None and self.speaker == other.speaker) or (
            self.speaker_name is not None and self.speaker_name == other.speaker_name
        )

    def other_speaker(self, other: Saying) -> bool:
        """Whether both speakers are known, and are two."""
        return self.speaker is not None and other.speaker is not None and not self.same_speaker(other)

    @property
    def key(self) -> Key:
        """What tells it from all others, and orders them where nothing else does."""
        return (self.quote_id, *self.span)


@dataclass(frozen=True, slots=True)
class SayingsOfArticle:
    """What an article reports, and by speaker (key of the name) the occasions that it names for them."""

    source: Source
    sayings: tuple[Saying, ...]
    occasions: Mapping[str, frozenset[Occasion]]


class PairKind(StrEnum):
    """same: word for word; fragment: a part of it; variant: edited; reworded: translated or retold."""

    SAME = "same"
    FRAGMENT = "fragment"
    VARIANT = "variant"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class SayingPair:
    """Two sayings that are one statement; `a` has the lower key."""

    a: Saying
    b: Saying
    kind: PairKind
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A saying as a member of a statement: how its words stand to those of the head."""

    saying: Saying
    kind: PairKind | None  # None: it is the head
    score: float


@dataclass(frozen=True, slots=True)
class Statement:
    """All sayings that are word for word, in part or edited, what its head says; the head comes first.

    `statement_id` is a function of the earliest of them. `reworded_from` is the statement that this one
    seems to translate or retell.
    """

    statement_id: Id
    wordings: tuple[Wording, ...]
    reworded_from: Id | None = None

    @property
    def head(self) -> Saying:
        """The fullest wording."""
        return self.wordings[0].saying
