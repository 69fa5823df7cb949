"""Plain lists of addresses, one a line: the text form of sitemaps, and what people write by hand.

Called by `read_entries`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from tasks.discover.listing import MOST_ENTRIES, Entry, Reading, Trouble
from tasks.read.decode import decode

LINE_END = re.compile(r"[\r\n]+")


def read_list(body: bytes) -> Reading:
    """The addresses; blank lines and those that begin with # are passed over.

    Raises DocumentError (`binary`, `undecodable`).
    """
    lines = _lines(decode(body).text)
    entries = tuple(Entry(line) for line in itertools.islice(lines, MOST_ENTRIES))
    troubles = []
    if next(lines, None) is not None:
        troubles.append(Trouble("too_many_entries", f"Only the first {MOST_ENTRIES:,} entries were read."))
    return Reading("list", entries, troubles=tuple(troubles))


def _lines(text: str) -> Iterator[str]:
    for line in LINE_END.split(text):
        written = line.strip().removeprefix("\ufeff")
        if written and not written.startswith("#"):
            yield written
