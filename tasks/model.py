"""The values that travel through the house, each a frozen dataclass.

A document's type changes its name as knowledge is gained:
`DocumentRef` (where it lies) → `SourceDocument` (what was read) → `Document` (cleaned)
→ `AnnotatedDocument` (with mentions, entities and quotes). Nothing here does any work,
and nothing here imports prefect, httpx or duckdb.

Every offset is a 0-based code point in `Document.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

from tasks.timestamps import local_day


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words it cuts out."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether the other stretch lies inside this one."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, other: Span) -> bool:
        """Whether both share at least one character."""
        return self.start < other.end and other.start < self.end


T = TypeVar("T")

Form = Literal["text", "html"]


# --- where a document lies and what was read of it -----------------------------


class RecordPlace(NamedTuple):
    """Where a record of a web archive lies: in bytes of the file, and of the gzip member that begins there.

    `length` is that of the compressed member and of what belongs to it; None where it is not known. `skip`
    is not 0 where several records were compressed into one member.
    """

    path: Path
    offset: int
    length: int | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """Where one document lies: a file, one line of a JSONL file, or one record of a web archive.

    Of a record, `url` is its address, `original` the record that keeps the page where this one only says that
    the page was the same, and `seen_on` the day (UTC) on which a foreign archive says that it was captured.
    """

    path: Path
    form: Literal["text", "html", "row", "record"]
    offset: int = 0
    length: int | None = None
    line: int | None = None
    skip: int = 0
    url: str | None = None
    original: RecordPlace | None = None
    seen_on: date | None = field(default=None, compare=False)

    @property
    def location(self) -> str:
        """The place as a person writes it: `path`, `path:line`, or `path:offset` of a record."""
        if self.form == "record":
            return f"{self.path}:{self.offset}" + (f"+{self.skip}" if self.skip else "")
        return f"{self.path}:{self.line}" if self.line else str(self.path)

    @property
    def shown(self) -> str:
        """What a person is told that it is: the address of a page, else the place."""
        return self.url or self.location


@dataclass(frozen=True, slots=True)
class Given:
    """What the input itself says of a document; trusted over what is extracted."""

    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    published_at: datetime | None = None  # aware, or naive UTC
    published_precision: Literal["second", "day"] | None = None
    language: str | None = None
    published_offset: int | None = None  # of the zone it was written in, minutes east of UTC


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed or sitemap said of an article; used where the page itself says nothing.

    Not when it was changed: many sitemaps say "now" each time, and that would be a new version each time.
    Moments are naive UTC, the offset is that of the zone it was written in, in minutes east of UTC.
    """

    found_in: str | None = None  # feed, sitemap, news sitemap
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_offset: int | None = None
    language: str | None = None


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document as it was read and decoded, before any cleaning.

    `natural_key` tells which article it is (address, else given id, else file name and
    opening line); `digest` is the sha256 of all that was read, so the same input is known again.
    `observed_at` (naive UTC) is when its outlet was seen to show it, where that is known: of fetched pages.
    """

    natural_key: str
    input_id: str
    location: str
    form: Form
    content: str
    given: Given
    digest: str
    encoding: str = "utf-8"
    observed_at: datetime | None = None
    hints: Hints = NO_HINTS

    @property
    def shown(self) -> str:
        """What a person is told that it is: the address of a fetched page, else the place."""
        return self.input_id if self.observed_at else self.location


# --- the cleaned document --------------------------------------------------------


class Role(StrEnum):
    """What a segment of the text is."""

    TITLE = "title"
    BYLINE = "byline"
    DATELINE = "dateline"
    SUMMARY = "summary"
    BODY = "body"
    CAPTION = "caption"
    CREDIT = "credit"
    CORRECTION = "correction"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the text with its role; the segments of a document partition its text.

    `linked_article` is the article that a dropped headline is the title of, where that is known.
    """

    span: Span
    role: Role
    rule: str
    score: float = 1.0
    linked_article: UUID | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of a report that says where, by whom and when it was filed."""

    span: Span
    place: str | None
    agencies: tuple[str, ...] = ()
    filed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value and where it came from (`given`, `dateline`, `text`, `json-ld`, …)."""

    value: T
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned article: one text, everything else points into it.

    `authors` are persons; `agencies` are the news agencies that are credited with it. Moments are naive UTC,
    `published_offset` and `modified_offset` the zones they were written in, in minutes east of UTC.
    `published_day` is the day that the outlet's readers saw, where it is told from another one of UTC.
    """

    source: SourceDocument
    text: str
    segments: tuple[Segment, ...]
    title: Sourced[str] | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    authors_source: str | None = None
    outlet: Sourced[str] | None = None
    publisher: Sourced[str] | None = None
    url: str | None = None
    canonical: Sourced[str] | None = None  # the address that the page gives itself
    section: Sourced[str] | None = None
    published_at: Sourced[datetime] | None = None
    published_precision: Literal["second", "day"] | None = None
    published_offset: int | None = None
    published_day: date | None = None
    modified_at: Sourced[datetime] | None = None
    modified_offset: int | None = None
    dateline: Dateline | None = None
    language: Sourced[str] | None = None

    @property
    def published_on(self) -> date | None:
        """The day of publication in the zone of the outlet, as far as it is known, else in UTC."""
        if self.published_at is None:
            return None
        return self.published_day or local_day(self.published_at.value, self.published_offset)

    def readable(self) -> tuple[Segment, ...]:
        """The segments in which mentions and quotes are looked for: all but the dropped."""
        return tuple(segment for segment in self.segments if segment.role is not Role.DROPPED)


# --- annotations -----------------------------------------------------------------


class Label(StrEnum):
    """What a mention names."""

    PERSON = "PER"
    ORGANISATION = "ORG"
    PLACE = "LOC"
    NATIONALITY = "NORP"
    DATE = "DATE"
    QUANTITY = "QUANTITY"
    MONEY = "MONEY"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, date or quantity in the text.

    `rule` is the rule or the tagger (name and version) that made it. `entity` is the index of its
    entity in the document's entities, for names. `normalized` is an ISO date for a DATE, number and
    unit for a QUANTITY or MONEY, the ISO 3166 country for a NORP. `role` and `role_country` are of a
    person: "Russian Deputy Foreign Minister" → "Deputy Foreign Minister", "RU".
    """

    span: Span
    label: Label
    score: float
    rule: str
    entity: int | None = None
    normalized: str | None = None
    role: str | None = None
    role_country: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """A surface that means an entity, and the rule that says so."""

    surface: str
    rule: str


