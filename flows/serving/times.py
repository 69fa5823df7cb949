"""When something runs again: every so often, or at a time of the day. Pure; the clock is passed in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import available_timezones

from tasks.followed import written_duration

ANCHOR: Final = datetime(2026, 1, 1, tzinfo=UTC)  # intervals are counted from here, so a restart moves no run
LOCAL_TIME: Final = Path("/etc/localtime")  # a link to the file of the machine's zone
ZONES: Final = "zoneinfo/"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so often, counted from `ANCHOR`."""

    interval: timedelta

    @property
    def repeats(self) -> timedelta:
        """The time from one run to the next."""
        return self.interval

    @property
    def words(self) -> str:
        """As a person says it."""
        return f"every {written_duration(self.interval)}"

    def after(self, now: datetime) -> datetime:
        """The next time after an aware moment."""
        return now + self.interval - (now - ANCHOR) % self.interval


@dataclass(frozen=True, slots=True)
class At:
    """At a minute of every hour, or, with an hour, once a day; in the time of the machine."""

    minute: int
    hour: int | None = None

    @property
    def repeats(self) -> timedelta:
        """The time from one run to the next."""
        return timedelta(hours=1) if self.hour is None else timedelta(days=1)

    @property
    def words(self) -> str:
        """As a person says it."""
        return (
            f"hourly at :{self.minute:02}"
            if self.hour is None
            else f"daily at {self.hour:02}:{self.minute:02}"
        )

    @property
    def cron(self) -> str:
        """As crontab(5) writes it."""
        return f"{self.minute} {'*' if self.hour is None else self.hour} * * *"

    def after(self, now: datetime) -> datetime:
        """The next time after an aware moment, whose zone is that of the machine."""
        found = now.replace(minute=self.minute, second=0, microsecond=0)
        if self.hour is not None:
            found = found.replace(hour=self.hour)
        return found if found > now else found + self.repeats


def zone_of_machine(environment: Mapping[str, str] = os.environ, link: Path = LOCAL_TIME) -> str:
    """The name of this machine's time zone; UTC where nothing tells."""
    named = environment.get("TZ", "").removeprefix(":") or str(link.resolve()).rpartition(ZONES)[2]
    return named if named in available_timezones() else "UTC"
