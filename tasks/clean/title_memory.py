"""Titles of known articles, to tell them behind another article: a compact file, and a set for one page.

Written once at the start of a run (`tasks.titles`) and read by every worker, which maps it into memory:
a million titles take 24 MB on disk, shared by all workers. A look-up costs microseconds. A title is known
by a hash of its words, so case, marks and blanks do not matter, but the mark at its end does: a sentence
of the text is no title.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from tasks.clean.lines import WORD

MIN_WORDS = 3  # words of a title; shorter ones ("Breaking news") stand in texts, too
MIN_LETTERS = 12  # letters and digits of a title, for the same reason
MAX_WORDS = 40  # words of a title; more are no title
MIN_SHORTENED_WORDS = 4  # words that are left of a title without its site's name
SITE_MARK = re.compile(r"\s[|»·–—-]")
SUFFIX = re.compile(r"\s+(?:[|»·–—-]+)\s+[^|»·–—]{2,40}$")  # "… | Some Daily"
END = re.compile(r"([.?!])[\"'”’»)\]]*$")

MAGIC = b"ONRTITL1"
HEAD = struct.Struct("<8sQ")
RECORD = struct.Struct(">Q16s")  # hash, article; sorted
PER_BUCKET = 8  # records per bucket, in the mean
BUCKET = struct.Struct("<Q")


class KnownTitle(NamedTuple):
    """A title that is known. `article` is None where it is only known as an anchor of the page."""

    article: UUID | None


class Titles(Protocol):
    """What knows titles."""

    def find(self, key: int) -> KnownTitle | None:
        """The title with this key."""


def title_key(words: Sequence[str], mark: str) -> int:
    """The key of a title: 64 bits of its folded words and of the mark at its end (empty without one)."""
    content = " ".join(words) + mark
    return int.from_bytes(hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def end_mark(text: str) -> str:
    """The stop, question or exclamation mark at the end of a text; empty without one."""
    match = END.search(text.rstrip()[-8:])
    return match[1] if match else ""


def keys_of(title: str, least: int = MIN_WORDS) -> tuple[int, ...]:
    """The keys of a title, with and without the site's name behind it; none where it is too short."""
    found = []
    variants = [(title[:1000], least)]
    if SITE_MARK.search(title):
        variants.append((SUFFIX.sub("", title[:1000]), MIN_SHORTENED_WORDS))
    for variant, words_wanted in variants:
        words = [word.casefold().replace("’", "'") for word in WORD.findall(variant)]
        if words_wanted <= len(words) <= MAX_WORDS and sum(map(len, words)) >= MIN_LETTERS:
            found.append(title_key(words, end_mark(variant)))
    return tuple(dict.fromkeys(found))


class PageTitles:
    """The titles that a page links to: its anchors."""

    def __init__(self, anchors: Iterable[str]) -> None:
        self.keys = frozenset(key for anchor in anchors for key in keys_of(anchor))

    def find(self, key: int) -> KnownTitle | None:
        """The anchor with this key."""
        return KnownTitle(None) if key in self.keys else None


def write_titles(path: Path, titles: Iterable[tuple[str, UUID]]) -> int:
    """Write a memory of titles in one step; gives back how many it holds.

    Of two articles with one title the smaller identity stays, whatever their order. A million titles take
    some 100 MB while they are sorted.
    """
    records = sorted({RECORD.pack(key, article.bytes) for title, article in titles for key in keys_of(title)})
    firsts = [at for at, record in enumerate(records) if not at or records[at - 1][:8] != record[:8]]
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as out:
        out.write(HEAD.pack(MAGIC, len(firsts)))
        starts = _bucket_starts([int.from_bytes(records[at][:8], "big") for at in firsts])
        out.write(struct.pack(f"<{len(starts)}Q", *starts))
        out.writelines(records[at] for at in firsts)
    part.replace(path)
    return len(firsts)


def _bucket_count(size: int) -> int:
    """How many buckets so many records have; keys are spread evenly over them."""
    return max(1, size // PER_BUCKET)


def _bucket_of(key: int, buckets: int) -> int:
    return (key * buckets) >> 64


def _bucket_starts(keys: Sequence[int]) -> list[int]:
    """Where each bucket begins, and where the last one ends."""
    buckets = _bucket_count(len(keys))
    counts = [0] * (buckets + 1)
    for key in keys:
        counts[_bucket_of(key, buckets) + 1] += 1
    return list(accumulate(counts))


class TitleMemory:
    """The titles of a file that `write_titles` wrote."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        magic, self._size = HEAD.unpack_from(self._data)
        if magic != MAGIC:
            raise ValueError(f"{path} is no memory of titles.")
        self._buckets = _bucket_count(self._size)
        self._records = HEAD.size + (self._buckets + 1) * BUCKET.size

    def __len__(self) -> int:
        return int(self._size)

    def find(self, key: int) -> KnownTitle | None:
        """The title with this key."""
        place = HEAD.size + _bucket_of(key, self._buckets) * BUCKET.size
        first, last = struct.unpack_from("<QQ", self._data, place)
        for at in range(first, last):
            found, article = RECORD.unpack_from(self._data, self._records + at * RECORD.size)
            if found == key:
                return KnownTitle(UUID(bytes=article))
        return None


class TitlesBut:
    """A memory without the titles of one article, which earlier versions of it brought in."""

    def __init__(self, titles: Titles, article: UUID) -> None:
        self._titles, self._article = titles, article

    def find(self, key: int) -> KnownTitle | None:
        """The title with this key, unless it is of that article."""
        found = self._titles.find(key)
        return found if found and found.article != self._article else None


@lru_cache(maxsize=2)
def open_titles(path: Path) -> TitleMemory:
    """The memory of a run; a worker opens it once."""
    return TitleMemory(path)


class OtherTitles:
    """Several memories asked in turn, the article's own titles left out."""

    def __init__(self, sources: Sequence[Titles], own: Iterable[str]) -> None:
        self._sources = sources
        self._own = frozenset(key for title in own for key in keys_of(title, least=1))
        self._found: dict[int, KnownTitle | None] = {}

    def find(self, key: int) -> KnownTitle | None:
        """The title with this key, unless it is the article's own."""
        if key not in self._found:
            self._found[key] = None if key in self._own else self._ask(key)
        return self._found[key]

    def _ask(self, key: int) -> KnownTitle | None:
        return next((found for source in self._sources if (found := source.find(key))), None)
