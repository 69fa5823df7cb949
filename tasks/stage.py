"""An annotated document as rows of the warehouse's tables. Pure: values in, rows out.

Every id is a function of content, so the same document gives the same rows wherever and whenever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from tasks.annotate.entities import name_rank
from tasks.clean.outlet import domain_of
from tasks.link.features import FEATURES, ArticleContent, content_of, features_of
from tasks.link.fingerprints import sample, shingles
from tasks.link.statements.packing import CUTTER, packed_sayings
from tasks.link.statements.tellings import telling_of
from tasks.model import AnnotatedDocument, Document, Entity, Failure, Quote, SourceDocument
from warehouse.ids import stable_id
from warehouse.rows import (
    AliasRow,
    ArticleRow,
    EntityRow,
    FailureRow,
    FeaturesRow,
    MentionRow,
    ObservationRow,
    OutletRow,
    QuoteRow,
    QuoteSpanRow,
    RevivalRow,
    Row,
    SayingsRow,
    SegmentRow,
    VersionRow,
)

Rows = dict[str, list[Row]]


def staged_rows(
    annotated: Iterable[AnnotatedDocument],
    failures: Iterable[Failure],
    pipeline: str,
    pipelines: Mapping[str, str] = MappingProxyType({}),
    observations: Sequence[ObservationRow] = (),
    revived: Sequence[UUID] = (),
) -> Rows:
    """The rows of a batch, by table.

    `pipeline` names what made them and goes into every version's id; `pipelines` names it by the digest of
    a document that was read in a way of its own. `revived` are versions that are in force again.
    """
    rows: Rows = {}
    for found in annotated:
        made_by = pipelines.get(found.document.source.digest, pipeline)
        for table, more in document_rows(found, made_by).items():
            rows.setdefault(table, []).extend(more)
    if failed := [
        failure_row(failure, pipelines.get(failure.digest or "", pipeline)) for failure in failures
    ]:
        rows["failures"] = list(failed)
    if observations:
        rows["observations"] = list(observations)
    if revived:
        rows["version_revivals"] = [RevivalRow(version) for version in revived]
    return rows


def version_id_of(document: Document, pipeline: str) -> UUID:
    """The identity of a version: the article, what was read of it, and by which pipeline."""
    return stable_id("version", str(article_id(document)), content_digest(document), pipeline)


def observation_row(source: SourceDocument, version_id: UUID) -> ObservationRow | None:
    """When the version was seen; None where nothing tells that."""
    if source.observed_at is None:
        return None
    return ObservationRow(
        version_id, article_id_of(source), source.observed_at, source.digest, source.location
    )


def document_rows(found: AnnotatedDocument, pipeline: str) -> Rows:
    """The rows of one document, by table."""
    document = found.document
    version_id = version_id_of(document, pipeline)
    entity_ids = [stable_id("entity", entity.key) for entity in found.entities]
    return {
        "outlets": list(outlet_rows(document)),
        "articles": [article_row(document)],
        "article_versions": [version_row(document, version_id, pipeline, found.tagger)],
        "segments": list(segment_rows(document, version_id)),
        "entities": [
            EntityRow(entity_id, entity.label, entity.name, entity.country)
            for entity_id, entity in zip(entity_ids, found.entities, strict=True)
        ],
        "entity_aliases": list(alias_rows(found.entities, entity_ids)),
        "mentions": list(mention_rows(found, version_id, entity_ids)),
        "quotes": list(quote_rows(found, version_id, entity_ids)),
        "quote_spans": list(quote_span_rows(found, version_id)),
        "article_sayings": list(sayings_rows(found, version_id, entity_ids)),
        "article_features": [features_row(version_id, content_of(found))],
    }


# --- identity ------------------------------------------------------------------


def article_id(document: Document) -> UUID:
    """The identity of the article, whatever its text is today."""
    return article_id_of(document.source)


def article_id_of(source: SourceDocument) -> UUID:
    """The identity of the article that was read."""
    return stable_id("article", source.natural_key)


def outlet_id(document: Document) -> UUID | None:
    """The identity of its outlet: the name, whatever its case."""
    return stable_id("outlet", document.outlet.value.casefold()) if document.outlet else None


def content_digest(document: Document) -> str:
    """What makes a version: all that was read of the article, whence, and where it was cut."""
    parts = (
        document.text,
        document.title,
        (document.authors, document.authors_source, document.agencies),
        (document.published_at, document.published_on, document.published_precision, document.modified_at),
        (document.dateline, document.section, document.language),
        document.segments,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def quote_id(version_id: UUID, quote: Quote) -> UUID:
    """The identity of a quote: its pieces in the version's text."""
    pieces = (f"{span.start}-{span.end}" for span in quote.spans)
    return stable_id("quote", str(version_id), *pieces)


