"""The article out of a page: trafilatura for the text, behind checks that keep hostile pages away.

Called by `tasks.clean`. trafilatura has no deadline of its own and lxml is quadratic in the attributes of
one tag, so what is known to hang is refused first. `extract` is called in a process that may be lost
(`tasks.expendable`): what it takes and gives travels by pickle, and it keeps no state.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from tasks.clean.layout import placed
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.metadata.json_ld import json_ld_nodes
from tasks.clean.normalize import normalize
from tasks.errors import DocumentError
from tasks.read.decode import is_blank

MAX_CHARACTERS = 10_000_000  # of a page; news pages have up to 4 million
MAX_TAGS = 60_000  # "<" in a page; real news pages have up to some 20,000, and 200,000 take over a minute
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8192,}")  # what is looked at closer
QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
MAX_ATTRIBUTES = 2000  # of one tag; 40,000 cost more than a second, 100,000 nearly a minute
SHORT_TEXT = 160  # words; so little is often the teaser alone, and the second setting is tried
MUCH_MORE = 3  # times the words that the second setting must yield to be believed
LEAST_TOLD, TOLD_MORE = 200, 2  # words of a text in the page's data; times those that were extracted
LONG_LINE = 8  # words of a line that shows both to be the same article
MARKUP = re.compile(r"<[^<>]{1,2000}>")
MAX_LINKS = 5000  # of a page; real pages have some hundreds
MIN_LINK, MAX_LINK = 12, 300  # characters of a link that may be a title
# Characters that libxml2 cannot hold; a lone surrogate would cut the text short.
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of the article, normalised, and what the page says of it.

    `links` are the texts of the page's links that stand in the article, too: mostly other articles' titles.
    `apart` are the starts of the lines at the end that stand outside the article in the page's layout.
    """

    text: str
    metadata: Metadata
    links: tuple[str, ...] = ()
    apart: frozenset[int] = frozenset()


def extract(
    page: str, url: str | None = None, prune_xpath: Sequence[str] = (), latest: datetime | None = None
) -> Extracted:
    """The article of a page, less the elements that `prune_xpath` selects.

    A date of the page that lies after `latest` (naive UTC) counts as absent.

    Raises `DocumentError` (`hostile_html`, `no_article`).
    """
    refuse_hostile(page)
    tree = _parsed(UNHOLDABLE.sub(" ", page))
    if tree is not None:
        _prune(tree, prune_xpath)
    text = normalize(_article(tree, url))
    if is_blank(text):
        raise DocumentError("No article was found in this page.", reason="no_article")
    found = placed(tree, text)
    return Extracted(found.text, read_metadata(tree, url, latest), _links(tree, found.text), found.apart)


def _prune(tree: Any, paths: Sequence[str]) -> None:
    """Takes the selected elements out, but not the text behind them."""
    from trafilatura.xml import delete_element

    for element in [element for path in paths for element in tree.xpath(path)]:
        if element.getparent() is not None:
            delete_element(element)


def _links(tree: Any, text: str) -> tuple[str, ...]:
    """The texts of links that are long enough for a title and stand in the text."""
    if tree is None:
        return ()
    found = {" ".join("".join(link.itertext()).split()) for link in islice(tree.iter("a"), MAX_LINKS)}
    return tuple(sorted(link for link in found if MIN_LINK <= len(link) <= MAX_LINK and link in text))


def _parsed(page: str) -> Any:
    """The page as a tree, from which its text and its metadata are read; None where it has none."""
    from trafilatura import load_html

    with _as_document_error():
        return load_html(page)


def _article(tree: Any, url: str | None) -> str:
    """The article by trafilatura at its best setting for news, by another where that yields little.

    trafilatura works on a copy of the tree. Its own metadata costs a third more and is not used.
    """
    if tree is None:
        return ""
    precise = _extracted(tree, url, favor_precision=True)
    if len(precise.split()) < SHORT_TEXT:
        full = _extracted(tree, url, favor_precision=False)
        if len(full.split()) >= MUCH_MORE * len(precise.split()):
            precise = full
    told = _article_body(tree)
    return told if _is_the_whole_of(told, precise) else precise


def _extracted(tree: Any, url: str | None, *, favor_precision: bool) -> str:
    from trafilatura import bare_extraction

    with _as_document_error():
        found = bare_extraction(tree, url=url, favor_precision=favor_precision, include_comments=False)
    return str(getattr(found, "text", None) or "")


def _article_body(tree: Any) -> str:
    """The longest text of an article that the page's JSON-LD holds; its markup is taken out."""
    scripts = [script.text or "" for script in tree.iter("script") if "articleBody" in (script.text or "")]
    bodies = [body for node in json_ld_nodes(scripts) if isinstance(body := node.get("articleBody"), str)]
    return MARKUP.sub("\n", html.unescape(max(bodies, key=len, default="")))


def _is_the_whole_of(told: str, text: str) -> bool:
    """Whether a text of the page's data is the article of which only a part was extracted."""
    if len(told.split()) < max(LEAST_TOLD, TOLD_MORE * len(text.split())):
        return False
    lines = [" ".join(line.split()) for line in text.split("\n") if len(line.split()) >= LONG_LINE]
    folded = " ".join(told.split())
    return not lines or any(line in folded for line in lines[:5])


@contextmanager
def _as_document_error() -> Iterator[None]:
    """Whatever a page makes a parser raise costs that page, not the run."""
    try:
        yield
    except MemoryError:
        raise  # told apart by the process that works on pages
    except Exception as error:
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
