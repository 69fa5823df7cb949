"""What a JSONL row says of its document: its fields, trusted where they can be understood.

Called by `document`. A field that cannot be understood is left out, never fatal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tasks.model import Given
from tasks.timestamps import parse_timestamp

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
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
        text = " ".join(scrub(str(value)).replace("\0", " ").split())
    except ValueError:  # a number of thousands of digits
        return None
    return text if text and len(text) <= MAX_FIELD else None


def given_fields(row: Mapping[str, object]) -> Given:
    """The fields of a row that are trusted over what is extracted."""
    stamp = parse_timestamp(row.get("published_at"))
    return Given(
        url=field_text(row, "url"),
        outlet=field_text(row, "outlet"),
        title=field_text(row, "title"),
        published_at=stamp.moment if stamp else None,
        published_precision=stamp.precision if stamp else None,
        language=field_text(row, "language"),
        published_offset=stamp.utc_offset if stamp else None,
    )
