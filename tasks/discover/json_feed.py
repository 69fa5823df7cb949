"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/).

Called by `read_entries`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.discover.listing import MOST_ENTRIES, Entry, Reading, Trouble
from tasks.errors import DocumentError


def read_json_feed(body: bytes) -> Reading:
    """The entries of a feed. Raises DocumentError (`bad_json`)."""
    feed = _object(body)
    items = feed.get("items")
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    everybody = tuple(_authors(feed))
    troubles = []
    if len(listed) > MOST_ENTRIES:
        troubles.append(Trouble("too_many_entries", f"Only the first {MOST_ENTRIES:,} entries were read."))
    return Reading(
        kind="json feed",
        entries=tuple(_entry(item, everybody, feed) for item in listed[:MOST_ENTRIES]),
        troubles=tuple(troubles),
        title=_string(feed, "title"),
        language=_string(feed, "language"),
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        feed = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else "it is no text, or nests too far"
        raise DocumentError(f"It is no JSON: {told}.", reason="bad_json") from error
    if not isinstance(feed, dict):
        raise DocumentError("It is JSON, but no object with fields.", reason="bad_json")
    return feed


def _entry(item: Mapping[str, Any], everybody: tuple[str, ...], feed: Mapping[str, Any]) -> Entry:
    """`url` is the article here; `external_url` one elsewhere that it is about; an id may be either."""
    published, modified = _string(item, "date_published"), _string(item, "date_modified")
    named = _string(item, "id") or ""
    return Entry(
        link=_string(item, "url")
        or _string(item, "external_url")
        or (named if named.startswith(("http://", "https://")) else None),
        title=" ".join((_string(item, "title") or "").split()) or None,
        authors=tuple(_authors(item)) or everybody,
        published=tuple(date for date in (published, modified) if date),
        modified=(modified,) if modified else (),
        language=_string(item, "language") or _string(feed, "language"),
    )


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _authors(fields: Mapping[str, Any]) -> Iterator[str]:
    """Names by either version: `authors` is a list, `author` was one."""
    listed = fields.get("authors")
    for author in listed if isinstance(listed, list) and listed else [fields.get("author")]:
        if isinstance(author, dict) and (name := _string(author, "name")):
            yield " ".join(name.split())
