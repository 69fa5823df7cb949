"""Tellings of a story written by hand: a text whose quotes, names, dates and quantities are marked in it.

`{rosa lind: words}` is a quote of that speaker, `[words|n:radio norte]` an anchor with its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.link.statements import LinkedStatements, link_statements
from tasks.link.statements.model import Anchor, Saying, SayingsOfArticle, Source, StoryQuote, Telling
from tasks.link.statements.packing import packed_sayings, unpacked_sayings
from tasks.model import Span
from warehouse.ids import stable_id

NOON = datetime(2024, 5, 6, 12)  # noqa: DTZ001 - the warehouse stores UTC without a zone
MARK = re.compile(r"\{(?P<speaker>[a-z ]*): ?|\}|\[|\|(?P<key>[^]]*)\]")


def article(name: str) -> str:
    """The id of an article."""
    return str(stable_id("article", name))


@dataclass(frozen=True)
class Told:
    """A made article: its text, and what it reports."""

    text: str
    told: SayingsOfArticle

    @property
    def article_id(self) -> str:
        """Its id."""
        return self.told.source.article_id


def telling(name: str, marked: str, hours: int = 0) -> Told:
    """The article of that name, so many hours after noon, as it is read back from the warehouse."""
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
    packed = packed_sayings(Telling(text, tuple(quotes), tuple(anchors)))
    source = Source(article(name), NOON + timedelta(hours=hours))
    return Told(text, unpacked_sayings(packed, source) if packed else SayingsOfArticle(source, (), {}))


def link(*articles: Told) -> LinkedStatements:
    """What is said in a story of these articles."""
    return link_statements([one.told for one in articles])


def quote(name: str, speaker: str, start: int, end: int) -> StoryQuote:
    """A quote of a text; without a speaker where that is empty."""
    known = str(stable_id("entity", speaker)) if speaker else None
    last_name = speaker.rpartition(" ")[2] or None
    return StoryQuote(str(stable_id("quote", name, str(start))), (Span(start, end),), known, last_name)


def words(saying: Saying, *tellings: Told) -> str:
    """The words of a saying as its article has them."""
    [text] = [one.text for one in tellings if one.article_id == saying.article_id]
    return saying.span.of(text)
