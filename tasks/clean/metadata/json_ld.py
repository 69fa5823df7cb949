"""The JSON-LD of a page: its objects, and which of them describes the article.

Called by `candidates`. Broken JSON is repaired where the break is a known one, and left out otherwise.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tasks.clean.metadata.wording import likeness, one_line

Node = Mapping[str, Any]

# The kinds of objects that describe an article, the most telling first.
ARTICLE_KINDS = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "LiveBlogPosting", "Article",
    "BlogPosting", "TechArticle", "ScholarlyArticle", "SocialMediaPosting", "Report", "Review",
    "VideoObject", "WebPage", "ItemPage",
)  # fmt: skip
KEPT_SCRIPTS = 8  # those of a page are read for its text and for its metadata: parsed once
MAX_NODES = 5000  # objects that are looked at; a page has up to some hundred
SAME_STORY = 0.5  # share of words in common from which a headline is that of the page
WRAPPED = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\*/)?)\s*$"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def json_ld_nodes(scripts: Iterable[str]) -> list[Node]:
    """The objects of all scripts, outer ones first."""
    found: list[Node] = []
    for script in scripts:
        found += _objects(_parsed(script), MAX_NODES - len(found))
    return found


@lru_cache(maxsize=KEPT_SCRIPTS)
def _parsed(script: str) -> object:
    """The value of a script; the known breaks are repaired only where it does not parse as it is."""
    bare = WRAPPED.sub("", script).strip().rstrip(";")
    for text in (bare, TRAILING_COMMA.sub(r"\1", bare)):
        try:
            value: object = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _objects(value: object, limit: int) -> Iterator[Node]:
    """The objects in a JSON value, outer ones first, without recursion."""
    waiting: deque[object] = deque([value])
    seen = 0
    while waiting and seen < limit:
        here = waiting.popleft()
        seen += 1
        if isinstance(here, dict):
            yield here
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)


def kinds(node: Node) -> list[str]:
    """The types of an object, without the vocabulary's address."""
    told = node.get("@type")
    return [str(kind).rsplit("/", 1)[-1] for kind in (told if isinstance(told, list) else [told]) if kind]


def article_nodes(nodes: Sequence[Node], names: Sequence[str]) -> list[Node]:
    """The objects that describe the page's article, the best first; `names` are what the page is called.

    An object with another story's headline (a related article, a post of a live blog) counts only where
    there is no other.
    """
    ranked = [
        (_strangeness(node, names), rank, at, node)
        for at, node in enumerate(nodes)
        if (rank := _rank(node)) is not None
    ]
    least = min((strangeness for strangeness, *_ in ranked), default=0)
    ranked = [found for found in ranked if found[0] == least]
    return [node for *_, node in sorted(ranked, key=lambda found: found[:3])]


def _rank(node: Node) -> int | None:
    """The place of the object's best kind; None where it describes no article."""
    if not (node.get("headline") or node.get("datePublished")):
        return None
    return min((ARTICLE_KINDS.index(kind) for kind in kinds(node) if kind in ARTICLE_KINDS), default=None)


def _strangeness(node: Node, names: Sequence[str]) -> int:
    """0 where the headline is one of the names, or nothing is known; 1 otherwise."""
    headline = one_line(node.get("headline"))
    if headline is None or not names:
        return 0
    return int(max(likeness(headline, name) for name in names) < SAME_STORY)
