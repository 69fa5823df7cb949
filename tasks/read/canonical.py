"""The address by which a page wants to be known, where that can be believed. Pure; called by `document`.

One article is fetched at several addresses: as AMP, for phones, with the fields of whoever linked to it.
Sites also name a wrong one for all their articles (the front page, say), which would make one article of
many: so it must be of the same site and name the same article.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from tasks.sources import address_and_outlet

# Hosts of one site that serve the same articles.
VARIANT = re.compile(r"^(?:www|m|mobile|amp)\.")
LONGEST = 2_000  # characters of an address
CAMPAIGN = ("utm_", "at_", "cmp")  # how fields of campaigns begin
DIGIT = re.compile(r"\d")


def canonical_address(page: str, url: str) -> str | None:
    """The canonical address of a page that was found at `url`; None where there is none to be believed."""
    written, _ = address_and_outlet(page)
    if not written or len(written) > LONGEST:
        return None
    try:
        named, found = urlsplit(urljoin(url, written)), urlsplit(url)
        is_same = named.scheme in ("http", "https") and _site(named) == _site(found)
    except ValueError:
        return None
    return named.geturl() if is_same and _names_the_same(named, found) else None


def _site(parts: SplitResult) -> tuple[str, int | None]:
    return VARIANT.sub("", parts.hostname or ""), parts.port


def _names_the_same(named: SplitResult, found: SplitResult) -> bool:
    """Whether the last part of the canonical path stands in the path, and no number was lost on the way."""
    last = PurePosixPath(named.path).name
    stem = PurePosixPath(last).stem if "." in last else last
    kept = {value for _, value in parse_qsl(named.query)}
    numbers = {value for _, value in _article_fields(found.query) if DIGIT.search(value)}
    if named.path.rstrip("/") == found.path.rstrip("/"):
        return numbers <= kept
    return bool(stem) and stem.casefold() in found.path.casefold()


def _article_fields(query: str) -> list[tuple[str, str]]:
    """The fields that may tell which article it is: not those that say who linked to it."""
    return [pair for pair in parse_qsl(query) if not pair[0].lower().startswith(CAMPAIGN)]
