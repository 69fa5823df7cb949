"""What a page offers as its metadata, collected once from one parse; nothing is chosen here.

Called by `read_metadata`; the modules that choose get a `Candidates` and never see the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from tasks.clean.metadata.json_ld import Node, article_nodes, json_ld_nodes
from tasks.clean.metadata.wording import one_line

MAX_MARKS = 400  # headings, times and bylines that are looked at; a page has up to some hundred
MAX_TEXT = 500  # characters of a mark; what is longer is no heading and no byline
MAX_PARTS = 40  # texts in a mark; what has more is a box with a mark in it
PROSE = 80  # characters from which a paragraph is prose: bylines and dates are shorter
# A word may change its face and run on.
RUNNING = frozenset({"i", "em", "b", "strong", "mark", "u", "sup", "sub", "q", "cite", "abbr", "font"})

# What stands in these belongs to another article or to the site.
ASIDE = frozenset({"aside", "nav", "footer", "noscript", "template"})
FOREIGN_CLASS = (
    "related", "comment", "sidebar", "side-bar", "recommend", "teaser", "footer", "most-read", "popular",
    "trending", "newsletter", "carousel", "promo", "nav-", "-nav", "menu", "read-more", "more-from", "widget",
    "modal", "popup", "latest",
)  # fmt: skip
AUTHOR_LABEL = re.compile("[Aa]uth(?:or|[_-]?[Nn]ame)|[Bb]yline|by-line|autor|writer|reporter|forfatter")
AUTHOR_LINK = re.compile("/(?:authors?|autor(?:en)?|auteur|contributors?)/")
DATE_LABEL = re.compile("publish|[Dd]ate|timestamp")
ALWAYS = frozenset({"h1", "p", "time"})
MAX_DEPTH = 60  # ancestors that are looked at; deeper pages are made by machines gone wrong


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading, a time or a byline in the body of the page, in its order.

    `after_heading` tells whether an h1 stood before it, `paragraphs` how many longer paragraphs since.
    """

    kind: str  # h1, time, author, date
    text: str
    value: str | None = None  # datetime, or content
    label: str = ""  # class, itemprop, rel
    paragraphs: int = 0
    after_heading: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that a page says of itself."""

    meta: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by folded name, in order
    nodes: Sequence[Node] = ()  # all objects of the JSON-LD
    articles: Sequence[Node] = ()  # those that describe the article, the best first
    marks: Sequence[Mark] = ()
    page_title: str | None = None
    language: str | None = None
    canonical: str | None = None
    url: str | None = None  # where it was fetched from, as the input says

    def first(self, *names: str) -> str | None:
        """The first meta tag that is there, as one line."""
        return next((found for name in names for found in self.all(name)), None)

    def all(self, name: str) -> list[str]:
        """Every meta tag of a name, as one line each."""
        return [line for value in self.meta.get(name, ()) if (line := one_line(value))]

    def of_article(self, name: str) -> object:
        """The field of the best object that has it; None where none has."""
        return next((node[name] for node in self.articles if node.get(name)), None)


def collect(tree: Any, url: str | None = None) -> Candidates:
    """The candidates of a parsed page (an lxml tree, which is left as it is)."""
    meta = _meta(tree)
    title = one_line(next((tag.text_content() for tag in tree.iter("title")), None))
    nodes = json_ld_nodes(script.text for script in _xpaths()["json-ld"](tree) if script.text)
    names = [one_line(name) for name in (*meta.get("og:title", ()), *meta.get("twitter:title", ()), title)]
    return Candidates(
        meta=meta,
        nodes=nodes,
        articles=article_nodes(nodes, [name for name in names if name]),
        marks=_marks(tree),
        page_title=title,
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        canonical=next(iter(_xpaths()["canonical"](tree)), None),
        url=url,
    )


@cache
def _xpaths() -> dict[str, Any]:
    """The paths that are looked for, compiled once."""
    from lxml.etree import XPath

    return {
        "json-ld": XPath('//script[contains(@type, "ld+json")]'),
        "canonical": XPath('//link[@rel="canonical"]/@href'),
        "texts": XPath(".//text()[not(parent::script or parent::style)]"),
    }


def _meta(tree: Any) -> dict[str, list[str]]:
    """The meta tags by folded name."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        content = (tag.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if content and (name := tag.get(attribute)):
                found.setdefault(name.strip().lower(), []).append(content)
    return found


