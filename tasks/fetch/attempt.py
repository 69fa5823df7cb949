"""What is known of one attempt to fetch an address: a row of the table `fetches`. Values only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from tasks.model import DocumentRef
from tasks.web import Candidate, Exchange
from warehouse.ids import stable_id

Outcome = Literal["fetched", "not modified", "redirected", "refused", "failed"]
Kind = Literal["page", "feed", "robots", "given"]  # given: a person named it; the answer tells which it is


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the version that we have: sent along, it need not send it again (RFC 9110, 13).

    `digest` is the sha256 of that version's body: some servers say that all is new, others that nothing is.
    """

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    fetched_at: datetime | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request, or the reason why there was none. Moments are naive UTC; `bytes` counts the decoded body.

    `outcome` is `fetched` (a body that is new to us), `not modified`, `redirected`, `refused` (by the guard,
    robots.txt or a back-off: nothing was sent) or `failed`. `place` is where the archive keeps the exchange,
    as the archive writes places.
    """

    url: str  # that was asked for at first
    final_url: str  # of this very request: a redirect led to it, where it differs
    kind: Kind
    outcome: Outcome
    started_at: datetime
    ended_at: datetime
    reason: str | None = None
    message: str | None = None
    location: str | None = None  # where a redirect leads
    status: int | None = None
    media_type: str | None = None
    bytes: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    place: str | None = None
    source: str | None = None

    @property
    def fetch_id(self) -> UUID:
        """The identity of the attempt: a journal's line is the same row, however often it is read."""
        return stable_id(
            "fetch", self.url, self.final_url, self.kind, self.started_at.isoformat(), self.outcome
        )


class Kept(Protocol):
    """Where the archive keeps an exchange."""

    @property
    def written(self) -> str:
        """The place in one line."""

    @property
    def ref(self) -> DocumentRef:
        """The document that it may hold."""


Keep = Callable[[Exchange, Candidate | None], Kept | None]
Note = Callable[[Attempt, DocumentRef | None], None]


def header(exchange: Exchange, name: str) -> str | None:
    """The first header of the answer with this name (in lower case), whatever its case on the wire."""
    return next((value for key, value in exchange.response_headers if key.lower() == name), None)


def media_type(exchange: Exchange) -> str | None:
    """The media type that the answer claims, in lower case, without parameters."""
    value = (header(exchange, "content-type") or "").partition(";")[0].strip().lower()
    return value[:200] or None


def body_digest(body: bytes) -> str:
    """The sha256 of a body, in hex."""
    return hashlib.sha256(body).hexdigest()
