"""`onrecord report`: makes the page, puts it into its file in one go, says what is on it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from flows.outcome import counted
from flows.report.build import article_page, overview_page, story_page
from flows.report.model import Report
from flows.report.page import html
from flows.show_command import print_choice
from flows.terminal import shortened
from tasks.errors import UsageError
from warehouse.connect import in_sentences
from warehouse.durable import write_durably
from warehouse.files import WarehouseFiles
from warehouse.lookups import find_articles

WIDTH = 90  # columns of the title in the last line
STANDARD_OUTPUT = Path("-")


def print_report(warehouse: Path, story: str | None, article: str | None, target: Path) -> int:
    """Write the page that is asked for; the exit code: 1 where none or several articles are meant.

    Raises WarehouseError where there is no warehouse or no such story, or the file cannot be written.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    if article is not None:
        found = find_articles(warehouse, article)
        if len(found) != 1:
            print_choice(article, found)
            return 1
        report = article_page(warehouse, str(found[0]["article_id"]), now)
    else:
        report = story_page(warehouse, story, now) if story is not None else overview_page(warehouse, now)
    _write(report, target)
    return 0


def _write(report: Report, target: Path) -> None:
    page = html(report)
    if target == STANDARD_OUTPUT:
        sys.stdout.write(page)
        return
    put_page(page, target)
    print(f"{target}: {told(report)}, {len(page.encode()) / 1000:,.0f} kB")
    print("Open it in a browser; it needs no network, and can be sent as it is.")


def put_page(page: str, target: Path) -> None:
    """Put a page into its file in one step, in a folder that may be new.

    Raises UsageError or WarehouseError where that cannot be.
    """
    try:
        with in_sentences(WarehouseFiles(target)):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_durably(target, page)
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror}); name another file.") from error


def told(report: Report) -> str:
    """What is on a page, in a line."""
    pieces = []
    if report.overview:
        stories = len(report.overview.stories)
        pieces.append(f"{stories:,} {'story' if stories == 1 else 'stories'}")
    if story := report.story:
        what = f"story {story.story_id[:8]}" if story.story_id else "one article"
        pieces.append(f"{what} “{shortened(story.title, WIDTH)}”")
        if story.story_id:
            pieces.append(counted(len(story.articles) + story.without_text, "article"))
    return ", ".join(pieces) or "nothing is loaded yet"
