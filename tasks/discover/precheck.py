"""Refuses feeds and sitemaps that are written to hurt their reader, before a parser sees them.

Called by `read_listing`. These checks are cheap and coarse; what passes and still hangs or eats memory is
ended by the expendable process.
"""

from __future__ import annotations

import re

from tasks.errors import DocumentError

# Bytes between two "<". The parsers are quadratic in the attributes of a tag: 16,000 cost feedparser 2 CPU s.
LONGEST_TAG = 1 << 16
# "<" in a listing: 50,000 entries of a rich sitemap (news, four pictures each) have two million.
MOST_TAGS = 4_000_000
DOCTYPE = re.compile(rb"(?i)<!DOCTYPE[^<>\[]{0,500}>")
DEFINED = re.compile(rb"(?i)<!(?:DOCTYPE|ENTITY)\b")
# Texts and comments, in which markup means nothing; one that is not closed reaches to the end.
QUOTED_TEXT = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
ATTRIBUTES = re.compile(rb"<[a-zA-Z][^<>]{2048,}>")
MOST_ATTRIBUTES = 500  # of a tag, counted by "="; an <rss> with every namespace that is known has thirty


def refuse_hostile(body: bytes) -> bytes:
    """The body, less a document type that only names itself (RSS 0.91 and XHTML have one).

    Raises DocumentError (`hostile_markup`) for one that defines anything (entities, which bombs and theft
    of files are made of), and for tags of a size that only floods have.
    """
    plain = body.replace(b"\0", b"") if b"\0" in body[:1024] else body  # of UTF-16 and UTF-32, the ASCII
    if plain.count(b"<") > MOST_TAGS:
        raise _hostile(f"It has more than {MOST_TAGS:,} tags.")
    tags = QUOTED_TEXT.sub(b"", plain)
    if DEFINED.search(DOCTYPE.sub(b"", tags)):
        raise _hostile("It defines entities or a document type of its own, which no feed needs.")
    for tag in ATTRIBUTES.finditer(tags):
        if len(tag[0]) > LONGEST_TAG or tag[0].count(b"=") > MOST_ATTRIBUTES:
            raise _hostile(f"One of its tags has {len(tag[0]):,} bytes.")
    return DOCTYPE.sub(b"", body, count=1) if plain is body and DEFINED.search(tags) else body


def _hostile(message: str) -> DocumentError:
    return DocumentError(message, reason="hostile_markup")
