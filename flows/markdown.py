"""Markdown for the Prefect UI. Text from articles is escaped: it can never become markup, nor a link."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from flows.terminal import plain, shortened

CELL_WIDTH = 80  # characters of a cell; the tables of the warehouse have the whole
MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|~:@$^="})
# What an address may hold as it is (RFC 3986), without what would end a link or a cell of a table.
KEPT_IN_ADDRESS = ":/?#@!$&'+,;=%~-._"
PLAIN_WORDS = re.compile(r"[A-Za-z ]+")
LINKED_SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the web: our own words lead to the address. Nothing where the address is none of the web.

    Prefect's UI shows the words of a link as they are written, escapes and all; so they are never those of
    an article, and hold letters and blanks alone.
    """

    address: str | None
    words: str = "open"


@dataclass(frozen=True, slots=True)
class Wide:
    """A value whose cell may be wider than others."""

    words: Any
    width: int


def table(title: str, header: Sequence[str], body: Sequence[Sequence[Any]], more: int = 0) -> str:
    """A Markdown table under a heading; nothing where it would have no row. `more` rows are left out."""
    if not body:
        return ""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in body]
    lines += ["", f"and {more:,} more"] if more > 0 else []
    heading = f"## {title}\n\n" if title else ""
    return heading + "\n".join(lines)


def items(title: str, lines: Sequence[str], more: int = 0) -> str:
    """A Markdown list under a heading, of lines that are Markdown; it wraps where a table does not."""
    if not lines:
        return ""
    body = [f"- {line}" for line in lines] + ([f"- and {more:,} more"] if more > 0 else [])
    return f"## {title}\n\n" + "\n".join(body)


def escaped(value: Any) -> str:
    """A value as plain words in Markdown and in the HTML it becomes; a Link as a link."""
    match value:
        case None:
            return ""
        case Link():
            return linked(value)
        case Wide(words, width):
            return whole(shortened(str(words), width))
        case _:
            return whole(shortened(str(value), CELL_WIDTH))


def whole(text: str) -> str:
    """A text of any length as plain words."""
    return html.escape(plain(text).translate(MARKDOWN), quote=False)


def linked(link: Link) -> str:
    """The link, whose address can be nothing else. Raises ValueError for words that would need an escape."""
    if not PLAIN_WORDS.fullmatch(link.words):
        raise ValueError(f"words of a link: {link.words!r}")
    address = safe_address(link.address)
    return f"[{link.words}]({address})" if address else ""


def safe_address(address: str | None) -> str | None:
    """An address of the web with everything encoded that could end a link; None for any other address.

    One with a user name is none: `https://bank.example@evil.example` reads as what it is not.
    """
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if parts.scheme not in LINKED_SCHEMES or not parts.hostname or "@" in parts.netloc:
        return None
    return html.escape(quote(address or "", safe=KEPT_IN_ADDRESS), quote=True)
