"""`onrecord story`: the latest stories as a list, or one of them as a page.

A page has the outlets, then what several voices quote, word by word, then what each alone has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from flows.console import console
from flows.exported import as_json as json_of
from flows.outcome import counted
from flows.terminal import plain, shortened
from warehouse.story_lookup import Row, StoryPage, latest_stories, story_page

MOST_LISTED: Final = 20  # stories; --all lists every one
MOST_ALONE: Final = 4  # statements of one voice that are shown; --all shows every one
SHORT_ID: Final = 8  # characters of an id, enough to find a story again
# What stands before a wording, by its kind; the words for people are in the heading of the part.
SIGNS: Final = {"head": " ", "same": "=", "fragment": "⊂", "variant": "~", "reworded": "≈"}
LEGEND: Final = "= word for word   ⊂ a part   ~ edited   ≈ translated or retold, not counted"


def print_latest(warehouse: Path, *, everything: bool, as_json: bool) -> None:
    """List the latest stories, those that several voices tell; every one where `everything` is asked for.

    Raises WarehouseError where there is no warehouse.
    """
    rows = latest_stories(warehouse, *((sys.maxsize, 1) if everything else (MOST_LISTED, 2)))
    if as_json:
        for row in rows:
            print(json_of(row))
        return
    if not rows:
        print("No story is told by several outlets yet; onrecord story --all lists those that one tells.")
        return
    page = console(sys.stdout)
    for row in rows:
        facts = f"{day(row['last_published_at'])}  {counted(len(row['voices']), 'voice')}"
        shared = row["shared_statements"]
        said = f", {counted(shared, 'shared statement')}" if shared else ""
        page.print(Text(str(row["story_id"])[:SHORT_ID], "cyan"), Text(f" {facts}{said}", "dim"))
        page.print(Text(f"  {shortened(row['title'] or 'without a title', page.width - 2)}", "bold"))
        page.print(Text(f"  {shortened(', '.join(row['voices']), page.width - 2)}"))
    print(f"\nNext      onrecord story {str(rows[0]['story_id'])[:SHORT_ID]}")


def print_story(warehouse: Path, given: str, *, everything: bool, as_json: bool) -> None:
    """Print the story of an id or of its first characters.

    Raises WarehouseError where there is no such story, or more than one.
    """
    page = story_page(warehouse, given)
    if as_json:
        print(json_of(as_object(page)))
        return
    view = StoryView(page, everything=everything)
    view.print()


def as_object(page: StoryPage) -> dict[str, Any]:
    """A story as one JSON object: its facts, `articles`, and `statements` with their `wordings`."""
    wordings = {
        statement: list(rows)
        for statement, rows in groupby(page.wordings, key=lambda row: row["statement_id"])
    }
    statements = [{**row, "wordings": wordings.get(row["statement_id"], [])} for row in page.statements]
    return {**page.story, "board": page.board, "statements": statements}


class StoryView:
    """Prints one story."""

    def __init__(self, page: StoryPage, *, everything: bool) -> None:
        self.page = page
        self.everything = everything
        self.console = console(sys.stdout)
        self.width = self.console.width

    def print(self) -> None:
        """The whole page."""
        self.heading()
        self.outlets()
        self.shared()
        self.alone()

    def heading(self) -> None:
        """What the story is."""
        story = self.page.story
        days = sorted({day(story["first_published_at"]), day(story["last_published_at"])})
        copies = f", {story['copies']} of them copies" if story["copies"] else ""
        facts = (
            f"Story {story['story_id']}",
            f"{counted(story['articles'], 'article')}{copies}",
            counted(len(story["voices"]), "voice"),
            " to ".join(days),
        )
        self.lines(plain(story["title"] or "without a title"), style="bold")
        self.lines(" · ".join(facts), style="dim")

    def outlets(self) -> None:
        """Each voice with its articles, in the order of publication."""
        self.part("Outlets")
        names = min(max(len(plain(row["outlet"] or "unknown")) for row in self.page.board), self.width // 3)
        for _, rows in groupby(self.page.board, key=lambda row: row["voice_no"]):
            for number, row in enumerate(rows):
                mark = f"{row['voice_no']:>3}" if number == 0 else "   "
                name = shortened(row["outlet"] or "unknown", names).ljust(names)
                tail = "a copy" if row["role"] == "copy" else counted(row["quotes"], "quote")
                known = f"{mark}  {name}  {when(row):<17}  {tail:>10}  "
                title = shortened(row["title"] or "", max(self.width - len(known), 20))
                self.console.print(Text.assemble(known, (title, "dim")), soft_wrap=True)

    def shared(self) -> None:
        """The statements that several voices have, each with its wordings."""
        shown = [
            (rows[0], rows)
            for _, group in groupby(self.page.wordings, key=lambda row: row["statement_id"])
            for rows in [list(group)]
            if rows[0]["voices"] > 1
        ]
        self.part("Said in several", LEGEND if shown else "")
        if not shown:
            self.lines("  No statement was found in two of them.", style="dim")
        left_out = {row["statement_id"]: row["left_out_by"] for row in self.page.statements}
        for first, rows in shown:
            self.statement(first, rows, left_out.get(first["statement_id"]) or ())

    def statement(self, first: Row, rows: Iterable[Row], left_out: Sequence[str]) -> None:
        """One statement as each outlet words it, and who left it out."""
        self.console.print()
        self.lines(f"  {plain(first['speaker'] or 'Somebody')}", style="bold")
        for row in once_each(rows):
            told = "(the same words)" if row["kind"] == "same" else spoken(row)
            outlet = (plain(row["outlet"] or "unknown"), "cyan")
            self.hanging(f"  {SIGNS[row['kind']]} ", Text.assemble(outlet, f"  {told}"))
        if left_out:
            self.hanging("  – ", Text(f"left out by {plain(', '.join(left_out))}", "dim"))

    def alone(self) -> None:
        """What each voice has for itself: words in quote marks, or all of it."""
        lonely = [
            row
            for row in self.page.statements
            if row["voices"] == 1 and not row["reworded_by"] and (row["marked"] or self.everything)
        ]
        for voice, group in groupby(
            sorted(lonely, key=lambda row: row["quoted_by"][0]), key=lambda row: row["quoted_by"][0]
        ):
            rows = list(group)
            self.part(f"Only in {plain(voice)}")
            for row in rows if self.everything else rows[:MOST_ALONE]:
                speaker = (plain(row["speaker"] or "Somebody"), "bold")
                said = spoken({**row, "wording": row["statement"]})
                self.hanging("    ", Text.assemble(speaker, f"  {said}"))
            if not self.everything and len(rows) > MOST_ALONE:
                self.lines(f"    and {len(rows) - MOST_ALONE:,} more; --all shows them", style="dim")

    # --- lines ---------------------------------------------------------------------

    def part(self, name: str, remark: str = "") -> None:
        """The heading of a part."""
        self.console.print()
        self.hanging("", Text.assemble((name, "bold underline"), (f"  {remark}" if remark else "", "dim")))

    def lines(self, words: str, style: str = "") -> None:
        """Words folded at the width."""
        margin = len(words) - len(words.lstrip())
        self.hanging(" " * margin, Text(words.lstrip(), style))

    def hanging(self, sign: str, words: Text) -> None:
        """Words folded at the width, below each other behind a sign."""
        for number, line in enumerate(words.wrap(self.console, self.width - len(sign))):
            line.rstrip()
            margin = sign if number == 0 else " " * len(sign)
            self.console.print(Text.assemble(margin, line), soft_wrap=True)


def once_each(rows: Iterable[Row]) -> Iterator[Row]:
    """The wordings, of one outlet no two with the same words."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        place = (row["outlet"] or "", row["wording"].casefold())
        if place not in seen:
            seen.add(place)
            yield row


def spoken(row: Row) -> str:
    """A wording, in quote marks where the article gives it as the speaker's own words."""
    words = plain(row["wording"])
    return f"“{words}”" if row["marked"] else words


def when(row: Row) -> str:
    """When an article was published: the day, or how long after the first of the story."""
    published: datetime | None = row["published_at"]
    if published is None:
        return "no date"
    behind: timedelta = row["behind_first"]
    minutes = int(behind.total_seconds() // 60)
    if not minutes or published.time() == datetime.min.time():
        return day(published)
    if minutes < 2 * 24 * 60:
        return f"{day(published)} +{minutes // 60}:{minutes % 60:02}"
    return f"{day(published)} +{behind.days} d"


def day(moment: datetime | None) -> str:
    """The day of a moment."""
    return f"{moment:%Y-%m-%d}" if moment else "no date"
