"""One document from disk: read, decoded, and told apart from all others.

Called by the ingest flow with what `discover` found. Never blocks, never reads more than the limit.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tasks.errors import DocumentError
from tasks.model import NO_HINTS, DocumentRef, Form, Given, Hints, SourceDocument
from tasks.read.canonical import canonical_address
from tasks.read.decode import decode, is_blank
from tasks.read.discover import printable
from tasks.read.given import field_text, given_fields, scrub
from tasks.read.warc.page import read_page

# Bytes of a file or a row. The longest articles have some 500 KB of text; trafilatura's limit is the same.
MAX_BYTES = 20 * 1024 * 1024
MARKUP = re.compile(r"<[a-zA-Z!/?]")
OPENING_LENGTH = 200  # characters of the opening line that go into a file's natural key
OPENING_WINDOW = 1 << 16  # characters of a page in which its title is looked for
UNIT = "\x1f"  # between the parts of a natural key; in no text that people write
PAGE_TITLE = re.compile(r"(?i)<title\b[^>]{0,500}>([^<]{0,2000})")
# Query fields that say where a reader came from (Urchin, Google, Facebook, Microsoft, Mailchimp).
CAMPAIGN = re.compile(r"(?i)(?:utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid)$")
TAG = re.compile(r"<[^<>]{0,2000}>")


def read_document(ref: DocumentRef) -> SourceDocument:
    """The document behind a reference.

    Raises `DocumentError` with the reason `empty`, `binary`, `too_large`, `undecodable`, `unreadable`,
    `bad_json`, `no_text`, and for a record of a web archive those of `warc.page.read_page`.
    """
    if ref.form == "record":
        return _record(ref)
    data = _bytes(ref)
    if not data.strip():
        raise DocumentError("It is empty.", reason="empty")
    return _row(ref, data) if ref.form == "row" else _file(ref, data, ref.form)


def _bytes(ref: DocumentRef) -> bytes:
    """The bytes of a file or of one line of it."""
    try:
        # Without O_NONBLOCK, opening a pipe that took the file's place would wait for a writer.
        handle = os.open(ref.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError("It is not a regular file.", reason="unreadable")
            size = status.st_size if ref.length is None else ref.length
            refuse_large(size)
            stream.seek(ref.offset)
            return stream.read(size)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise DocumentError(f"It could not be read: {told}.", reason="unreadable") from error


def refuse_large(size: int) -> None:
    """Raises `DocumentError` (`too_large`) above the limit; the size is in bytes."""
    if size > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise DocumentError(
            f"It has {size / 1024 / 1024:.0f} MB; the limit is {limit} MB.", reason="too_large"
        )


def _file(ref: DocumentRef, data: bytes, form: Form) -> SourceDocument:
    decoded = decode(data, form)
    content = scrub(decoded.text)
    form = form if form == "text" or MARKUP.search(content) else "text"  # a page by its name alone
    name = printable(ref.path.name)
    key = f"file:{name}{UNIT}{opening(content, form)}"
    return SourceDocument(
        natural_key=key,
        input_id=name,
        location=printable(ref.location),
        form=form,
        content=_filled(content),
        given=Given(),
        digest=digest(content, Given(), key),
        encoding=decoded.encoding,
    )


def _filled(content: str) -> str:
    """The content; raises `DocumentError` (`empty`) where it is nothing but blanks."""
    if is_blank(content):
        raise DocumentError("It is empty: nothing but blanks.", reason="empty")
    return content


def opening(content: str, form: Form) -> str:
    """What tells a file from another of the same name: a page's title, or the first line, folded."""
    if form == "html" and (match := PAGE_TITLE.search(content[:OPENING_WINDOW])):
        return _folded(html.unescape(match[1]))
    if form == "html":
        return _folded(TAG.sub(" ", content[:OPENING_WINDOW])[: 4 * OPENING_LENGTH])
    first = re.search(r"\S[^\r\n]*", content)
    return _folded(first[0][: 4 * OPENING_LENGTH]) if first else ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())[:OPENING_LENGTH]


