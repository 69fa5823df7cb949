"""What text from articles may look like on a page, and which of their addresses may be followed.

That it never becomes markup, the templates see to (autoescape); here its characters are tamed: what would
turn the direction of the page's own words, or is no character of a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final
from urllib.parse import urlsplit

from flows.terminal import blank_steering, plain, shortened

LONGEST_NAME: Final = 120  # characters of a name, an outlet, a role
LONGEST_TITLE: Final = 300
LONGEST_QUOTE: Final = 700
LONGEST_ADDRESS: Final = 2000  # longer ones are no article's
MOST_LISTED: Final = 8  # names in a list within a sentence
WEB: Final = frozenset({"http", "https"})


def name(words: str | None, otherwise: str = "") -> str:
    """A name on one line."""
    return shortened(words or "", LONGEST_NAME) or otherwise


def title(words: str | None) -> str:
    """A headline on one line."""
    return shortened(words or "", LONGEST_TITLE) or "Without a title"


def quoted(words: str | None) -> str:
    """What somebody said, on one line."""
    return shortened(words or "", LONGEST_QUOTE)


def kept(words: str) -> str:
    """Words of a text, each at its place; lines stay lines."""
    return blank_steering(words)


def link(address: str | None) -> str | None:
    """The address where a click may lead to it: http or https with a host, and nothing hidden in it."""
    if not address or len(address) > LONGEST_ADDRESS or plain(address) != address or " " in address:
        return None
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
    except ValueError:
        return None
    return address if parts.scheme in WEB and host and user is None else None


def listed(names: Sequence[str], most: int = MOST_LISTED) -> str:
    """Names in a sentence: the first ones, and how many there are besides."""
    shown = [name(one) for one in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def differing(words: str, other: str) -> tuple[tuple[str, bool], ...]:
    """The words in stretches, each with whether the other wording lacks it. Case and commas do not count."""
    mine, theirs = words.split(), other.split()
    found = SequenceMatcher(None, _bare(mine), _bare(theirs), autojunk=False).get_opcodes()
    return tuple((" ".join(mine[a:b]), kind != "equal") for kind, a, b, _, _ in found if a < b)


def _bare(words: Sequence[str]) -> list[str]:
    return [word.casefold().replace("’", "'").strip(".,;:!?\"'“”‘«»()") for word in words]
