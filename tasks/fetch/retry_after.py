"""`Retry-After` in both of its forms (RFC 9110, 10.2.3): seconds, or a date. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 7 * 24 * 3600.0  # seconds; a server that asks for a year has made a mistake


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds to wait from now (naive UTC); None where it says nothing that can be understood."""
    text = (value or "").strip()
    if text.isdecimal():
        return min(float(text), LONGEST)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is not None:
        when = when.astimezone(UTC).replace(tzinfo=None)
    return min(max((when - now).total_seconds(), 0.0), LONGEST)
