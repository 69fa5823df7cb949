"""Stories looked up in a published warehouse: the latest ones, and one with all that is said in it.

Called by `onrecord story` and `onrecord report`. What the questions are made of is in views/: latest_stories,
story_board, story_statements, story_wordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.connect import reading
from warehouse.errors import WarehouseError
from warehouse.query import result_of

Row = dict[str, Any]

# Of an id, so many characters at least are needed to find it; four name one in 65,536.
LEAST_PREFIX: Final = 4
_ID: Final = re.compile(r"[0-9a-f-]+")


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One story: its row of latest_stories, its articles, its statements, and how each was worded."""

    story: Row
    board: list[Row]
    statements: list[Row]
    wordings: list[Row]


def latest_stories(warehouse: Path, most: int, least_voices: int) -> list[Row]:
    """The latest stories with so many voices at least, as rows of the view.

    Raises WarehouseError: `older_schema`, and what `reading` raises.
    """
    with looking_up(warehouse) as con:
        return _rows(
            con,
            "SELECT * FROM latest_stories WHERE len(voices) >= $least LIMIT $most",
            {"least": least_voices, "most": most},
        )


def story_page(warehouse: Path, given: str) -> StoryPage:
    """The story of an id, or of the first characters of one; after a merge the one it went into.

    Raises WarehouseError: `no_story`, `several_stories`, `older_schema`, and what `reading` raises.
    """
    with looking_up(warehouse) as con:
        return page_of(con, given)


def page_of(con: duckdb.DuckDBPyConnection, given: str) -> StoryPage:
    """The same, asked on a connection that is open."""
    story_id = {"story": _story_id(con, given.strip().lower())}
    found = _rows(con, "SELECT * FROM latest_stories WHERE story_id = $story::UUID", story_id)
    return StoryPage(
        found[0],
        _rows(con, "FROM story_board($story)", story_id),
        _rows(con, "FROM story_statements($story)", story_id),
        _rows(con, "FROM story_wordings($story)", story_id),
    )


@contextmanager
def looking_up(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for reading; a warehouse without the views of stories is put into a sentence."""
    with reading(warehouse) as con:
        try:
            yield con
        except duckdb.CatalogException as error:
            raise WarehouseError(
                "older_schema",
                f"{warehouse} was made by an older onrecord; the next onrecord ingest brings it up to date.",
            ) from error


def _story_id(con: duckdb.DuckDBPyConnection, given: str) -> str:
    """The whole id of the story that is meant."""
    if len(given) < LEAST_PREFIX or not _ID.fullmatch(given):
        raise _no_story(given)
    ids = con.execute(
        """
        SELECT DISTINCT current_story(id)::VARCHAR
        FROM (
            SELECT story_id AS id FROM stories
            UNION ALL
            SELECT old_story_id FROM story_redirects
        )
        WHERE starts_with(id::VARCHAR, $given)
        LIMIT 2
        """,
        {"given": given},
    ).fetchall()
    if len(ids) > 1:
        raise WarehouseError("several_stories", f"Several stories begin with {given}; give more of the id.")
    if not ids or ids[0][0] is None:
        raise _no_story(given)
    return str(ids[0][0])


def _no_story(given: str) -> WarehouseError:
    return WarehouseError(
        "no_story",
        f"There is no story {given!r} in this warehouse; `onrecord story` lists the latest with their ids.",
    )


def _rows(con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[Row]:
    found = result_of(con.execute(sql, values))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
