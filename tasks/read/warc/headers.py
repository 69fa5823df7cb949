"""The head of a record: its own lines, and those of the HTTP message that it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

END = re.compile(rb"\r?\n\r?\n")  # of a head; some writers use bare line feeds
STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
# ISO 28500: to the second, or with up to nine digits of a fraction (1.1); also just a day.
WRITTEN_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(?:Z|\+00:?00)?)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HttpHead:
    """The head of an HTTP response: names are in lower case, and the last of equal ones counts."""

    status: int
    fields: Mapping[str, str]
    length: int  # bytes of the head, its blank line included

    @property
    def media_type(self) -> str:
        """The type of the content without parameters, in lower case; empty where none is told."""
        return self.fields.get("content-type", "").partition(";")[0].strip().lower()


def fields_of(head: bytes) -> dict[str, str]:
    """The fields below the first line, by name in lower case; lines that are no fields are passed over."""
    lines = head.decode("utf-8", "replace").splitlines()[1:]
    fields: dict[str, str] = {}
    last = ""
    for line in lines:
        if line[:1] in {" ", "\t"} and last:  # a folded line goes on with the one above
            fields[last] = f"{fields[last]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            last = name.strip().lower()
            fields[last] = value.strip()
    return fields


def http_head(block: bytes) -> HttpHead | None:
    """The head of the HTTP response that a block begins with; None where it begins with none."""
    status = STATUS_LINE.match(block)
    if status is None:
        return None
    end = END.search(block)
    stop = end.end() if end else len(block)
    return HttpHead(int(status[1]), fields_of(block[:stop]), stop)


def answer_head(kind: str, fields: Mapping[str, str], block: bytes) -> HttpHead | None:
    """The head of the answer in a record; one made up for a `resource`, whose block is the page itself."""
    if kind == "resource":
        return HttpHead(200, {"content-type": fields.get("content-type", "")}, 0)
    return http_head(block)


def written_at(date: str | None) -> datetime | None:
    """A WARC-Date as naive UTC; None where it cannot be read."""
    match = WRITTEN_DATE.match((date or "").strip())
    if match is None:
        return None
    day, time, fraction = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")), tzinfo=None)