# --- the body ------------------------------------------------------------------


def _marks(tree: Any) -> list[Mark]:
    """The headings, times and bylines in the page's order."""
    found: list[Mark] = []
    paragraphs, after_heading = 0, False
    elements = list(_marked(tree))
    around = {outer for element in elements if element.tag == "h1" for outer in element.iterancestors()}
    for element in elements:
        kind, label = _kind(element)
        if kind is None:
            paragraphs += element.tag == "p" and len(element.text_content()) > PROSE
        elif mark := _mark(element):
            if kind == "h1":
                paragraphs, after_heading = 0, True
            text, value = mark
            foreign = _is_foreign(element, set() if kind == "h1" else around)
            found.append(Mark(kind, text, value, label, paragraphs, after_heading, foreign))
            if len(found) >= MAX_MARKS:
                break
    return found


def _marked(tree: Any) -> Iterator[Any]:
    """The elements that may be marks, and the paragraphs; path expressions take more than twice the time."""
    body = tree.find("body")
    for element in (tree if body is None else body).iter():
        tag, get = element.tag, element.get
        if (
            tag in ALWAYS
            or ((label := get("class")) and _is_telling(label))
            or (tag == "a" and _is_author_link(get("href")))
            or get("itemprop")
            or get("rel") == "author"
        ):
            yield element


@lru_cache(maxsize=4096)
def _is_telling(label: str) -> bool:
    """Whether a class speaks of authors or dates; a page has few classes, but many elements."""
    return AUTHOR_LABEL.search(label) is not None or DATE_LABEL.search(label) is not None


def _is_author_link(address: str | None) -> bool:
    return address is not None and AUTHOR_LINK.search(address) is not None


def _kind(element: Any) -> tuple[str | None, str]:
    """What the element marks, by its tag and its attributes, and these in one line."""
    label = " ".join(filter(None, (element.get(name) for name in ("itemprop", "rel", "class"))))
    if element.tag == "h1":
        return "h1", label
    if element.tag == "time" or (element.get("itemprop") or "").startswith("date"):
        return "time", label
    if AUTHOR_LABEL.search(label):
        return "author", label
    if element.tag == "a" and _is_author_link(element.get("href")):
        return "author", "link"
    return ("date" if DATE_LABEL.search(label) else None), label


def _mark(element: Any) -> tuple[str, str | None] | None:
    """The text and the machine's value of an element; None where it is too big to be a mark."""
    parts = _xpaths()["texts"](element)
    if len(parts) > MAX_PARTS or sum(map(len, parts)) > MAX_TEXT:
        return None
    value = element.get("datetime") or element.get("content")
    text = one_line(_joined(parts)) or ""
    return (text, value) if text or value else None


def _joined(parts: Sequence[Any]) -> str:
    """The texts of an element's parts, with a blank between them unless one word runs on in italics."""
    text = ""
    for part in parts:
        parent = part.getparent()
        runs_on = parent is None or parent.tag in RUNNING or not isinstance(parent.tag, str)
        text += part if runs_on or part[:1] in ",.;:!?)”’" else f" {part}"
    return text


def _is_foreign(element: Any, around: set[Any]) -> bool:
    """Whether it stands in a box of the site's or of another article's, and not with a heading (`around`)."""
    for depth, outer in enumerate(element.iterancestors()):
        if depth > MAX_DEPTH or outer in around:
            return False
        if outer.tag in ASIDE:
            return True
        label = f"{outer.get('class') or ''} {outer.get('id') or ''}".casefold()
        if any(name in label for name in FOREIGN_CLASS) and "headline" not in label:
            return True
    return False
