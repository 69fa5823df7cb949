"""`onrecord quotes`: quotes as a person reads them, as CSV or as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from flows.console import console
from flows.sql_command import FORMS
from flows.terminal import plain
from warehouse.lookups import find_quotes, speakers_like
from warehouse.query import QueryResult

INDENT = "    "
NOBODY = "Nobody in sight"


def print_quotes(
    warehouse: Path, speaker: str | None, outlet: str | None, since: date | None, form: str
) -> None:
    """Print the quotes that were asked for; `form` is text, csv or json.

    Raises WarehouseError where there is no warehouse.
    """
    found = find_quotes(warehouse, speaker, outlet, since)
    if form != "text":
        FORMS[form](found)
        return
    _print_readable(found)
    if not found.rows and speaker is not None and (names := speakers_like(warehouse, speaker)):
        print(f"Did you mean {' or '.join(plain(name) for name in names)}?")


def _print_readable(found: QueryResult) -> None:
    """A line for each article, and below it who said what in it."""
    page = console(sys.stdout)
    article = None
    for values in found.rows:
        row = dict(zip(found.columns, values, strict=True))
        if row["article_id"] != article:
            article = row["article_id"]
            _block(page, Text(_place(row), "bold underline"), "")
        _block(page, _attribution(row), "  ")
        _block(page, Text(plain(row["quote"])), INDENT)
        page.print()
    speakers = len({_who(dict(zip(found.columns, values, strict=True))) for values in found.rows})
    page.print(_total(len(found.rows), speakers))


def _block(page: Console, words: Text, margin: str) -> None:
    """Words behind a margin, folded at the width."""
    for line in words.wrap(page, page.width - len(margin)):
        line.rstrip()
        page.print(Text(margin) + line, soft_wrap=True)


def _place(row: Mapping[str, Any]) -> str:
    parts = (row["published_on"], row["outlet"], row["title"])
    return plain("  ".join(str(part) for part in parts if part is not None)) or "An article without a title"


def _who(row: Mapping[str, Any]) -> str:
    return plain(row["speaker"] or NOBODY)


def _attribution(row: Mapping[str, Any]) -> Text:
    """As in "Anna Berg, Finance Minister (“she”, said)  direct"."""
    line = Text()
    line.append(_who(row), "bold")
    if row["role"]:
        line.append(f", {plain(row['role'])}")
    worded = f"“{plain(row['worded'])}”" if row["worded"] and row["worded"] != row["speaker"] else None
    cue = plain(row["cue"]) if row["cue"] else None
    if told := ", ".join(part for part in (worded, cue) if part):
        line.append(f" ({told})", "dim")
    why = row["speaker_null_reason"]
    kinds = [row["kind"], *([row["stance"]] if row["stance"] != "speech" else []), *([why] if why else [])]
    line.append("  " + ", ".join(kinds), "cyan")
    return line


def _total(quotes: int, speakers: int) -> str:
    if not quotes:
        return "No quotes."
    by = f"{speakers:,} speaker{'' if speakers == 1 else 's'}"
    return f"{quotes:,} quote{'' if quotes == 1 else 's'} by {by}"
