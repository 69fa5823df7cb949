"""Made exchanges, as fetching hands them to the archive."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from typing import Any

from tasks.web import Candidate, Exchange

BEGAN = datetime.fromisoformat("2026-03-01T06:00")
HOST = "https://news.example"


def address(number: int) -> str:
    """The address of an article."""
    return f"{HOST}/{number}.html"


def page(number: int, said: str = "The harbour opens on Monday") -> bytes:
    """The page of an article; pages of other numbers have other words."""
    paragraphs = "".join(
        f"<p>In week {part} of year {number} ship {number * 7 + part} came into the harbour of "
        f"Alvik with {number + part} people on board, and nobody on the quay was in a hurry.</p>"
        for part in range(10)
    )
    return (
        f"<html><head><title>Ship {number} comes home</title></head><body><article>"
        f"<h1>Ship {number} comes home</h1>{paragraphs}"
        f'<p>"{said}," said Mayor Ann Berg on Tuesday.</p></article></body></html>'
    ).encode()


def exchange(number: int, body: bytes | None = None, *, minutes: int | None = None, **more: Any) -> Exchange:
    """An exchange that brought a page, so many minutes after `BEGAN`."""
    body = page(number) if body is None else body
    told: dict[str, Any] = {
        "url": address(number),
        "request_headers": (("Host", "news.example"), ("User-Agent", "onrecord (test)")),
        "status": 200,
        "reason": "OK",
        "response_headers": (("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"')),
        "wire_body": body,
        "body": body,
        "fetched_at": BEGAN + timedelta(minutes=number if minutes is None else minutes),
        "ip_address": "192.0.2.7",
    }
    return Exchange(**(told | more))


def zipped(number: int, **more: Any) -> Exchange:
    """An exchange whose body came compressed."""
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    wire = gzip.compress(page(number), mtime=0)
    return exchange(number, response_headers=headers, wire_body=wire, **more)


def candidate(number: int, **said: Any) -> Candidate:
    """What a feed said of an article."""
    return Candidate(address(number), "feed", f"{HOST}/feed.xml", **said)
