"""The memory of lines that sites repeat: what the warehouse knew when a run began, and what its input shows.

Called by the ingest flow before anything is read in earnest, as `tasks.titles` is, so that no article's cut
depends on the order of the articles. Of the input, sites with enough pages are looked at, and of each of
these no more than `SAMPLE` pages, those with the lowest hashes of how they begin; no page is parsed for it.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tasks.clean.site_lines import MIN_PAGES, LineCount, SiteLines, hash_of, open_lines, site_of, write_lines
from tasks.errors import DocumentError
from tasks.model import DocumentRef, SourceDocument
from tasks.read.document import read_document
from tasks.sources import address_and_outlet

SAMPLE = 12  # pages of a site
HEAD = 2_000  # bytes of a row in which its address or outlet is looked for
LAST_LINES = 15  # lines of a plain text: what a site repeats stands at the end
ADDRESS, OUTLET = re.compile(rb'"url"\s*:\s*"([^"\\]+)"'), re.compile(rb'"outlet"\s*:\s*"([^"\\]+)"')
UNREAD = ("script", "style", "svg")  # elements that hold no text
BLOCK = re.compile(
    r"(?i)</?(?:p|div|li|ul|ol|h[1-6]|section|article|aside|td|tr|table|br|figcaption|blockquote)\b[^<>]{0,2000}>"
)
TAG = re.compile(r"<[^<>]{0,2000}>")


class CountedPage(NamedTuple):
    """The lines of a page, of which the `last` may be its site's (all, where None)."""

    site: str
    page: str
    lines: Sequence[str]
    last: int | None


def known_pages(
    texts: Iterable[tuple[str | None, str | None, UUID, str]],
) -> Iterator[CountedPage]:
    """The lines of the warehouse's texts, with their sites; each text with address and outlet."""
    for address, outlet, article, text in texts:
        if site := site_of(address, outlet):
            yield CountedPage(site, str(article), text.split("\n"), LAST_LINES)


def remember_lines(folder: Path, name: str, pages: Iterable[CountedPage]) -> Path:
    """A memory of repeated lines with this name in the folder of a run, from pages."""
    count = LineCount()
    for page in pages:
        count.add(*page)
    path = folder / f"{name}.lines"
    write_lines(path, count.repeated())
    return path


def given_pages(refs: Sequence[DocumentRef]) -> Iterator[CountedPage]:
    """The lines of a sample of the input's pages, site by site; of sites with few pages none."""
    by_site: dict[str, list[tuple[int, DocumentRef]]] = defaultdict(list)
    for ref in refs if len(refs) >= MIN_PAGES else ():
        start = _start(ref)
        if (site := _site_of_row(start)) is not None:
            by_site[site].append((hash_of(start.decode("utf-8", "replace")), ref))
    for site, those in sorted(by_site.items()):
        if len(those) >= MIN_PAGES:
            for _, ref in sorted(those, key=lambda found: found[0])[:SAMPLE]:
                yield from _page(site, ref)


def _start(ref: DocumentRef) -> bytes:
    """The first bytes of a row; none of a file, whose site only its content tells."""
    if ref.form != "row":
        return b""
    try:
        with ref.path.open("rb") as stream:
            stream.seek(ref.offset)
            return stream.read(min(HEAD, ref.length or HEAD))
    except OSError:
        return b""  # it fails again, with a reason, when it is read in earnest


def _site_of_row(start: bytes) -> str | None:
    """The site of a row by its first bytes."""
    address, outlet = ADDRESS.search(start), OUTLET.search(start)
    return site_of(
        address[1].decode("utf-8", "replace") if address else None,
        outlet[1].decode("utf-8", "replace") if outlet else None,
    )


def _page(site: str, ref: DocumentRef) -> Iterator[CountedPage]:
    try:
        source = read_document(ref)
    except DocumentError:
        return
    last = LAST_LINES if source.form == "text" else None
    yield CountedPage(site, source.natural_key, list(lines_of_source(source)), last)


def lines_of_source(source: SourceDocument) -> Iterator[str]:
    """The lines of a plain text; the blocks of a page, which is not parsed."""
    if source.form == "text":
        yield from source.content.split("\n")
        return
    page = source.content
    for tag in UNREAD:
        page = _without(page, tag)
    for block in BLOCK.split(page):
        if line := " ".join(html.unescape(TAG.sub("", block)).split()):
            yield line


def _without(page: str, tag: str) -> str:
    """The page less the elements of a tag, in linear time; one without an end goes on to the page's."""
    parts, at = [], 0
    while (start := page.find(f"<{tag}", at)) >= 0:
        parts.append(page[at:start])
        end = page.find(f"</{tag}", start)
        at = len(page) if end < 0 else end
    return "".join([*parts, page[at:]])


def lines_for(source: SourceDocument, paths: Sequence[Path]) -> SiteLines | None:
    """What is known of the site that a document is of; None where nothing says which."""
    address, outlet = source.given.url, source.given.outlet
    if source.form == "html" and not address:
        found, name = address_and_outlet(source.content)
        address, outlet = found, outlet or name
    site = site_of(address, outlet)
    known = [lines for path in paths if (lines := open_lines(path))]
    return SiteLines(site, known) if site and known else None
