"""RSS, Atom, RDF and CDF feeds, well- and ill-formed, through feedparser.

Called by `read_entries`. feedparser is given bytes only (a string it would take for an address and fetch),
and neither sanitises nor resolves what stands inside texts: of those, only the titles are read, as text.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

from tasks.discover.listing import MOST_ENTRIES, Entry, Kind, Reading, Trouble
from tasks.errors import DocumentError

# In a title: comments, and the elements whose text is no text; then what is left of markup.
NO_TEXT = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)")
TAG = re.compile(r"<[^<>]{0,2000}>")
OTHER_SCHEME = re.compile(r"(?i)(?!https?:)[a-z][a-z0-9+.-]*:")
BLOCK = re.compile(r"(?i)<(?:br|p|div|li)\b[^<>]{0,2000}>")
DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,500}>")
ITEM = re.compile(rb"(?i)<(?:[\w.-]+:)?(?:item|entry)[\s>]")
MOST_ITEMS = 10_000  # of a feed; feedparser takes 1 ms for each, and its deadline is 20 s
KINDS: dict[str, Kind] = {"rss": "rss", "atom": "atom", "cdf": "feed"}
# feedparser reports these as ill-formed; they say nothing about what was read.
HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")


def read_feed(body: bytes, content_type: str | None = None) -> Reading:
    """The entries of a feed, in its order. Raises DocumentError (`ill_formed`) where nothing can be read."""
    cut = _first_items(body)
    try:
        parsed = _parsed(cut, content_type)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - feedparser stumbles over nonsense in the declared encoding, in many ways
        parsed = _without_declaration(cut)
    if not parsed.entries and parsed.bozo and ITEM.search(cut):
        parsed = _without_declaration(cut)  # it is not in that encoding: much calls itself UTF-16 and is not
    version = str(parsed.get("version") or "")
    return Reading(
        kind=KINDS.get(version.rstrip("0123456789"), "feed"),
        entries=tuple(_entry(entry) for entry in parsed.entries[:MOST_ENTRIES]),
        troubles=tuple(_troubles(parsed, is_cut=cut is not body)),
        title=_title(parsed.feed),
        language=_string(parsed.feed, "language"),
    )


def _parsed(body: bytes, content_type: str | None) -> Any:
    import feedparser

    headers = {"content-type": content_type} if content_type else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )


def _without_declaration(body: bytes) -> Any:
    """A feed that cannot be read by the encoding that it declares, as if it declared none."""
    try:
        return _parsed(DECLARATION.sub(b"", body, count=1), None)
    except MemoryError:
        raise
    except Exception as error:
        told = f"It broke the parser of feeds ({type(error).__name__})."
        raise DocumentError(told, reason="ill_formed") from error


def _first_items(body: bytes) -> bytes:
    """The feed up to its ten thousandth entry; most have some dozen."""
    for number, item in enumerate(ITEM.finditer(body)):
        if number == MOST_ITEMS:
            return body[: item.start()]
    return body


def _troubles(parsed: dict[str, Any], *, is_cut: bool) -> Iterator[Trouble]:
    if is_cut:
        yield Trouble("too_many_entries", f"Only the first {MOST_ITEMS:,} entries were read.")
    error = parsed.get("bozo_exception")
    if error is not None and type(error).__name__ not in HARMLESS and not is_cut:
        told = " ".join(str(error).split())[:200]
        yield Trouble("ill_formed", f"It is not well-formed: {told or type(error).__name__}.")


def _entry(entry: dict[str, Any]) -> Entry:
    published, modified = tuple(_dates(entry, "published", "created")), tuple(_dates(entry, "updated"))
    return Entry(
        link=_link(entry),
        title=_title(entry),
        authors=tuple(_authors(entry)),
        published=published or modified,  # RSS 1.0 knows but one date, Atom asks for no other
        modified=modified,
        language=_string(entry, "language") or _language(entry),
    )


def _string(fields: dict[str, Any], name: str) -> str | None:
    """A field that is there itself; feedparser would give related ones for it."""
    value = dict.get(fields, name)
    return value.strip() or None if isinstance(value, str) else None


def _link(entry: dict[str, Any]) -> str | None:
    """The article's address: the first that the web knows, else the first."""
    links = list(_links(entry))
    return next((link for link in links if not OTHER_SCHEME.match(link)), links[0] if links else None)


def _links(entry: dict[str, Any]) -> Iterator[str]:
    """What may be the article's address, the likeliest first."""
    # FeedBurner's links count clicks; where it kept the outlet's own, that is the article's.
    if original := _string(entry, "feedburner_origlink"):
        yield original
    told = [(_string(link, "href"), link.get("rel", "alternate")) for link in entry.get("links") or ()]
    named = _string(entry, "link")
    if named and all(rel == "alternate" for href, rel in told if href == named):
        yield named
    yield from (href for href, rel in told if href and rel == "alternate")
    if named:
        yield named
    # Some feeds have no other address than the id, and say that it is no permanent link.
    if (name := _string(entry, "id")) and name.startswith(("http://", "https://")):
        yield name


def _title(fields: dict[str, Any]) -> str | None:
    """The title as text: markup is taken off where it is said, or seen, to be there."""
    written = _string(fields, "title")
    if written is None:
        return None
    detail = dict.get(fields, "title_detail") or {}
    if detail.get("type") in {"text/html", "application/xhtml+xml"}:
        written = html.unescape(TAG.sub("", BLOCK.sub(" ", NO_TEXT.sub("", written))))
    return " ".join(written.split()) or None


def _authors(entry: dict[str, Any]) -> Iterator[str]:
    """The names of the authors; an address of mail alone is none."""
    named = [author.get("name") for author in entry.get("authors") or ()]
    for name in named or [_string(entry, "author")]:
        if isinstance(name, str) and name.strip() and "@" not in name:
            yield " ".join(name.split())


def _dates(entry: dict[str, Any], *names: str) -> Iterator[str]:
    """Each date as it is written, and as feedparser understood it (it knows forms of many languages)."""
    for name in names:
        written, parsed = _string(entry, name), dict.get(entry, f"{name}_parsed")
        if written:
            yield written
        if written and parsed:
            yield "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])


def _language(entry: dict[str, Any]) -> str | None:
    """The language that Atom gives a title."""
    detail = dict.get(entry, "title_detail") or {}
    return detail.get("language") or None
