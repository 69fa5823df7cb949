"""A page to print on: as wide as is well read, with colours only where a person looks at a terminal."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console

from flows.terminal import width_of

WIDTH_ELSEWHERE = 110  # columns where the output does not go to a terminal
WIDEST = 120  # columns; longer lines are hard to read
NARROWEST = 40


def reading_width(stream: TextIO) -> int:
    """The columns to fill."""
    return max(NARROWEST, min(width_of(stream, elsewhere=WIDTH_ELSEWHERE), WIDEST))


def console(stream: TextIO) -> Console:
    """A console that prints words as they are; no colours where NO_COLOR is set or nobody looks."""
    on_terminal = stream.isatty()
    quiet = not on_terminal or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Console(
        file=stream,
        width=reading_width(stream),
        color_system=None if quiet else "standard",
        force_terminal=on_terminal,
        markup=False,
        highlight=False,
        emoji=False,
    )
