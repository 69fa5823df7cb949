"""Sitemaps, news sitemaps and sitemap indexes (sitemaps.org 0.9, Google's news extension), read as a stream.

Called by `read_entries`. Elements are told by their local names: many sites get the namespaces wrong. An
index's sitemaps are named, not followed; that is the caller's.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from tasks.discover.listing import MOST_ENTRIES, Entry, Kind, Reading, Trouble

ENTRIES = frozenset({"url", "sitemap"})
LONGEST_FIELD = 10_000  # characters


def read_sitemap(body: bytes) -> Reading:
    """The pages, or the sitemaps of an index, in their order; where the XML breaks off, those before."""
    from lxml import etree

    walk = etree.iterparse(
        io.BytesIO(body.lstrip()),  # a blank before the XML declaration is common, and no XML
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    reader = _Reader()
    try:
        for event, element in walk:
            reader.see(event, element)
            if len(reader.entries) + len(reader.onward) >= MOST_ENTRIES:
                return reader.reading(_too_many())
    except etree.XMLSyntaxError as error:
        return reader.reading(_ill_formed(error))
    # A namespace that is no address is a mistake of many sites, and changes nothing.
    errors = [error for error in walk.error_log if error.domain_name != "NAMESPACE"]
    return reader.reading(*map(_ill_formed, errors[:1]))


def _too_many() -> Trouble:
    return Trouble("too_many_entries", f"Only the first {MOST_ENTRIES:,} entries were read.")


def _ill_formed(error: Any) -> Trouble:
    told = " ".join(str(getattr(error, "message", None) or error).split())[:200]
    return Trouble("ill_formed", f"It is not well-formed: {told} (line {getattr(error, 'line', 0)}).")


class _Reader:
    """Collects entries as their elements end, and lets go of what was read."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.onward: list[Entry] = []
        self.is_news = False
        self._within = 0  # entries that are open: one, unless a site forgets to close them

    def see(self, event: str, element: Any) -> None:
        """One start or end of an element."""
        name = _name(element)
        if name not in ENTRIES:
            return
        if event == "start":
            self._within += 1
            return
        self._within -= 1
        entry = _entry(element)
        (self.entries if name == "url" else self.onward).append(entry)
        self.is_news = self.is_news or bool(entry.title)
        if not self._within:
            _let_go(element)

    def reading(self, *troubles: Trouble) -> Reading:
        """What was collected."""
        if self.onward and not self.entries:
            return Reading("sitemap index", onward=tuple(self.onward), troubles=troubles)
        kind: Kind = "news sitemap" if self.is_news else "sitemap"
        return Reading(kind, tuple(self.entries), tuple(self.onward), troubles)


def _name(element: Any) -> str:
    """The local name, in lower case; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _let_go(element: Any) -> None:
    """Free the element and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _entry(element: Any) -> Entry:
    """Only direct children count (an image has a `loc`, too), and the fields of one `news` child."""
    own = dict(_fields(element))
    news = next((child for child in element if _name(child) == "news"), None)
    told = {} if news is None else dict(_fields(news))
    publication = None if news is None else next((c for c in news if _name(c) == "publication"), None)
    modified = own.get("lastmod")
    published = told.get("publication_date")
    return Entry(
        # Some indexes write the address into the entry itself.
        link=own.get("loc") or _text(element),
        title=told.get("title"),
        published=(published,) if published else (),
        modified=(modified,) if modified else (),
        language=dict(_fields(publication)).get("language") if publication is not None else None,
    )


def _fields(element: Any) -> Iterator[tuple[str, str]]:
    for child in reversed(element):  # of one that is there twice, the first counts
        if value := _text(child):
            yield _name(child), value


def _text(element: Any) -> str | None:
    """The text of an element, CDATA included, up to its first child."""
    value = " ".join((element.text or "").split())
    return value[:LONGEST_FIELD] or None
