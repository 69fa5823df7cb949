"""One article on a terminal: a table of what is known of it and from where, then its text with every cut.

Called by `onrecord extract`. Kept words stand indented; what was dropped has a cross before each line, so
that it shows without colours, too. Colours and strokes only where the output goes to a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from rich.text import Text

from flows.console import console, reading_width
from flows.explained import explained
from flows.terminal import plain

KEPT, CUT = "    ", "  × "

# What is shown of an article: its name, the fields that hold the value, the one that says from where.
FACTS = (
    ("Title", ("title",), "title_source"),
    ("Authors", ("author",), "authors_source"),
    ("Published", ("published_at",), "published_source"),
    ("Modified", ("modified_at",), "modified_source"),
    ("Agencies", ("agencies",), None),
    ("Outlet", ("outlet",), "outlet_source"),
    ("Publisher", ("publisher",), "publisher_source"),
    ("Address", ("url",), "url_source"),
    ("Section", ("section",), "section_source"),
    ("Language", ("language",), "language_source"),
    ("Dateline", ("dateline_place", "dateline_agencies", "dateline_on"), None),
    ("Read as", ("form", "encoding"), None),
)
ALWAYS = frozenset({"Title", "Authors", "Published", "Outlet", "Language"})  # shown even where unknown


class ArticleView:
    """Prints articles, one below the other."""

    def __init__(self) -> None:
        self.width = reading_width(sys.stdout)
        self.console = console(sys.stdout)

    def show(self, facts: Mapping[str, Any], number: int, of: int) -> None:
        """Print one article, the so-many-th."""
        place = f"  ({number} of {of})" if of > 1 else ""
        self.line(plain(facts["location"]) + place, "bold underline")
        for name, value, source in known(facts):
            self.fact(name, value, source)
        self.console.print()
        for segment in facts["segments"]:
            self.segment(segment)
        self.console.print()
        self.line(summed_up(facts), "bold")
        self.console.print()

    def line(self, words: str, style: str = "") -> None:
        """Print words as they are, folded at the width."""
        self.console.print(Text(words, style), overflow="fold")

    def fact(self, name: str, value: str, source: str) -> None:
        """Print one line of the table of what is known."""
        indent = 11
        told = Text(plain(value) or "unknown", "" if value else "dim")
        if source:
            told.append(f"  [{plain(source)}]", "dim")
        for at, line in enumerate(told.wrap(self.console, self.width - indent)):
            line.rstrip()
            label = Text((name if at == 0 else "").ljust(indent), "bold")
            self.console.print(label + line, soft_wrap=True)

    def segment(self, segment: Mapping[str, Any]) -> None:
        """Print a stretch of the text below its role, rule and score, with the reason where it was cut."""
        dropped = segment["role"] == "dropped"
        heading = f"{segment['role']}  ·  {plain(segment['rule'])}  ·  {segment['score']:.2f}"
        self.line(heading, "bold red" if dropped else "cyan")
        if why := explained(segment["role"], segment["rule"]):
            self.line(f"  {why}", "italic red" if dropped else "dim")
        if link := segment.get("linked_article_id"):
            self.line(f"  It is the title of article {link}.", "italic red")
        for line in segment["text"].split("\n"):
            self.words(plain(line).strip(), CUT if dropped else KEPT, "dim strike" if dropped else "")

    def words(self, words: str, margin: str, style: str) -> None:
        """Print a paragraph behind a margin."""
        if not words:
            return
        for line in Text(words, style).wrap(self.console, self.width - len(margin)):
            line.rstrip()
            self.console.print(Text(margin) + line, soft_wrap=True)


def known(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, value and source of what is known, and of what should be."""
    for name, fields, source in FACTS:
        value = ", ".join(part for field in fields if (part := readable(facts.get(field))))
        if value or name in ALWAYS:
            yield name, value, readable(facts.get(source)) if value and source else ""
    if rules := facts.get("source_rules"):
        told = ", ".join(f"{name} {readable(value)}" for name, value in rules.items())
        yield "Ordered", told, "sources.toml"


def readable(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(readable(item) for item in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return str(value)


def summed_up(facts: Mapping[str, Any]) -> str:
    """How much is the article, and how much was cut off."""
    words: dict[str, int] = {}
    for segment in facts["segments"]:
        role = segment["role"]
        words[role] = words.get(role, 0) + len(segment["text"].split())
    body, dropped = words.pop("body", 0), words.pop("dropped", 0)
    others = ", ".join(f"{role} {count:,}" for role, count in words.items() if count)
    cuts = sum(segment["role"] == "dropped" for segment in facts["segments"])
    stretches = f"{cuts:,} {'stretch' if cuts == 1 else 'stretches'}"
    cut = f"{dropped:,} dropped in {stretches}" if cuts else "none dropped"
    return f"Words: {body:,} body{', ' if others else ''}{others}, {cut}."
