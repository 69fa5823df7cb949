"""A finding of the doctor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["sound", "notice", "trouble"]
Part = Literal[
    "installation", "server", "disk", "clock", "warehouse", "checks", "sources", "archive", "runner"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one part, as one sentence.

    A notice can be left as it is; a trouble must be mended. `reason` is for machines, `mend` a command.
    """

    part: Part
    level: Level
    reason: str
    message: str
    mend: str | None = None


def is_sound(findings: Iterable[Finding]) -> bool:
    """Whether nothing must be mended."""
    return all(finding.level != "trouble" for finding in findings)