# --- rows ----------------------------------------------------------------------


def outlet_rows(document: Document) -> Iterable[OutletRow]:
    """The outlet, where something says which, with its domain and its publisher, where these are told."""
    identity = outlet_id(document)
    if identity is not None and document.outlet is not None:
        domain = domain_of(document.source.given.url or document.url)
        publisher = document.publisher.value if document.publisher else None
        yield OutletRow(identity, document.outlet.value, domain, publisher)


def article_row(document: Document) -> ArticleRow:
    """The article as such."""
    source = document.source
    url = source.given.url or document.url
    return ArticleRow(article_id(document), outlet_id(document), source.input_id, url, source.natural_key)


def version_row(document: Document, version_id: UUID, pipeline: str, tagger: str | None) -> VersionRow:
    """What was read of the article this time."""
    source, dateline = document.source, document.dateline
    published = document.published_at
    return VersionRow(
        version_id=version_id,
        article_id=article_id(document),
        title=document.title.value if document.title else None,
        title_source=document.title.source if document.title else None,
        author=as_byline((*document.authors, *document.agencies)),
        authors=document.authors,
        agencies=document.agencies,
        authors_source=document.authors_source,
        published_at=published.value if published else None,
        published_on=document.published_on,
        published_source=published.source if published else None,
        published_precision=document.published_precision if published else None,
        published_utc_offset=document.published_offset,
        modified_at=document.modified_at.value if document.modified_at else None,
        modified_source=document.modified_at.source if document.modified_at else None,
        modified_utc_offset=document.modified_offset,
        dateline_place=dateline.place if dateline else None,
        dateline_agencies=dateline.agencies if dateline else (),
        dateline_on=dateline.filed_on if dateline else None,
        section=document.section.value if document.section else None,
        section_source=document.section.source if document.section else None,
        publisher=document.publisher.value if document.publisher else None,
        publisher_source=document.publisher.source if document.publisher else None,
        canonical_url=document.canonical.value if document.canonical else None,
        canonical_url_source=document.canonical.source if document.canonical else None,
        outlet_source=document.outlet.source if document.outlet else None,
        language=document.language.value if document.language else None,
        language_source=document.language.source if document.language else None,
        text=document.text,
        form=source.form,
        encoding=source.encoding,
        location=source.location,
        source_digest=source.digest,
        extractor=pipeline,
        tagger=tagger,
    )


def as_byline(authors: Sequence[str]) -> str | None:
    """The authors as a byline has them: A, B and C; None where there is nobody."""
    if len(authors) < 2:
        return authors[0] if authors else None
    return f"{', '.join(authors[:-1])} and {authors[-1]}"


def segment_rows(document: Document, version_id: UUID) -> Iterable[SegmentRow]:
    """The roles that partition the text."""
    for number, segment in enumerate(document.segments):
        yield SegmentRow(
            version_id,
            number,
            segment.span.start,
            segment.span.end,
            segment.role,
            segment.rule,
            segment.score,
            segment.linked_article,
            published_on=document.published_on,
        )


def alias_rows(entities: Sequence[Entity], entity_ids: Sequence[UUID]) -> Iterable[AliasRow]:
    """Every wording of every entity, with how good a name it would be."""
    for entity, entity_id in zip(entities, entity_ids, strict=True):
        yield AliasRow(entity_id, entity.name, "name", name_rank(entity.name, "name", entity.label))
        for alias in entity.aliases:
            rank = name_rank(alias.surface, alias.rule, entity.label)
            yield AliasRow(entity_id, alias.surface, alias.rule, rank)


