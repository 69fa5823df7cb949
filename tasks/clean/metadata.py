"""What a page says of its article: title, authors, dates, language, outlet, address, section.

Called by `html`. The first honest choice among the candidates: JSON-LD, meta tags, the headings, then
what trafilatura found.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tasks.clean.byline import capitalised, is_person
from tasks.model import Sourced
from tasks.timestamps import Timestamp, parse_timestamp

ARTICLE_TYPES = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "Article",
    "BlogPosting", "LiveBlogPosting", "Report", "WebPage",
)  # fmt: skip
PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "parsely-pub-date", "dc.date.issued", "dcterms.created", "dc.date", "sailthru.date", "pubdate",
    "publishdate", "publish_date", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
SUFFIX = re.compile(r"\s+(?:\||-|–|—|::|•|»|·)\s+")
MAX_SUFFIX_WORDS = 5  # a longer piece behind a separator is part of the title
MIN_TITLE_WORDS = 3
SAME_HEADING = 0.5  # share of words in common with og:title from which a heading is the title
MAX_NODES = 5000  # JSON-LD objects that are looked at


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says, each value with its source where that is stored."""

    title: Sourced[str] | None = None
    authors: tuple[str, ...] = ()
    authors_source: str | None = None
    published: Sourced[datetime] | None = None
    precision: Literal["second", "day"] | None = None
    modified: datetime | None = None
    language: str | None = None
    site_name: str | None = None
    url: str | None = None
    section: str | None = None


def read_metadata(page: str, found: object) -> Metadata:
    """The metadata of a page; `found` is trafilatura's document, or None."""
    tree = _tree(page)
    if tree is None:
        return Metadata()
    meta, article = _meta(tree), _article(tree)
    published = _published(meta, article, found)
    authors, authors_source = _authors(meta, article, found)
    modified = _stamp(article.get("dateModified")) or _first_stamp(meta, MODIFIED_META)
    return Metadata(
        title=_title(tree, meta, article, found),
        authors=authors,
        authors_source=authors_source,
        published=Sourced(published[0].moment, published[1]) if published else None,
        precision=published[0].precision if published else None,
        modified=modified.moment if modified else None,
        language=_language(tree, meta, article),
        site_name=_one_line(meta.get("og:site_name")) or _publisher(article),
        url=_canonical(tree, meta),
        section=_section(meta, article),
    )


def _tree(page: str) -> Any:
    """The parsed page, or None."""
    from lxml import etree
    from lxml import html as parser

    try:
        return parser.document_fromstring(page.encode(), parser=parser.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _meta(tree: Any) -> dict[str, str]:
    """The meta tags by lower-cased name; the first of each counts."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        content = (tag.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if content and (name := tag.get(attribute)):
                found.setdefault(name.strip().lower(), content)
    return found


def _article(tree: Any) -> Mapping[str, Any]:
    """The JSON-LD object that describes the article, an empty one where there is none."""
    best: Mapping[str, Any] = {}
    rank = len(ARTICLE_TYPES)
    for script in tree.xpath('//script[contains(@type, "ld+json")]'):
        for node in _objects(_json(script.text or "")):
            kinds = node.get("@type")
            for kind in kinds if isinstance(kinds, list) else [kinds]:
                if kind in ARTICLE_TYPES and ARTICLE_TYPES.index(kind) < rank and _is_described(node):
                    best, rank = node, ARTICLE_TYPES.index(kind)
    return best


def _is_described(node: Mapping[str, Any]) -> bool:
    return bool(node.get("headline") or node.get("datePublished"))


def _json(text: str) -> object:
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a JSON value, outer ones first, without recursion."""
    waiting: list[object] = [value]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        here = waiting.pop(0)
        if isinstance(here, dict):
            yield here
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)


def _one_line(value: object) -> str | None:
    """Text without tags, entities and line breaks; None where nothing is left."""
    if not isinstance(value, str):
        return None
    bare = re.sub(r"<[^<>]{0,500}>", " ", html.unescape(value))
    return " ".join(bare.split()) or None


