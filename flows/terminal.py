"""What may be printed, and how wide: text from articles never steers the terminal."""

from __future__ import annotations

import shutil
import unicodedata
from typing import TextIO

# Controls, and the marks that turn the direction of what follows: they can hide or forge what is shown.
STEERING = frozenset({"Cc", "Cs"})
DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The text on one line, with a blank for everything that would steer a terminal."""
    return blank_steering(text).replace("\n", " ")


def blank_steering(text: str) -> str:
    """The text with a blank for everything that would steer a terminal; lines stay lines."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if is_steering(mark) else mark for mark in text)


def is_steering(mark: str) -> bool:
    """Whether a character moves the cursor, colours, deletes, or turns the direction of writing."""
    return mark != "\n" and (unicodedata.category(mark) in STEERING or mark in DIRECTION)


def shortened(text: str, width: int) -> str:
    """The text on one line, cut at a word with an ellipsis where it has more than `width` characters."""
    line = " ".join(plain(text).split())
    if len(line) <= width:
        return line
    whole_words = line[:width].rpartition(" ")[0] or line[: width - 1]
    return whole_words.rstrip(" ,;:") + "…"


def width_of(stream: TextIO, elsewhere: int) -> int:
    """The columns of the terminal that a stream goes to, or so many where it goes elsewhere."""
    return shutil.get_terminal_size().columns if stream.isatty() else elsewhere
