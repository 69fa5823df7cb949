"""What a JSONL row says of its document: its fields, trusted where they can be understood.

Called by `document`. A field that cannot be understood is left out, never fatal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tasks.dates import written_dates
from tasks.model import Given
from tasks.timestamps import Timestamp, parse_timestamp

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Controls, and the marks that turn the direction of writing: titles are printed in terminals and pages.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ADDRESS = re.compile(r"(?i)https?://[^\s/?#]+")
MAX_DATE = 80  # characters; a longer one is no date
MAX_FIELD = 10_000  # characters; a longer address or title is a mistake in the input


def scrub(text: str) -> str:
    """The text without lone surrogates (which no file can hold); each becomes U+FFFD."""
    return LONE_SURROGATE.sub("\ufffd", text)


def field_text(row: Mapping[str, object], name: str) -> str | None:
    """A field as text on one line; numbers are written out, anything else counts as absent."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        text = " ".join(STEERING.sub(" ", scrub(str(value))).split())
    except ValueError:  # a number of thousands of digits
        return None
    return text if text and len(text) <= MAX_FIELD else None


def given_fields(row: Mapping[str, object]) -> Given:
    """The fields of a row that are trusted over what is extracted."""
    stamp = _moment(row.get("published_at"))
    url = field_text(row, "url")
    return Given(
        url=url if url and ADDRESS.match(url) else None,
        outlet=field_text(row, "outlet"),
        title=field_text(row, "title"),
        published_at=stamp.moment if stamp else None,
        published_precision=stamp.precision if stamp else None,
        language=field_text(row, "language"),
        published_offset=stamp.utc_offset if stamp else None,
    )


def _moment(value: object) -> Timestamp | None:
    """A moment as machines write it, else a day as people do ("January 2, 2020"), where it has a year."""
    stamp = parse_timestamp(value)
    if stamp or not isinstance(value, str):
        return stamp
    days = [day for day in written_dates(value[:MAX_DATE]) if day.year and day.month and day.day]
    if len(days) != 1:
        return None
    found = days[0]
    return parse_timestamp(f"{found.year:04}-{found.month:02}-{found.day:02}")