def _title(
    tree: Any, meta: Mapping[str, str], article: Mapping[str, Any], found: object
) -> Sourced[str] | None:
    """The heading that says what og:title says, else og:title, the page's title or JSON-LD's headline."""
    social = _one_line(meta.get("og:title")) or _one_line(meta.get("twitter:title"))
    page = _one_line(next((tag.text_content() for tag in tree.iter("title")), None))
    headline = _one_line(article.get("headline"))
    named = social or page
    headings = [text for tag in tree.iter("h1") if (text := _one_line(tag.text_content()))]
    if named and headings:
        wanted = without_suffix(named)
        best = max(headings, key=lambda heading: _likeness(heading, wanted))
        if _likeness(best, wanted) >= SAME_HEADING:
            return Sourced(best, "h1")
    for value, source in ((headline, "json-ld"), (social, "meta"), (page, "title")):
        if value:
            return Sourced(value if source == "json-ld" else without_suffix(value), source)
    guessed = _one_line(getattr(found, "title", None))
    return Sourced(guessed, "trafilatura") if guessed else None


def without_suffix(title: str) -> str:
    """A page's title less the site's name behind it."""
    separators = list(SUFFIX.finditer(title))
    if not separators:
        return title
    head, suffix = title[: separators[-1].start()], title[separators[-1].end() :]
    is_suffix = len(suffix.split()) <= MAX_SUFFIX_WORDS and len(head.split()) >= MIN_TITLE_WORDS
    return head if is_suffix else title


def _likeness(one: str, other: str) -> float:
    """The share of their words that both have, 0 to 1."""
    first, second = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(first & second) / max(1, len(first | second))


def _published(
    meta: Mapping[str, str], article: Mapping[str, Any], found: object
) -> tuple[Timestamp, str] | None:
    """The moment of publication and its source; trafilatura's comes from address, time tags and the like."""
    for stamp, source in (
        (_stamp(article.get("datePublished")), "json-ld"),
        (_first_stamp(meta, PUBLISHED_META), "meta"),
        (_stamp(getattr(found, "date", None)), "htmldate"),
    ):
        if stamp:
            return stamp, source
    return None


def _stamp(value: object) -> Timestamp | None:
    return parse_timestamp(value[0] if isinstance(value, list) and value else value)


def _first_stamp(meta: Mapping[str, str], names: Sequence[str]) -> Timestamp | None:
    return next((stamp for name in names if (stamp := _stamp(meta.get(name)))), None)


def _authors(
    meta: Mapping[str, str], article: Mapping[str, Any], found: object
) -> tuple[tuple[str, ...], str | None]:
    """The persons who wrote it and where they are named."""
    named = getattr(found, "author", None)
    for values, source in (
        (_person_names(article.get("author")), "json-ld"),
        (re.split(r"\s*(?:,|;|\band\b)\s*", meta.get("author") or ""), "meta"),
        (named.split("; ") if isinstance(named, str) else [], "trafilatura"),
    ):
        if people := tuple(dict.fromkeys(name for value in values if (name := _person(value)))):
            return people, source
    return (), None


def _person_names(author: object) -> list[str]:
    """The names in JSON-LD's author, those of organisations left out."""
    names: list[str] = []
    for one in author if isinstance(author, list) else [author]:
        value = one
        if isinstance(one, dict):
            value = None if "Organization" in str(one.get("@type")) else one.get("name")
        names += [name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str)]
    return [part for name in names for part in re.split(r"\s*(?:,|;|\band\b|&)\s*", name)]


def _person(value: str) -> str | None:
    """The name of a person, its "By" left out; None for anything else."""
    name = re.sub(r"(?i)^by:?\s+", "", _one_line(value) or "")
    return capitalised(name) if is_person(name) else None


def _language(tree: Any, meta: Mapping[str, str], article: Mapping[str, Any]) -> str | None:
    language = article.get("inLanguage")
    return tree.get("lang") or (language if isinstance(language, str) else None) or meta.get("og:locale")


def _publisher(article: Mapping[str, Any]) -> str | None:
    publisher = article.get("publisher")
    return _one_line(publisher.get("name")) if isinstance(publisher, dict) else None


def _canonical(tree: Any, meta: Mapping[str, str]) -> str | None:
    """The address that the page gives itself; only a full one is of use."""
    links = tree.xpath('//link[@rel="canonical"]/@href')
    for address in (*links[:1], meta.get("og:url") or ""):
        if re.match(r"https?://[^\s/]+", address.strip()):
            return str(address).strip()
    return None


def _section(meta: Mapping[str, str], article: Mapping[str, Any]) -> str | None:
    section = article.get("articleSection")
    return _one_line(meta.get("article:section")) or _one_line(
        section[0] if isinstance(section, list) and section else section
    )
