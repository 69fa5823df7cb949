"""What travels between the parts that know the web: discovery, fetching and the archive.

`Candidate` (an address that may hold an article, and what a feed said of it) → `Exchange` (one request and
its answer, as on the wire). Values only: nothing here does any work or imports an edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Headers = tuple[tuple[str, str], ...]  # in the order of the wire; names as they were written


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may hold an article.

    `found_in` is the kind of place that named it, `place` that place's own address. `as_written` is the link
    there, to the letter. What a feed or sitemap says of the article is a hint, used where the page itself
    says nothing; moments are naive UTC.
    """

    url: str
    found_in: Literal["feed", "sitemap", "news sitemap", "list", "given"]
    place: str | None = None
    source: str | None = None  # the name of the entry in sources.toml
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_offset: int | None = None  # of the zone it was written in, minutes east of UTC
    modified_at: datetime | None = None
    language: str | None = None
    as_written: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `wire_body` is what came after the transfer coding was taken off and before any content coding was;
    `body` is decoded. `truncated` says why a body was cut: it was too long, too late, or the line broke.
    """

    url: str
    request_headers: Headers
    status: int
    reason: str
    response_headers: Headers
    wire_body: bytes
    body: bytes
    fetched_at: datetime  # naive UTC, when the request was sent
    method: str = "GET"
    http_version: str = "HTTP/1.1"
    ip_address: str | None = None  # the address that was dialled
    truncated: Literal["length", "time", "disconnect"] | None = None
