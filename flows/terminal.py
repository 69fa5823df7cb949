"""What may be printed: text from articles never steers the terminal."""

from __future__ import annotations

import unicodedata

# Controls, and the marks that turn the direction of what follows: they can hide or forge what is shown.
STEERING = frozenset({"Cc", "Cs"})
DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The text on one line, with a blank for everything that would steer a terminal."""
    return "".join(
        " " if unicodedata.category(mark) in STEERING or mark in DIRECTION else mark for mark in text
    )


def shortened(text: str, width: int) -> str:
    """The text on one line, cut at a word with an ellipsis where it has more than `width` characters."""
    line = " ".join(plain(text).split())
    if len(line) <= width:
        return line
    whole_words = line[:width].rpartition(" ")[0] or line[: width - 1]
    return whole_words.rstrip(" ,;:") + "…"