def _record(ref: DocumentRef) -> SourceDocument:
    """The page that a record of a web archive keeps."""
    page = read_page(ref)
    if not page.body.strip():
        raise DocumentError("It is empty.", reason="empty")
    decoded = decode(page.body, "html", page.charset)
    content = _filled(scrub(decoded.text))
    url = field_text({"url": page.url}, "url") or ref.shown
    given = Given(url=url)
    key = row_key(None, Given(url=canonical_address(content, url) or url), content)
    return SourceDocument(
        natural_key=key,
        input_id=url,
        location=printable(ref.location),
        form="html" if MARKUP.search(content) else "text",
        content=content,
        given=given,
        digest=digest(content, given, key, page.hints),
        encoding=decoded.encoding,
        observed_at=page.fetched_at,
        hints=page.hints,
    )


def digest(content: str, given: Given, key: str, hints: Hints = NO_HINTS) -> str:
    """The sha256 of all that was read, in hex."""
    parts = [key, [str(value) for value in astuple(given)], content]
    if hints != NO_HINTS:
        parts.append([str(value) for value in astuple(hints)])
    read = json.dumps(parts, ensure_ascii=True)
    return hashlib.sha256(read.encode()).hexdigest()


def _row(ref: DocumentRef, data: bytes) -> SourceDocument:
    decoded = decode(data)
    row = _object(decoded.text, ref.line)
    content, form = _content(row, ref.line)
    refuse_large(len(content))
    given, row_id = given_fields(row), field_text(row, "id")
    key = row_key(row_id, given, content)
    mark = digest(content, given, key)
    return SourceDocument(
        natural_key=key,
        input_id=row_id or f"{printable(Path(ref.path).name)}#{mark[:12]}",
        location=printable(ref.location),
        form=form,
        content=_filled(content),
        given=given,
        digest=mark,
        encoding=decoded.encoding,
    )


def _object(text: str, line: int | None) -> Mapping[str, Any]:
    """The row as a mapping; raises `DocumentError` (`bad_json`)."""
    try:
        row = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else "it nests or counts too far"
        raise DocumentError(f"Line {line} is not JSON: {told}.", reason="bad_json") from error
    if not isinstance(row, dict):
        raise DocumentError(f"Line {line} is JSON but no object with fields.", reason="bad_json")
    return row


def _content(row: Mapping[str, Any], line: int | None) -> tuple[str, Form]:
    """The page, else the text of a row; raises `DocumentError` (`no_text`, `empty`).

    A page without a word in it gives way to the text, where there is one.
    """
    fields: tuple[tuple[str, Form], ...] = (("html", "html"), ("text", "text"))
    held = [(scrub(row[name]), form) for name, form in fields if isinstance(row.get(name), str)]
    if not held:
        raise DocumentError(f'Line {line} has neither "html" nor "text".', reason="no_text")
    filled = [pair for pair in held if not is_blank(pair[0])]
    filled = [pair for pair in filled if pair[1] == "text" or has_words(pair[0])] or filled
    if not filled:
        raise DocumentError(f"The text of line {line} is empty.", reason="empty")
    return filled[0]


def has_words(page: str) -> bool:
    """Whether anything stands outside the tags of a page; the first words of one tell it."""
    at = 0
    for tag in TAG.finditer(page):
        if not is_blank(page[at : tag.start()]):
            return True
        at = tag.end()
    return not is_blank(page[at:])


def address_key(url: str) -> str:
    """What makes two addresses the same article: neither case of the host, fragment nor campaign matter."""
    parts = urlsplit(url)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not CAMPAIGN.match(pair[0])]
    query = parts.query if len(asked) == parts.query.count("&") + 1 else urlencode(asked)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


def row_key(row_id: str | None, given: Given, content: str) -> str:
    """The natural key of a row: its address, else its id within its outlet, else its text."""
    if given.url:
        return f"url:{address_key(given.url)}"
    if row_id:
        return f"id:{given.outlet or ''}{UNIT}{row_id}"
    return f"text:{hashlib.sha256(content.encode()).hexdigest()}"