@dataclass(frozen=True, slots=True)
class Entity:
    """What the mentions of one document mean.

    `key` is its identity in the warehouse: equal keys in two articles are the same entity, so a key
    that must stay inside its article (a lone surname) holds the article's natural key.
    """

    key: str
    label: Label
    name: str
    country: str | None = None
    aliases: tuple[Alias, ...] = ()


class QuoteKind(StrEnum):
    """direct: all of it in quote marks; mixed: marks and other words; indirect: no marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Stance(StrEnum):
    """Whether it was said, is believed, or is intended."""

    SPEECH = "speech"
    BELIEF = "belief"
    INTENT = "intent"


class NoSpeaker(StrEnum):
    """Why a quote has no canonical speaker."""

    UNNAMED = "unnamed source"  # "a senior official": the wording is kept
    GENERIC = "generic"  # "critics", "people", "many"
    COLLECTIVE = "collective"  # "the two men", "residents": a group without a name
    NOT_FOUND = "not found"  # nobody in sight


@dataclass(frozen=True, slots=True)
class Quote:
    """Something that somebody said, believes or intends.

    `spans` are the pieces of its content (more than one where the attribution interrupts it), quote
    marks included. `speaker` is the mention in the text ("he", "the deputy foreign minister") and
    `speaker_entity` the index of the canonical speaker in the document's entities. `carrier` is the
    index, in the document's quotes, of the quote it stands in.
    """

    spans: tuple[Span, ...]
    kind: QuoteKind
    stance: Stance
    score: float
    rule: str
    cue: Span | None = None
    speaker: Span | None = None
    speaker_entity: int | None = None
    no_speaker: NoSpeaker | None = None
    carrier: int | None = None

    @property
    def hull(self) -> Span:
        """From the first character of the content to the last."""
        return Span(self.spans[0].start, self.spans[-1].end)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A cleaned document with everything that was found in it."""

    document: Document
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    tagger: str | None = None  # None: the language has no model


# --- what could not be used ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failure:
    """A document (or an input) that could not be used, and why."""

    input: str
    stage: str
    reason: str
    message: str
    digest: str | None = None
    detail: str | None = field(default=None, compare=False)
