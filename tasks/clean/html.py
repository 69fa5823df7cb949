"""The article out of a page: trafilatura for the text, behind checks that keep hostile pages away.

Called by `tasks.clean`. trafilatura has no deadline of its own and lxml is quadratic in the attributes of
one tag, so what is known to hang is refused first. `extract` is called in a process that may be lost
(`tasks.expendable`): what it takes and gives travels by pickle, and it keeps no state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from tasks.clean.layout import placed
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.normalize import normalize
from tasks.clean.told import behind_told, is_the_whole_of, told_text
from tasks.errors import DocumentError
from tasks.read.decode import is_blank

MAX_CHARACTERS = 10_000_000  # of a page; news pages have up to 4 million
MAX_TAGS = 60_000  # "<" in a page; real news pages have up to some 20,000, and 200,000 take over a minute
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8192,}")  # what is looked at closer
QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
MAX_ATTRIBUTES = 2000  # of one tag; 40,000 cost more than a second, 100,000 nearly a minute
SHORT_TEXT = 160  # words; so little is often the teaser alone, and the second setting is tried
MUCH_MORE = 3  # times the words that the second setting must yield to be believed
CONSENT = re.compile(r"(?i)cookie|consent|gdpr|privacy")  # in the class or the id of a dialogue
COOKIES, COOKIE_SHARE = 5, 0.01  # times that a text says "cookie", and share of its words: it is a dialogue
MAX_LINKS = 5000  # of a page; real pages have some hundreds
MIN_LINK, MAX_LINK = 12, 300  # characters of a link that may be a title
PAGE_BOX, PAGE_END = "page box", "end of the page's own text"  # rules of cuts
# Characters that libxml2 cannot hold; a lone surrogate would cut the text short.
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of the article, normalised, and what the page says of it.

    `links` are the texts of the page's links that stand in the article, too: mostly other articles' titles.
    `apart` are the starts of the lines at the end that stand outside the article, by the page's layout or by
    its own data, each with the rule that says so.
    """

    text: str
    metadata: Metadata
    links: tuple[str, ...] = ()
    apart: Mapping[int, str] = field(default_factory=dict)


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
    told = told_text(tree) if tree is not None else ""
    text = normalize(_article(tree, url, told))
    if _is_dialogue(text):
        _take_out_dialogues(tree)
        text = normalize(_article(tree, url, told))
    if is_blank(text):
        raise DocumentError("No article was found in this page.", reason="no_article")
    found = placed(tree, text)
    apart = dict.fromkeys(behind_told(told, found.text), PAGE_END) | dict.fromkeys(found.apart, PAGE_BOX)
    return Extracted(found.text, read_metadata(tree, url, latest), _links(tree, found.text), apart)


def _is_dialogue(text: str) -> bool:
    """Whether it is the page's question for consent rather than an article."""
    said = text.casefold().count("cookie")
    return said >= COOKIES and said >= COOKIE_SHARE * len(text.split())


def _take_out_dialogues(tree: Any) -> None:
    """Takes out the elements that ask for consent, but none that holds a heading or an article."""
    for element in list(tree.iter("div", "section", "aside", "dialog", "form")):
        label = f"{element.get('class') or ''} {element.get('id') or ''}"
        if CONSENT.search(label) and next(element.iter("h1", "article"), None) is None:
            _delete(element)


def _prune(tree: Any, paths: Sequence[str]) -> None:
    """Takes the selected elements out, but not the text behind them."""
    for element in [element for path in paths for element in tree.xpath(path)]:
        _delete(element)


def _delete(element: Any) -> None:
    from trafilatura.xml import delete_element

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


def _article(tree: Any, url: str | None, told: str) -> str:
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
    return told if is_the_whole_of(told, precise) else precise


def _extracted(tree: Any, url: str | None, *, favor_precision: bool) -> str:
    from trafilatura import bare_extraction

    with _as_document_error():
        found = bare_extraction(tree, url=url, favor_precision=favor_precision, include_comments=False)
    return str(getattr(found, "text", None) or "")


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
