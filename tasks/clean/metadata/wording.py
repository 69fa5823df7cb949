"""Text out of a page's fields, on one line, and how much two wordings have in common.

Called by the modules of the metadata.
"""

from __future__ import annotations

import html
import re
import unicodedata

TAG = re.compile(r"<[^<>]{0,500}>")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
MAX_FIELD = 2000  # characters; what is longer is no title, name or section
WORD = re.compile(r"\w+")
# Scripts that are written without blanks: their words are compared letter by letter.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


def one_line(value: object) -> str | None:
    """Text without tags, entities and line breaks; None where nothing is left or it is no text."""
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        return None
    bare = html.unescape(value)
    if "&" in bare:  # escaped twice, as content systems do
        bare = html.unescape(bare)
    return " ".join(INVISIBLE.sub("", TAG.sub(" ", bare)).split()) or None


def folded(text: str) -> str:
    """The words without case and marks, one blank between them."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def squeezed(text: str) -> str:
    """The letters and digits alone, without case and accents: "Süd-West 24" is "sudwest24"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


def likeness(one: str, other: str) -> float:
    """The share of their words that both have, 0 to 1."""
    first, second = _parts(one), _parts(other)
    return len(first & second) / max(1, len(first | second))


def _parts(text: str) -> set[str]:
    return {part for word in folded(text).split() for part in (word if UNSPACED.search(word) else (word,))}
