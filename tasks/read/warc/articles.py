"""Which records of a WARC file may be articles; the others are counted by what they are.

Called by `tasks.read.discover`. A stream: of a file of any size only the references are kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from tasks.model import DocumentRef, RecordPlace
from tasks.read.warc.body import PAGE_START
from tasks.read.warc.headers import HttpHead, answer_head, written_at
from tasks.read.warc.page import named_original
from tasks.read.warc.records import Record, Trouble
from tasks.read.warc.walk import Broken, Found, walk

PAGES = frozenset({"text/html", "application/xhtml+xml"})
UNTYPED = frozenset({"", "application/octet-stream", "unknown/unknown"})  # the content itself is asked
FEED = re.compile(
    rb"\s{0,100}(?:<\?xml[^>]{0,200}>\s{0,100})?(?:<!--.{0,500}?-->\s{0,100})?"
    rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b"
)
CAPTURES = frozenset({"response", "revisit", "resource"})  # the other kinds are notes of the crawler
# Records of which a revisit later in the input may say that it is the same: some 300 bytes of memory each.
MOST_ORIGINALS = 1_000_000

# What a record is that is no article, by the first part of its media type.
KINDS = {
    "image": "images",
    "video": "videos and sounds",
    "audio": "videos and sounds",
    "font": "scripts, styles and fonts",
}
SCRIPTS = re.compile(r"css|javascript|ecmascript|font|json|wasm")
FEEDS = re.compile(r"rss|atom|xml|rdf|feed")

SENTENCES: Mapping[Trouble, str] = {
    "not_a_warc": "It is no WARC file: give one that an archiving crawler wrote.",
    "no_record": "What stands here is no record; reading went on at the next one.",
    "no_length": "The record does not tell its length; reading went on at the next one.",
    "wrong_length": "The record is longer or shorter than it says; reading went on at the next one.",
    "cut": "The record breaks off; reading went on at the next one, where there is one.",
    "broken_gzip": "The compressed data is damaged; reading went on at the next record.",
    "too_broken": "So much is broken here that the rest of the file was left out.",
}


@dataclass(slots=True)
class Originals:
    """The pages met so far, by digest and by address and time: for revisits, which say "the same as that"."""

    by_digest: dict[str, RecordPlace] = field(default_factory=dict)
    by_capture: dict[tuple[str, str], RecordPlace] = field(default_factory=dict)

    def remember(self, record: Record, place: RecordPlace) -> None:
        """A record that keeps its page."""
        if len(self.by_digest) >= MOST_ORIGINALS:
            return
        fields = record.fields
        if digest := fields.get("warc-payload-digest"):
            self.by_digest.setdefault(digest, place)
        self.by_capture.setdefault(_capture(fields.get("warc-target-uri"), fields.get("warc-date")), place)

    def of(self, fields: Mapping[str, str]) -> RecordPlace | None:
        """The record that a revisit refers to, where it was met."""
        captured = _capture(
            fields.get("warc-refers-to-target-uri") or fields.get("warc-target-uri"),
            fields.get("warc-refers-to-date"),
        )
        return self.by_capture.get(captured) or self.by_digest.get(fields.get("warc-payload-digest", ""))


def _capture(url: str | None, date: str | None) -> tuple[str, str]:
    moment = written_at(date)
    return url or "", moment.isoformat(timespec="seconds") if moment else ""


@dataclass(slots=True)
class Contents:
    """What a WARC file holds: pages that may be articles, what else there is, and what is broken where."""

    refs: list[DocumentRef] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    last_id: str = ""  # of the record that the last reference is to


def contents_of(path: Path, originals: Originals) -> Contents:
    """The table of contents of a WARC file. Raises OSError as reading does."""
    contents = Contents()
    for one in walk(path):
        if isinstance(one, Broken):
            contents.troubles.append((DocumentRef(path, "record", *_at(one.place)).location, one.trouble))
        elif one.record.kind in CAPTURES:
            _capture_of(one, originals, contents)
        elif one.record.kind == "metadata":
            _extend(one, contents)
    return contents


def _at(place: RecordPlace) -> tuple[int, int | None, None, int]:
    return place.offset, place.length, None, place.skip


def _capture_of(found: Found, originals: Originals, contents: Contents) -> None:
    """One answer of a server: an article perhaps, or counted."""
    record, place = found.record, found.place
    kind = _kind(record)
    if kind is None and record.kind == "revisit":
        original = named_original(place.path, dict(record.fields)) or originals.of(record.fields)
        kind = None if original else "pages kept in another archive"
    else:
        original = None
        if kind is None:
            originals.remember(record, place)
    if kind is not None:
        contents.skipped[kind] += 1
        return
    url = record.fields.get("warc-target-uri", "").strip("<> ")
    moment = written_at(record.fields.get("warc-date"))
    contents.refs.append(
        DocumentRef(
            *(place.path, "record", place.offset, place.length),
            skip=place.skip,
            url=url,
            original=original,
            seen_on=moment.date() if moment else None,
        )
    )
    contents.last_id = record.fields.get("warc-record-id", "")


def _extend(found: Found, contents: Contents) -> None:
    """A note on the page right before it belongs to that page's place: ours keep there what a feed said."""
    if not contents.refs or found.record.fields.get("warc-concurrent-to") != contents.last_id:
        return
    last, place = contents.refs[-1], found.place
    if last.length and place.length and last.offset + last.length == place.offset:
        contents.refs[-1] = replace(last, length=last.length + place.length)


def _kind(record: Record) -> str | None:
    """What a record is that is no article, in words; None where it may be one."""
    url = urlsplit(_split_safe(record.fields.get("warc-target-uri", "").strip("<> ")))
    if url.scheme.lower() not in {"http", "https"}:
        return "notes of the crawler"
    if url.path == "/robots.txt":
        return "robots.txt"
    head = answer_head(record.kind, record.fields, record.block)
    if head is None:
        return None if record.kind == "revisit" else "answers that are not HTTP"
    if 300 <= head.status < 400 and not (head.status == 304 and record.kind == "revisit"):
        return "redirects"
    if head.status not in {200, 203, 304}:
        return "errors and other answers without a page"
    return _media(head, record)


def _split_safe(url: str) -> str:
    """The address, if it can be taken apart at all."""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def _media(head: HttpHead, record: Record) -> str | None:
    """What the content is, by its media type, or by its first bytes where that is untold."""
    media, body = head.media_type, record.block[head.length :]
    if FEED.match(body):
        return "feeds and sitemaps"
    if media in PAGES or (media in UNTYPED and (record.kind == "revisit" or PAGE_START.match(body))):
        return None
    if (kind := KINDS.get(media.partition("/")[0])) is not None:
        return kind
    if SCRIPTS.search(media):
        return "scripts, styles and fonts"
    return "feeds and sitemaps" if FEEDS.search(media) else "other documents"


def told(skipped: Mapping[str, int]) -> Iterator[str]:
    """The counts in words, the most frequent first."""
    for kind, count in sorted(skipped.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"{kind} ({count:,})"
