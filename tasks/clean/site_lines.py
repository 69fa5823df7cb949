"""Lines that a site repeats on its pages: "Follow our live coverage here", "Our journalism is free for all".

Counted at the start of a run (`tasks.site_memory`), asked by `tail`. A line is one of the site's where it
stands on `MIN_PAGES` of its pages, a good share of those that were counted, which tell at least `MIN_STORIES`
different stories. The same story at two addresses repeats its own lines, and reports of one event repeat what
came before: these are no furniture. Two pages tell the same story where they share another long line.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from tasks.clean.lines import WORD, Line

MIN_PAGES = 5  # pages that repeat a line, the one it is cut from among them
MIN_STORIES = 3  # different stories on them
MIN_SHARE = 0.3  # share of the site's pages that were counted
LONG = 10  # words of a line that two pages of different stories do not share
MIN_WORDS = 3  # words of a line that is counted; fewer repeat by chance
MAX_WORDS = 60  # more are a paragraph
MIN_LETTERS = 12  # letters and digits of it, for the same reason


def site_of(address: str | None, outlet: str | None) -> str | None:
    """What tells a site from all others: its host, else its outlet's name; None where nothing does."""
    try:
        host = (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    return host or (" ".join(outlet.casefold().split()) if outlet else None)


def line_key(site: str, words: Sequence[str]) -> int:
    """64 bits that stand for a line of a site, whatever its case and marks."""
    content = f"{site}\x1f{' '.join(words)}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def words_of(text: str) -> list[str]:
    """The words of a line that count."""
    return [word.casefold().replace("’", "'") for word in WORD.findall(text[:1000])]


def key_of(site: str, text: str) -> int | None:
    """The key of a line; None where it is too short or too long to be counted."""
    words = words_of(text)
    if not MIN_WORDS <= len(words) <= MAX_WORDS or sum(map(len, words)) < MIN_LETTERS:
        return None
    return line_key(site, words)


@dataclass(slots=True)
class LineCount:
    """Counts the lines of pages, whatever their order."""

    pages: dict[int, set[str]] = field(default_factory=dict)  # of a line, by its key
    sites: dict[str, set[str]] = field(default_factory=dict)  # the pages of a site
    site_of: dict[int, str] = field(default_factory=dict)
    long_lines: dict[str, set[int]] = field(default_factory=dict)  # of a page, by their keys

    def add(self, site: str, page: str, lines: Sequence[str], last: int | None = None) -> None:
        """The lines of one page, of which the `last` may be the site's; `page` tells it from all others."""
        found = [line for line in map(str.strip, lines) if line]
        self.sites.setdefault(site, set()).add(page)
        long = {line_key(site, words) for line in found if len(words := words_of(line)) >= LONG}
        self.long_lines.setdefault(page, set()).update(long or {hash_of("\n".join(found))})
        for line in found if last is None else found[-last:]:
            if (key := key_of(site, line)) is not None:
                self.site_of[key] = site
                self.pages.setdefault(key, set()).add(page)

    def repeated(self) -> list[int]:
        """The keys of the lines that sites repeat."""
        return sorted(key for key, pages in self.pages.items() if self._is_repeated(key, pages))

    def _is_repeated(self, key: int, pages: set[str]) -> bool:
        if len(pages) < max(MIN_PAGES, MIN_SHARE * len(self.sites[self.site_of[key]])):
            return False
        stories, told = 0, set[int]()
        for page in sorted(pages):
            own = self.long_lines[page] - {key}
            stories += own.isdisjoint(told) and bool(own)
            told |= own
        return stories >= MIN_STORIES


def hash_of(text: str) -> int:
    """64 bits that stand for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class SiteLines:
    """The lines that one site is known to repeat."""

    site: str
    known: Sequence[frozenset[int]]

    def holds(self, line: Line) -> bool:
        """Whether the site repeats this line."""
        key = key_of(self.site, line.text)
        return key is not None and any(key in known for known in self.known)


def write_lines(path: Path, keys: Iterable[int]) -> None:
    """Write the keys of repeated lines in one step."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(array("Q", sorted(keys)).tobytes())
    part.replace(path)


@lru_cache(maxsize=2)
def open_lines(path: Path) -> frozenset[int]:
    """The keys that `write_lines` wrote; a worker reads them once."""
    keys = array("Q")
    keys.frombytes(path.read_bytes())
    return frozenset(keys)
