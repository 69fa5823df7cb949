r"""The text as the warehouse stores it: NFC, line ends `\n`, and one-for-one replacements.

Called by `text` and `html`, before any offset is taken. Nothing is stripped or collapsed: after line
ends and NFC, every character keeps its place.
"""

from __future__ import annotations

import re
import unicodedata

# What becomes a space: control characters but the line feed, line and paragraph separators, spaces of
# every width, and the invisible marks that stand between words (zero-width space, byte order mark,
# direction marks). Joiners and soft hyphens stand inside words: a space would tear those apart.
BLANK = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\xa0\u1680\u2000-\u200b\u200e\u200f\u202a-\u202f\u205f"
    "\u2066-\u2069\u3000\ufeff]"
)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LINE_END = re.compile("\r\n?")
# Canonical ordering sorts runs of combining marks in quadratic time; no script stacks more than this
# many (Unicode's stream-safe format allows 30), so a text with a longer run is left as it is.
LONG_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e38-\u0e4e]{1000}"
)


def normalize(raw: str) -> str:
    r"""The text in NFC with `\n` line ends, blanks of all kinds as spaces, lone surrogates as U+FFFD."""
    text = LINE_END.sub("\n", raw) if "\r" in raw else raw
    text = LONE_SURROGATE.sub("\ufffd", text)
    if not LONG_MARKS.search(text):
        text = unicodedata.normalize("NFC", text)
    return BLANK.sub(" ", text)
