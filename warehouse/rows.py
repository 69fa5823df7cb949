"""The rows that workers stage and the loader inserts: one NamedTuple per table, in column order.

The columns that only the loader knows (its clock, its batch) are not in here. A column's SQL type follows
from its annotation, so what is staged has the types of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple, get_type_hints
from uuid import UUID


class OutletRow(NamedTuple):
    """A row of `outlets`."""

    outlet_id: UUID
    name: str
    domain: str | None = None
    publisher: str | None = None


class ArticleRow(NamedTuple):
    """A row of `articles`, without its clock."""

    article_id: UUID
    outlet_id: UUID | None
    input_id: str
    url: str | None
    natural_key: str


class VersionRow(NamedTuple):
    """A row of `article_versions`, without its batch and clock."""

    version_id: UUID
    article_id: UUID
    title: str | None
    title_source: str | None
    author: str | None
    authors: Sequence[str]
    agencies: Sequence[str]
    authors_source: str | None
    published_at: datetime | None
    published_on: date | None
    published_source: str | None
    published_precision: str | None
    published_utc_offset: int | None
    modified_at: datetime | None
    modified_source: str | None
    modified_utc_offset: int | None
    dateline_place: str | None
    dateline_agencies: Sequence[str]
    dateline_on: date | None
    section: str | None
    section_source: str | None
    publisher: str | None
    publisher_source: str | None
    canonical_url: str | None
    canonical_url_source: str | None
    outlet_source: str | None
    language: str | None
    language_source: str | None
    text: str
    form: str
    encoding: str | None
    location: str
    source_digest: str
    extractor: str
    tagger: str | None


class SegmentRow(NamedTuple):
    """A row of `segments`."""

    version_id: UUID
    segment_no: int
    char_start: int
    char_end: int
    role: str
    rule: str
    score: float
    linked_article_id: UUID | None = None
    published_on: date | None = None


class EntityRow(NamedTuple):
    """A row of `entities`; its name is an alias of rule `name`, too; an AliasRow says how good a one."""

    entity_id: UUID
    label: str
    name: str
    country: str | None = None


class AliasRow(NamedTuple):
    """A row of `entity_aliases`; of all aliases of an entity the one of the highest rank names it."""

    entity_id: UUID
    alias: str
    rule: str
    name_rank: int = 0


class MentionRow(NamedTuple):
    """A row of `mentions`."""

    mention_id: UUID
    version_id: UUID
    entity_id: UUID | None
    label: str
    surface: str
    char_start: int
    char_end: int
    score: float
    rule: str
    normalized: str | None = None
    role: str | None = None
    role_country: str | None = None
    published_on: date | None = None


class QuoteRow(NamedTuple):
    """A row of `quotes`."""

    quote_id: UUID
    version_id: UUID
    kind: str
    stance: str
    text: str
    char_start: int
    char_end: int
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    speaker: str | None
    speaker_start: int | None
    speaker_end: int | None
    speaker_entity_id: UUID | None
    speaker_role: str | None
    speaker_null_reason: str | None
    carrier_quote_id: UUID | None
    score: float
    rule: str
    published_on: date | None = None


class QuoteSpanRow(NamedTuple):
    """A row of `quote_spans`."""

    quote_id: UUID
    span_no: int
    char_start: int
    char_end: int


class ObservationRow(NamedTuple):
    """A row of `observations`: a version, seen at a moment."""

    version_id: UUID
    article_id: UUID
    observed_at: datetime
    source_digest: str
    location: str


class RevivalRow(NamedTuple):
    """A row of `version_revivals`, without its clock: a version that is in force again."""

    version_id: UUID


class SayingsRow(NamedTuple):
    """A row of `article_sayings`."""

    version_id: UUID
    cutter: str
    sayings: str


class FeaturesRow(NamedTuple):
    """What linking compares a version by (`linking/kept.sql`): packed numbers, little-endian."""

    version_id: UUID
    features: str
    sizes: bytes
    terms: bytes
    weights: bytes
    characters: int
    fingerprints: bytes
    shingles: bytes


class FailureRow(NamedTuple):
    """A row of `failures`, without its clock. No extractor: no version of it would do better."""

    failure_id: UUID
    input: str
    stage: str
    reason: str
    message: str
    detail: str | None = None
    source_digest: str | None = None
    extractor: str | None = None


Row = (
    OutletRow
    | ArticleRow
    | VersionRow
    | SegmentRow
    | EntityRow
    | AliasRow
    | MentionRow
    | QuoteRow
    | QuoteSpanRow
    | ObservationRow
    | RevivalRow
    | SayingsRow
    | FeaturesRow
    | FailureRow
)

StagedRows = Mapping[str, Sequence[Row]]  # table name → rows; a table may be missing

# In the order they are loaded: parents first.
ROW_TYPES: Final[dict[str, type[Row]]] = {
    "outlets": OutletRow,
    "articles": ArticleRow,
    "article_versions": VersionRow,
    "segments": SegmentRow,
    "entities": EntityRow,
    "entity_aliases": AliasRow,
    "mentions": MentionRow,
    "quotes": QuoteRow,
    "quote_spans": QuoteSpanRow,
    "failures": FailureRow,
    "observations": ObservationRow,
    "version_revivals": RevivalRow,
    "article_sayings": SayingsRow,
}
# What workers stage: these, and what linking compares articles by, which no load brings into the warehouse.
STAGED_TYPES: Final[dict[str, type[Row]]] = {**ROW_TYPES, "article_features": FeaturesRow}

_SQL_TYPES: Final[dict[Any, str]] = {
    UUID: "UUID",
    str: "VARCHAR",
    bytes: "BLOB",
    int: "INTEGER",
    float: "DOUBLE",
    date: "DATE",
    datetime: "TIMESTAMP",
    Sequence[str]: "VARCHAR[]",
}


@cache
def sql_columns(table: str) -> dict[str, str]:
    """The staged columns of a table with their SQL types, in order."""
    hints = get_type_hints(STAGED_TYPES[table])
    return {column: _sql_type(hints[column]) for column in STAGED_TYPES[table]._fields}


def _sql_type(hint: Any) -> str:
    for candidate, sql in _SQL_TYPES.items():
        if hint == candidate or hint == candidate | None:
            return sql
    raise TypeError(f"no SQL type for {hint}")
