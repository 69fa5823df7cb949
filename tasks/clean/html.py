"""The article out of a page: trafilatura for the text, behind checks that keep hostile pages away.

Called by `tasks.clean`. trafilatura has no deadline of its own and lxml is quadratic in the attributes of
one tag, so what is known to hang is refused first. `extract` is called in a process that may be lost
(`tasks.expendable`): what it takes and gives travels by pickle, and it keeps no state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.normalize import normalize
from tasks.errors import DocumentError
from tasks.read.decode import is_blank

MAX_CHARACTERS = 10_000_000  # of a page; news pages have up to 4 million
MAX_TAGS = 60_000  # "<" in a page; real news pages have up to some 20,000, and 200,000 take over a minute
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8192,}")  # what is looked at closer
QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
MAX_ATTRIBUTES = 2000  # of one tag; 40,000 cost more than a second, 100,000 nearly a minute
MAX_LINKS = 5000  # of a page; real pages have some hundreds
MIN_LINK, MAX_LINK = 12, 300  # characters of a link that may be a title
# Characters that libxml2 cannot hold; a lone surrogate would cut the text short.
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of the article, normalised, and what the page says of it.

    `links` are the texts of the page's links that stand in the article, too: mostly other articles' titles.
    """

    text: str
    metadata: Metadata
    links: tuple[str, ...] = ()


def extract(
    page: str, url: str | None = None, prune_xpath: Sequence[str] = (), latest: datetime | None = None
) -> Extracted:
    """The article of a page, less the elements that `prune_xpath` selects.

    A date of the page that lies after `latest` (naive UTC) counts as absent.

    Raises `DocumentError` (`hostile_html`, `no_article`).
    """
    refuse_hostile(page)
    tree, found = _extraction(UNHOLDABLE.sub(" ", page), url, prune_xpath)
    text = normalize(getattr(found, "text", None) or "")
    if is_blank(text):
        raise DocumentError("No article was found in this page.", reason="no_article")
    return Extracted(text, read_metadata(tree, url, latest), _links(tree, text))


def _links(tree: Any, text: str) -> tuple[str, ...]:
    """The texts of links that are long enough for a title and stand in the text."""
    if tree is None:
        return ()
    found = {" ".join("".join(link.itertext()).split()) for link in islice(tree.iter("a"), MAX_LINKS)}
    return tuple(sorted(link for link in found if MIN_LINK <= len(link) <= MAX_LINK and link in text))


def _extraction(page: str, url: str | None, prune_xpath: Sequence[str]) -> tuple[Any, object]:
    """The parsed page, and the document of trafilatura at its best setting for news.

    One parse serves both: trafilatura works on a copy of the tree. Its own metadata costs a third more and is
    not used. The document is None where it finds none.
    """
    from trafilatura import bare_extraction, load_html

    try:
        tree = load_html(page)
        if tree is None:
            return None, None
        return tree, bare_extraction(
            tree,
            url=url,
            favor_precision=True,
            include_comments=False,
            prune_xpath=list(prune_xpath) or None,
        )
    except MemoryError:
        raise  # told apart by the process that works on pages
    except Exception as error:
        # Whatever a page makes a parser raise costs that page, not the run.
        raise DocumentError(
            f"The page could not be parsed: {type(error).__name__}.", reason="no_article"
        ) from error


def refuse_hostile(page: str) -> None:
    """Raises `DocumentError` (`hostile_html`) for what would keep a parser busy for minutes."""
    if len(page) > MAX_CHARACTERS:
        told = f"it has {len(page):,} characters"
    elif page.count("<") > MAX_TAGS:
        told = f"it has {page.count('<'):,} tags"
    elif any(_is_flood(page, match) for match in LONG_TAG.finditer(page)):
        told = f"it has a tag with more than {MAX_ATTRIBUTES:,} attributes"
    else:
        return
    raise DocumentError(f"This page is not parsed: {told}.", reason="hostile_html")


def _is_flood(page: str, tag: re.Match[str]) -> bool:
    """Whether a long tag is a flood of attributes, rather than one long picture or part of a script."""
    if page.rfind("<script", 0, tag.start()) > page.rfind("</script", 0, tag.start()):
        return False
    return len(QUOTED.sub("", tag[0]).split()) > MAX_ATTRIBUTES