def mention_rows(
    found: AnnotatedDocument, version_id: UUID, entity_ids: Sequence[UUID]
) -> Iterable[MentionRow]:
    """The names, dates and quantities."""
    text, published_on = found.document.text, found.document.published_on
    for mention in found.mentions:
        start, end = mention.span
        yield MentionRow(
            stable_id("mention", str(version_id), str(start), str(end), mention.label),
            version_id,
            None if mention.entity is None else entity_ids[mention.entity],
            mention.label,
            mention.span.of(text),
            start,
            end,
            mention.score,
            mention.rule,
            mention.normalized,
            mention.role,
            mention.role_country,
            published_on,
        )


def quote_rows(found: AnnotatedDocument, version_id: UUID, entity_ids: Sequence[UUID]) -> Iterable[QuoteRow]:
    """Who said what."""
    text = found.document.text
    for quote in found.quotes:
        entity = quote.speaker_entity
        carrier = None if quote.carrier is None else quote_id(version_id, found.quotes[quote.carrier])
        yield QuoteRow(
            quote_id=quote_id(version_id, quote),
            version_id=version_id,
            kind=quote.kind,
            stance=quote.stance,
            text=quote.hull.of(text),
            char_start=quote.hull.start,
            char_end=quote.hull.end,
            cue=quote.cue.of(text) if quote.cue else None,
            cue_start=quote.cue.start if quote.cue else None,
            cue_end=quote.cue.end if quote.cue else None,
            speaker=quote.speaker.of(text) if quote.speaker else None,
            speaker_start=quote.speaker.start if quote.speaker else None,
            speaker_end=quote.speaker.end if quote.speaker else None,
            speaker_entity_id=None if entity is None else entity_ids[entity],
            speaker_role=speaker_role(found, quote),
            speaker_null_reason=quote.no_speaker,
            carrier_quote_id=carrier,
            score=quote.score,
            rule=quote.rule,
            published_on=found.document.published_on,
        )


def speaker_role(found: AnnotatedDocument, quote: Quote) -> str | None:
    """The office that the article gives the speaker: at the quote, else where it is first told."""
    if quote.speaker_entity is None:
        return None
    told = [mention for mention in found.mentions if mention.entity == quote.speaker_entity and mention.role]
    here = [mention for mention in told if quote.speaker and quote.speaker.touches(mention.span)]
    return (here or told)[0].role if told else None


def quote_span_rows(found: AnnotatedDocument, version_id: UUID) -> Iterable[QuoteSpanRow]:
    """The pieces of every quote."""
    for quote in found.quotes:
        identity = quote_id(version_id, quote)
        for number, span in enumerate(quote.spans):
            yield QuoteSpanRow(identity, number, span.start, span.end)


def sayings_rows(
    found: AnnotatedDocument, version_id: UUID, entity_ids: Sequence[UUID]
) -> Iterable[SayingsRow]:
    """What the article reports, as the matching of statements compares it; no row where it has no quote."""
    quote_ids = [quote_id(version_id, quote) for quote in found.quotes]
    sayings = packed_sayings(telling_of(found, quote_ids, entity_ids))
    if sayings is not None:
        yield SayingsRow(version_id, CUTTER, sayings)


def features_row(version_id: UUID, content: ArticleContent) -> FeaturesRow:
    """The version as the linking of stories compares it."""
    features, hashed = features_of(content), shingles(content.body)
    return FeaturesRow(
        version_id,
        FEATURES,
        features.sizes.tobytes(),
        features.terms.astype("<u2").tobytes(),
        features.weights.astype("<u2").tobytes(),
        features.characters,
        sample(hashed).astype("<u4").tobytes(),
        hashed.astype("<u4").tobytes(),
    )


def failure_row(failure: Failure, pipeline: str) -> FailureRow:
    """What could not be used; the same trouble with the same input is the same row."""
    parts = (failure.input, failure.stage, failure.reason, failure.digest or "", pipeline)
    return FailureRow(
        stable_id("failure", *parts),
        failure.input,
        failure.stage,
        failure.reason,
        failure.message,
        failure.detail,
        failure.digest,
        pipeline,
    )
