"""What the page of `onrecord report` shows, one .sql file a question. Read-only, on the published warehouse.

`overview` answers for the whole warehouse; `story_rows` and `article_rows` for a story and for an article
that stands in none. How much is asked for at most is the page's matter: `Limits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from warehouse.query import result_of
from warehouse.story_lookup import Row, StoryPage, looking_up, page_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a warehouse goes onto a page, so that no story makes one that no browser opens."""

    stories: int  # in the list of the latest
    days: int  # of the chart
    speakers: int  # of the chart
    texts: int  # articles whose text is shown
    characters: int  # of all these texts together
    longest: int  # characters of one text; the rest is left out
    names: int  # of one kind


@dataclass(frozen=True, slots=True)
class OverviewRows:
    """The warehouse in figures: its totals, articles by day, the most quoted, the latest stories."""

    totals: Row
    days: tuple[Row, ...]
    speakers: tuple[Row, ...]
    stories: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TextRows:
    """Articles with all that was found in them; texts only as far as the limits go. Segments are theirs."""

    articles: tuple[Row, ...]
    texts: tuple[Row, ...]
    segments: tuple[Row, ...]
    quotes: tuple[Row, ...]
    entities: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StoryRows:
    """A story (None: an article that stands in none) and its articles."""

    page: StoryPage | None
    found: TextRows


def overview(path: Path, limits: Limits) -> OverviewRows:
    """The figures of a warehouse. Raises WarehouseError: `older_schema`, and what `reading` raises."""
    with looking_up(path) as con:
        return OverviewRows(
            _rows(con, "totals")[0],
            _rows(con, "days", most=limits.days),
            _rows(con, "speakers", most=limits.speakers),
            _rows(con, "stories", most=limits.stories),
        )


def latest(path: Path) -> tuple[str | None, str | None]:
    """What is shown where nobody asks: the ids of the latest story and of the latest article."""
    with looking_up(path) as con:
        found = _rows(con, "latest")
    return (found[0]["story_id"], found[0]["article_id"]) if found else (None, None)


def story_rows(path: Path, given: str, limits: Limits) -> StoryRows:
    """The story of an id or of its first characters, and its articles; of each voice the first ones first.

    Raises WarehouseError: `no_story`, `several_stories`, `older_schema`, and what `reading` raises.
    """
    with looking_up(path) as con:
        page = page_of(con, given)
        return StoryRows(page, _texts(con, _in_turn(page), limits))


def article_rows(path: Path, article_id: UUID | str, limits: Limits) -> StoryRows:
    """One article, by its whole id. Raises what `reading` raises."""
    with looking_up(path) as con:
        return StoryRows(None, _texts(con, [article_id], limits))


def _in_turn(page: StoryPage) -> list[UUID]:
    """The articles of a story: the first of each voice, then the second of each, and so on."""
    turns: list[tuple[int, int, UUID]] = []
    for row in page.board:
        turn = sum(voice == row["voice_no"] for _, voice, _ in turns)
        turns.append((turn, row["voice_no"], row["article_id"]))
    return [article for *_, article in sorted(turns)]


def _texts(con: duckdb.DuckDBPyConnection, articles: Sequence[UUID | str], limits: Limits) -> TextRows:
    ids = [str(article) for article in articles]
    texts = _rows(
        con, "texts", articles=ids, most=limits.texts, characters=limits.characters, longest=limits.longest
    )
    versions = [str(row["version_id"]) for row in texts]
    return TextRows(
        _rows(con, "articles", articles=ids),
        texts,
        _rows(con, "segments", versions=versions),
        _rows(con, "quotes", articles=ids),
        _rows(con, "entities", articles=ids, most=limits.names),
    )


def _rows(con: duckdb.DuckDBPyConnection, question: str, **values: Any) -> tuple[Row, ...]:
    sql = (resources.files(__name__) / f"{question}.sql").read_text("utf-8")
    result = result_of(con.execute(sql, values or None))
    return tuple(dict(zip(result.columns, row, strict=True)) for row in result.rows)
