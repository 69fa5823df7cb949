"""`onrecord show`: an article of the warehouse on the terminal, with all that was found in its text.

Marks stand in the text itself, so that they show without colours, too: ⟦1 … ⟧ is quote 1, ‹ … › a name,
× before a line that was dropped. Below each paragraph stands who said its quotes.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.text import Text

from flows.console import console
from flows.explained import explained
from flows.marked_text import MarkedText
from flows.terminal import plain, shortened
from warehouse.lookups import FoundArticle, Row, article, find_articles

KEPT, CUT, BELOW = "    ", "  × ", "      "
WHERE_TO_LOOK = "onrecord sql 'SELECT input_id, title FROM current_articles' lists all."
MOST_LISTED = 12  # articles listed where several are meant
LEGEND = "⟦1 … ⟧ a quote   ‹ … › a name   × dropped"


def print_article(warehouse: Path, wanted: str) -> int:
    """Print the article that is meant; the exit code: 1 where none or several are.

    Raises WarehouseError where there is no warehouse.
    """
    found = find_articles(warehouse, wanted)
    if len(found) != 1:
        print_choice(wanted, found)
        return 1
    _Page(article(warehouse, found[0])).print()
    return 0


def print_choice(wanted: str, found: tuple[Row, ...]) -> None:
    """Say that there is no such article, or list those that could be meant."""
    if not found:
        print(f"onrecord: No article is called “{plain(wanted)}”; {WHERE_TO_LOOK}", file=sys.stderr)
        return
    print(f"{len(found):,} articles may be meant by “{plain(wanted)}”; name one by its id:")
    for row in found[:MOST_LISTED]:
        print(f"  {str(row['article_id'])[:8]}  {_facts(row)}  {shortened(row['title'] or '', 70)}")


def _facts(row: Row) -> str:
    return plain("  ".join(str(row[name]) for name in ("published_on", "outlet") if row[name] is not None))


class _Page:
    """Prints one article from its title to its list of names."""

    def __init__(self, found: FoundArticle) -> None:
        self.found = found
        self.page: Console = console(sys.stdout)
        self.numbers = {quote["quote_id"]: number for number, quote in enumerate(found.quotes, start=1)}
        self.text = MarkedText(found.facts["text"], found.quotes, found.mentions, self.numbers)

    def print(self) -> None:
        """All of it."""
        facts = self.found.facts
        self._line(plain(facts["title"] or facts["input_id"]), "bold underline")
        told = [_facts(facts), plain(facts["author"] or ""), plain(facts["url"] or "")]
        self._line("  ".join(part for part in told if part), "dim")
        self._line(LEGEND, "dim")
        for segment in self.found.segments:
            self._segment(segment)
        self.page.print()
        self._names()
        self._line(self._summed_up(), "bold")

    def _line(self, words: str, style: str = "") -> None:
        self.page.print(Text(words, style), overflow="fold")

    def _segment(self, segment: Row) -> None:
        """A part of the text under its role; the body has no heading, it is what one expects."""
        dropped = segment["role"] == "dropped"
        self.page.print()
        if segment["role"] != "body":
            heading = f"{segment['role']}  ·  {plain(segment['rule'])}  ·  {segment['score']:.2f}"
            self._line(heading, "bold red" if dropped else "cyan")
            if dropped and (why := explained(segment["role"], segment["rule"])):
                self._line(f"  {why}", "italic red")
        for start, end in self.text.lines(segment["char_start"], segment["char_end"]):
            self._paragraph(start, end, CUT if dropped else KEPT, "dim strike" if dropped else "")
            self._speakers(start, end)

    def _paragraph(self, start: int, end: int, margin: str, style: str) -> None:
        self._block(self.text.marked(start, end, style), margin)

    def _block(self, words: Text, margin: str) -> None:
        """Words behind a margin, folded at the width."""
        for line in words.wrap(self.page, self.page.width - len(margin)):
            line.rstrip()
            self.page.print(Text(margin) + line, soft_wrap=True)

    def _speakers(self, start: int, end: int) -> None:
        """Who said the quotes that begin in a paragraph."""
        for quote in self.found.quotes:
            if start <= quote["spans"][0]["char_start"] < end:
                told = f"{self.numbers[quote['quote_id']]} = {self._attribution(quote)}"
                self._block(Text(told, "green"), BELOW)

    def _attribution(self, quote: Row) -> str:
        who = plain(quote["speaker"] or "nobody in sight")
        role = f", {plain(quote['role'])}" if quote["role"] else ""
        worded = f" (“{plain(quote['worded'])}”)" if quote["worded"] and quote["worded"] != who else ""
        cue = f"  {plain(quote['cue'])}" if quote["cue"] else ""
        kinds = [quote["kind"], quote["stance"], f"{quote['score']:.2f}"]
        if quote["speaker_null_reason"]:
            kinds.append(quote["speaker_null_reason"])
        if quote["carrier_quote_id"]:
            kinds.append(f"inside {self.numbers[quote['carrier_quote_id']]}")
        return f"{who}{role}{worded}{cue}  ·  {', '.join(kinds)}"

    def _names(self) -> None:
        """The entities, the most frequent first, each with how often it is named."""
        counts = Counter(
            (plain(row["name"]), row["label"]) for row in self.found.mentions if row["name"] is not None
        )
        if not counts:
            return
        self._line("Names", "bold")
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{name} {label} {count}" for (name, label), count in ranked)
        self._block(Text(listed), KEPT)

    def _summed_up(self) -> str:
        quotes = len(self.found.quotes)
        unknown = sum(quote["speaker_null_reason"] is not None for quote in self.found.quotes)
        cuts = sum(segment["role"] == "dropped" for segment in self.found.segments)
        return (
            f"{quotes:,} quote{'' if quotes == 1 else 's'}, {unknown:,} without a canonical speaker; "
            f"{len(self.found.mentions):,} names and figures; "
            f"{cuts:,} stretch{'' if cuts == 1 else 'es'} dropped."
        )
