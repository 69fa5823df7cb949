"""What a page says of its article: title, authors, dates, language, site, address, section, publisher.

Called by `html` with the parsed page. Everything that the page offers is collected once (`candidates`); one
module for each choice holds its rule in its docstring, and every value says where it came from:

    candidates  meta tags, JSON-LD, headings, times and bylines of one parse
    json_ld     the objects of the JSON-LD, and which describes the article
    titles      the title
    authors     persons and agencies          names       what is a person's name
    dates       publication, last change
    site        address, site, publisher, section, language
    wording     text out of fields, and how alike two wordings are
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tasks.clean.metadata.authors import Authors, choose_authors
from tasks.clean.metadata.candidates import collect
from tasks.clean.metadata.dates import Dated, choose_modified, choose_published
from tasks.clean.metadata.site import (
    choose_language,
    choose_publisher,
    choose_section,
    choose_site,
    choose_url,
    site_names,
)
from tasks.clean.metadata.titles import choose_title
from tasks.model import Sourced

__all__ = ["Metadata", "read_metadata"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says, each value with its source.

    Moments are naive UTC; the offsets are minutes east of UTC, None where no zone was written.
    """

    title: Sourced[str] | None = None
    authors: Authors = field(default_factory=Authors)
    published: Sourced[datetime] | None = None
    published_on: date | None = None  # the day that the page's readers saw
    published_offset: int | None = None
    precision: Literal["second", "day"] | None = None
    modified: Sourced[datetime] | None = None
    modified_offset: int | None = None
    language: str | None = None
    site_name: str | None = None
    publisher: Sourced[str] | None = None
    url: Sourced[str] | None = None
    section: Sourced[str] | None = None


def read_metadata(tree: Any, url: str | None = None, latest: datetime | None = None) -> Metadata:
    """The metadata of a parsed page (an lxml tree, which is left as it is).

    `url` is where the page was found. A date after `latest` (naive UTC) is nonsense and counts as absent.
    """
    page = collect(tree, url)
    names = site_names(page)
    published = choose_published(page, _visible_day(tree, url), latest)
    modified = choose_modified(page, latest)
    return Metadata(
        title=choose_title(page, names),
        authors=choose_authors(page, names),
        published=_sourced(published),
        published_on=published.day if published else None,
        published_offset=published.stamp.utc_offset if published else None,
        precision=published.stamp.precision if published else None,
        modified=_sourced(modified),
        modified_offset=modified.stamp.utc_offset if modified else None,
        language=choose_language(page),
        site_name=choose_site(page),
        publisher=choose_publisher(page),
        url=choose_url(page),
        section=choose_section(page),
    )


def _sourced(dated: Dated | None) -> Sourced[datetime] | None:
    return Sourced(dated.stamp.moment, dated.source) if dated else None


def _visible_day(tree: Any, url: str | None) -> Callable[[], object]:
    """What asks htmldate for the day of publication in the visible text."""

    def find() -> object:
        from htmldate import find_date

        try:
            return find_date(tree, url=url, extensive_search=False, original_date=True)
        except Exception:  # noqa: BLE001 - whatever a page makes it raise costs the date, not the article
            return None

    return find
