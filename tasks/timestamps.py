"""Moments as machines write them (ISO 8601, mail headers, Unix time), brought to naive UTC with their zone.

Called by the reader (a row's `published_at`) and by the cleaning (a page's metadata).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

BARE_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)|(\d{4})[/.](\d\d)[/.](\d\d)")
# What `datetime.fromisoformat` does not take: a zone after a blank, a zone by name, slashes.
ZULU = re.compile(r"\s*(?:Z|z|UTC|GMT)$")
SPACED_OFFSET = re.compile(r"\s+([+-]\d\d:?\d\d)$")
LONG_FRACTION = re.compile(r"([.,]\d{6})\d+")
SLASHED = re.compile(r"^(\d{4})/(\d\d)/(\d\d)")
MAX_LENGTH = 64  # characters; no way to write a moment is longer

# Unix time: seconds of 1980 to 2100; a thousand times more are milliseconds.
UNIX_SECONDS = range(315_532_800, 4_102_444_800)
UNIX_DIGITS = re.compile(r"\d{9,13}")


# Nobody dates an article outside of these years; what does is a default value or a mistake.
YEARS = range(1800, 2100)
MAX_OFFSET = 15 * 60  # minutes; no zone is further from UTC than 14 hours


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment in naive UTC; `precision` is `day` where no time of day was written.

    `utc_offset` is the zone it was written in, in minutes east of UTC; None where none was written.
    """

    moment: datetime
    precision: Literal["second", "day"]
    utc_offset: int | None = None

    @property
    def day(self) -> date:
        """The day that was written: of the zone, where there is one, else of UTC."""
        return local_day(self.moment, self.utc_offset)


def local_day(moment: datetime, utc_offset: int | None) -> date:
    """The calendar day of a moment in naive UTC, in a zone so many minutes east of UTC."""
    try:
        return (moment + timedelta(minutes=utc_offset or 0)).date()
    except OverflowError:
        return moment.date()


def parse_timestamp(value: object) -> Timestamp | None:
    """The moment that a field holds, or None where it holds none that is plain; a naive time is UTC."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(value)
    return _written(value.strip()) if isinstance(value, str) else None


def _unix(number: float) -> Timestamp | None:
    for scale in (1, 1000):
        if UNIX_SECONDS.start <= number / scale < UNIX_SECONDS.stop:
            moment = datetime.fromtimestamp(number / scale, UTC).replace(tzinfo=None, microsecond=0)
            return Timestamp(moment, "second")
    return None


def _written(text: str) -> Timestamp | None:
    if len(text) > MAX_LENGTH:
        return None
    if match := BARE_DAY.fullmatch(text):
        return _day([int(part) for part in match.groups() if part])
    if UNIX_DIGITS.fullmatch(text):
        return _unix(int(text))
    try:
        written = _moment(text)
        if written.year not in YEARS:
            return None
        return Timestamp(_to_utc(written), "second", _offset(written))
    except (ValueError, TypeError, OverflowError):
        return None


def _offset(moment: datetime) -> int | None:
    """Minutes east of UTC; None where no zone was written."""
    offset = moment.utcoffset()
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return minutes if minutes is not None and abs(minutes) <= MAX_OFFSET else None


def _day(parts: list[int]) -> Timestamp | None:
    if parts[0] not in YEARS:
        return None
    try:
        return Timestamp(datetime(parts[0], parts[1], parts[2]), "day")  # noqa: DTZ001 - naive UTC by contract
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    """An ISO 8601 moment in its common spellings, else one of a mail header."""
    iso = LONG_FRACTION.sub(
        r"\1", ZULU.sub("+00:00", SPACED_OFFSET.sub(r"\1", SLASHED.sub(r"\1-\2-\3", text)))
    )
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return parsedate_to_datetime(text)


def _to_utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo and _offset(moment) is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None, microsecond=0)
