"""From a warehouse to a page: what is asked for, what is shown where nobody asks, and how much at most."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from flows.next_command import warehouse_option
from flows.report.model import Report
from flows.report.overview import MOST_DAYS, overview
from flows.report.story import moment, story
from flows.terminal import plain
from warehouse.errors import WarehouseError
from warehouse.report import Limits, article_rows, latest, story_rows
from warehouse.report import overview as overview_rows

# A story of 200 articles has a million characters of text; a page with all of them would be slow on a phone.
LIMITS: Final = Limits(
    stories=20, days=MOST_DAYS, speakers=10, texts=30, characters=250_000, longest=30_000, names=12
)


def overview_page(warehouse: Path, now: datetime) -> Report:
    """The warehouse in figures, the latest stories, and the latest of them whole; else the latest article.

    Raises WarehouseError where there is no warehouse.
    """
    story_id, article_id = latest(warehouse)
    figures = overview(overview_rows(warehouse, LIMITS), story_id)
    shown = None
    if story_id:
        shown = story(story_rows(warehouse, story_id, LIMITS))
    elif article_id:
        shown = story(article_rows(warehouse, article_id, LIMITS))
    return Report(
        "Latest stories", moment(now), plain(warehouse.name), warehouse_option(warehouse), figures, shown
    )


def story_page(warehouse: Path, given: str, now: datetime) -> Report:
    """One story. Raises WarehouseError where there is none, or more than one, of that id."""
    shown = story(story_rows(warehouse, given, LIMITS))
    return Report(shown.title, moment(now), plain(warehouse.name), warehouse_option(warehouse), None, shown)


def article_page(warehouse: Path, article_id: str, now: datetime) -> Report:
    """One article, by its whole id. Raises WarehouseError where there is none, or no warehouse."""
    rows = article_rows(warehouse, article_id, LIMITS)
    if not rows.found.articles:
        raise WarehouseError("no_article", f"There is no article {article_id} in this warehouse.")
    shown = story(rows)
    return Report(shown.title, moment(now), plain(warehouse.name), warehouse_option(warehouse), None, shown)
