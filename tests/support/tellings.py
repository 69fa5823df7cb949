"""Tellings of a story written by hand: a text whose quotes, names, dates and quantities are marked in it.

`{rosa lind: words}` is a quote of that speaker, `[words|n:radio norte]` an anchor with its key.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tasks.link.statements.model import Anchor, Saying, StoryQuote, Telling
from tasks.model import Span
from warehouse.ids import stable_id

NOON = datetime(2024, 5, 6, 12)  # noqa: DTZ001 - the warehouse stores UTC without a zone
MARK = re.compile(r"\{(?P<speaker>[a-z ]*): ?|\}|\[|\|(?P<key>[^]]*)\]")


def article(name: str) -> str:
    """The id of an article."""
    return str(stable_id("article", name))


def telling(name: str, marked: str, hours: int = 0) -> Telling:
    """The telling of an article of that name, so many hours after noon."""
    text, at = "", 0
    quotes: list[StoryQuote] = []
    anchors: list[Anchor] = []
    open_quote: tuple[str, int] | None = None
    open_anchor = 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark[0].startswith("{"):
            open_quote = (mark["speaker"], len(text))
        elif mark[0] == "}" and open_quote:
            quotes.append(quote(name, *open_quote, len(text)))
        elif mark[0] == "[":
            open_anchor = len(text)
        else:
            anchors.append(Anchor(Span(open_anchor, len(text)), mark["key"]))
    text += marked[at:]
    return Telling(article(name), NOON + timedelta(hours=hours), text, tuple(quotes), tuple(anchors))


def quote(name: str, speaker: str, start: int, end: int) -> StoryQuote:
    """A quote of a text; without a speaker where that is empty."""
    known = str(stable_id("entity", speaker)) if speaker else None
    last_name = speaker.rpartition(" ")[2] or None
    return StoryQuote(str(stable_id("quote", name, str(start))), (Span(start, end),), known, last_name)


def words(saying: Saying, *tellings: Telling) -> str:
    """The words of a saying as its article has them."""
    [text] = [one.text for one in tellings if one.article_id == saying.article_id]
    return saying.span.of(text)
