"""Which of the candidates of a source are wanted: by address and by age.

Called by the fetching part of ingest, before anything is asked for, and by `onrecord sources check`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from tasks.followed import FollowedSource
from tasks.web import Candidate

LOOKED_AT = 2_000  # characters of an address
FILE = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|ico|tiff?|bmp|mp[34]|m4[av]|aac|og[gv]|wav|flac|webm|mov|avi|mkv|flv|m3u8|pdf"
    r"|docx?|xlsx?|pptx?|odt|epub|rtf|csv|zip|gz|bz2|xz|rar|7z|tar|dmg|exe|apk|css|js|json|xml|rss|atom|woff2?|ttf)$"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The candidates to fetch, and how many were left for which reason.

    Reasons: `not_kept` (matches none of the patterns to keep), `skipped` (matches one to skip), `too_old`,
    `no_page` (a picture, a film, a file; in a sitemap also a list of articles).
    """

    candidates: tuple[Candidate, ...]
    left: dict[str, int]


def wanted(candidates: Iterable[Candidate], source: FollowedSource, now: datetime) -> Wanted:
    """Those of the candidates that the source's entry wants; `now` in naive UTC."""
    kept: list[Candidate] = []
    left: Counter[str] = Counter()
    for candidate in candidates:
        if reason := why_not(candidate, source, now):
            left[reason] += 1
        else:
            kept.append(candidate)
    return Wanted(tuple(kept), dict(left))


def why_not(candidate: Candidate, source: FollowedSource, now: datetime) -> str | None:
    """Why a candidate is not wanted; None where it is."""
    address = candidate.url[:LOOKED_AT]
    if _matches(source.skip, address):
        return "skipped"
    if source.keep and not _matches(source.keep, address):
        return "not_kept"
    if not source.keep and not is_page(candidate):
        return "no_page"
    dated = candidate.modified_at or candidate.published_at
    return "too_old" if dated and now - dated > source.max_age else None


def is_page(candidate: Candidate) -> bool:
    """Whether it may be an article by its address alone.

    A feed and a news sitemap name articles; other sitemaps name a site's lists of them as well, which courlan
    knows by their addresses.
    """
    if FILE.search(urlsplit(candidate.url).path):
        return False
    if candidate.found_in != "sitemap":
        return True
    from courlan.filters import type_filter  # takes a tenth of a second, which `onrecord --help` need not

    return bool(type_filter(candidate.url))


def _matches(patterns: tuple[str, ...], address: str) -> bool:
    return any(_compiled(pattern).search(address) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
