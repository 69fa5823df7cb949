"""Whether there is room on the disk, and whether the clock may be believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tasks.doctor.finding import Finding

SPARE_BYTES = 256 << 20  # staged batches, the log of a load, what a check spills to the disk
# Machines whose clocks are kept by NTP differ by milliseconds; what several wrote may differ by this.
SKEW = timedelta(minutes=5)
FIRST_POSSIBLE = datetime(2026, 1, 1)  # noqa: DTZ001 - naive UTC, as the warehouse has it; no earlier release


@dataclass(frozen=True, slots=True)
class Room:
    """What is free where something is written, and what its next run may write besides `SPARE_BYTES`."""

    place: Path
    free_bytes: int
    needed_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was written (naive UTC), by the clock of then."""

    what: str
    at: datetime


def disk(rooms: Iterable[Room]) -> list[Finding]:
    """A warehouse is published as a copy: for a moment there are two."""
    return [_room(room) for room in rooms]


def _room(room: Room) -> Finding:
    needed = room.needed_bytes + SPARE_BYTES
    told = f"{_size(room.free_bytes)} are free at {room.place}"
    if room.free_bytes >= needed:
        return Finding("disk", "sound", "disk_room", f"{told}.")
    told = f"{told}, and a run may need {_size(needed)}; free some space or choose another place."
    return Finding("disk", "trouble", "disk_full", told, "df -h")


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def clock(now: datetime, stamps: Iterable[Stamp]) -> Finding:
    """Whether something was written later than now, or now is before there was anything to write."""
    mend = "timedatectl set-ntp true"
    if now < FIRST_POSSIBLE:
        told = f"The clock says {now:%Y-%m-%d %H:%M} UTC, which is before onrecord was made; set it."
        return Finding("clock", "trouble", "clock_behind", told, mend)
    late = [stamp for stamp in stamps if stamp.at > now + SKEW]
    if late:
        last = max(late, key=lambda stamp: stamp.at)
        told = (
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and {last.what} is of {last.at:%Y-%m-%d %H:%M}: it is "
            "wrong now, or was then."
        )
        return Finding("clock", "trouble", "clock_behind", told, mend)
    return Finding("clock", "sound", "clock", "Nothing was written later than now.")
