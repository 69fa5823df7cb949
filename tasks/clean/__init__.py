"""From a document as it was read to one text with segments that partition it, and its metadata.

`clean` is what the ingest flow calls. Behind it, one module for each reason to change:

    normalize   the text as it is stored            language    which language
    html        the article out of a page           published   when, by the text itself
    layout      where in the page its lines stand   told        what the page's own data says is the text
    metadata    what a page says of its article     outlet      who published it
    text        runs the rules, partitions the text
    title · byline · dateline · repeats · furniture · tail      the rules for segments
    lexicon     their word lists
    overrides   what a person ordered for one outlet
    hinted      what a feed said, where the page says nothing
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from typing import Literal

from tasks.clean.hinted import hinted_authors, hinted_time, hinted_title
from tasks.clean.html import Extracted, extract
from tasks.clean.language import language_of
from tasks.clean.metadata import Metadata
from tasks.clean.metadata.authors import Authors
from tasks.clean.normalize import normalize
from tasks.clean.outlet import outlet_of
from tasks.clean.overrides import ordered_outlet, ordered_publisher, with_dropped_lines, without_suffix
from tasks.clean.published import at_midnight, reported_on, with_year
from tasks.clean.site_lines import SiteLines
from tasks.clean.tail import Surroundings
from tasks.clean.text import Reading, read_text
from tasks.clean.title_memory import PageTitles, Titles
from tasks.dates import WrittenDate, resolve
from tasks.errors import DocumentError
from tasks.model import Dateline, Document, Sourced, SourceDocument
from tasks.read.decode import is_blank
from tasks.sources import SourceRules
from tasks.timestamps import local_day

VERSION = 2  # of the rules here; a change in what they yield makes a new version of every article
EXTRACTOR = f"onrecord-clean {VERSION}, trafilatura {version('trafilatura')}"

NO_RULES = SourceRules()

Extract = Callable[[str, str | None, Sequence[str], datetime | None], Extracted]


@dataclass(frozen=True, slots=True)
class Published:
    """When the article was published; `offset` in minutes east of UTC, `day` as its readers saw it."""

    moment: Sourced[datetime]
    precision: Literal["second", "day"] = "day"
    offset: int | None = None
    day: date | None = None

    @property
    def on(self) -> date:
        """The day as its readers saw it, else that of UTC."""
        return self.day or local_day(self.moment.value, self.offset)


def clean(
    source: SourceDocument,
    rules: SourceRules = NO_RULES,
    *,
    extract: Extract = extract,
    titles: Sequence[Titles] = (),
    site_lines: SiteLines | None = None,
    latest: datetime | None = None,
) -> Document:
    """The cleaned article; raises only `DocumentError` (`empty`, `no_article`, `hostile_html`).

    `rules` is what a person ordered for the document's outlet. `extract` reads pages: `html.extract`, here
    or in a process that may be lost, which adds what `tasks.expendable` raises. `titles` are those of
    other articles, which may stand behind this one; `site_lines` are those that its site repeats. A page's
    date after `latest` (naive UTC) is nonsense and counts as absent.
    """
    extracted = _extracted(source, rules, extract, latest)
    text, page = extracted.text, extracted.metadata
    given = source.given
    known = given.title or (page.title.value if page.title else None)
    linked = [PageTitles(extracted.links)] if extracted.links else []
    around = Surroundings(extracted.apart, site_lines, of_page=source.form == "html")
    reading = read_text(text, known, [*titles, *linked], around, page.authors.persons)
    published = _published(text, reading, page, source, latest)
    authors = _authors(reading, page, source)
    return Document(
        source=source,
        text=text,
        segments=with_dropped_lines(text, reading.segments, rules.drop_lines),
        title=_title(reading, page, source),
        authors=authors.persons,
        agencies=authors.agencies,
        authors_source=authors.source,
        outlet=ordered_outlet(given, rules) or outlet_of(given, page, reading),
        publisher=ordered_publisher(rules) or page.publisher,
        url=given.url or (page.url.value if page.url else None),
        canonical=page.url,
        section=page.section,
        published_at=published.moment if published else None,
        published_precision=published.precision if published else None,
        published_offset=published.offset if published else None,
        published_day=published.day if published else None,
        modified_at=page.modified,
        modified_offset=page.modified_offset,
        dateline=_dateline(text, reading, published.on if published else None),
        language=language_of(text, given.language, page.language or source.hints.language),
    )


def _extracted(
    source: SourceDocument, rules: SourceRules, extract: Extract, latest: datetime | None
) -> Extracted:
    """The text as it will be stored, and what the page says of it (nothing, for plain text)."""
    if source.form == "html":
        extracted = extract(source.content, source.given.url, rules.prune_xpath, latest)
        page = extracted.metadata
        return replace(
            extracted, metadata=replace(page, title=without_suffix(page.title, rules.title_suffix))
        )
    text = normalize(source.content)
    if is_blank(text):
        raise DocumentError("It is empty: nothing but blanks.", reason="empty")
    return Extracted(text, Metadata())


def _title(reading: Reading, page: Metadata, source: SourceDocument) -> Sourced[str] | None:
    if source.given.title:
        return Sourced(source.given.title, "given")
    if page.title:
        return page.title
    return hinted_title(source.hints) or (Sourced(reading.title, "text") if reading.title else None)


def _authors(reading: Reading, page: Metadata, source: SourceDocument) -> Authors:
    """Of the page, else of the text's own bylines, else of the feed; persons go before a credited agency."""
    if page.authors.persons:
        return page.authors
    people = tuple(dict.fromkeys(name for byline in reading.bylines for name in byline.authors))
    if people:
        return Authors(people, page.authors.agencies, "byline")
    hinted = hinted_authors(source.hints, page.site_name)
    return replace(hinted, agencies=page.authors.agencies) if hinted.persons else page.authors


def _published(
    text: str, reading: Reading, page: Metadata, source: SourceDocument, latest: datetime | None
) -> Published | None:
    """Given, else of the page, the feed, the dateline, the byline, the text itself."""
    given = source.given
    if given.published_at is not None:
        precision = given.published_precision or "second"
        return Published(Sourced(given.published_at, "given"), precision, given.published_offset)
    if page.published is not None:
        return Published(page.published, page.precision or "day", page.published_offset, page.published_on)
    if hinted := hinted_time(source.hints, latest):
        return Published(*hinted)
    stamps = [byline.published for byline in reading.bylines]
    for written, origin in (
        (reading.dateline and reading.dateline.day, "dateline"),
        *((day, "byline") for day in stamps),
    ):
        if written and (day := with_year(text, written)):
            return Published(Sourced(at_midnight(day), origin))
    said = reported_on(text, reading.paragraphs)
    return Published(Sourced(at_midnight(said), "text")) if said else None


def _dateline(text: str, reading: Reading, published: date | None) -> Dateline | None:
    """The dateline with its day, read at the day of publication where it gives no year."""
    found = reading.dateline
    if found is None:
        return None
    return Dateline(found.span, found.place, found.agencies, _filed_on(text, found.day, published))


def _filed_on(text: str, written: WrittenDate | None, published: date | None) -> date | None:
    if written is None:
        return None
    return resolve(written, published) if published else with_year(text, written)
