"""What the checks look at: all there is, or what was loaded since a moment. They read it from views.

`checked_mentions` and its like hold the rows that were added since, `checked_versions` the versions loaded
since, `checked_stories` the stories that tell them now. So the checks after a load cost what the load costs,
not what the warehouse costs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import duckdb

# Tables whose rows are added behind the others and stay where they are. The ledger says how many were added.
GROWING: Final = (
    "articles",
    "segments",
    "entities",
    "entity_aliases",
    "mentions",
    "quotes",
    "quote_spans",
    "observations",
)
OF_STORIES: Final = ("stories", "story_articles", "quote_pairs", "statements", "statement_wordings")
# An outlet's week is compared with the eight before it; one more, since weeks begin on Mondays.
WEEKS: Final = 9
# No two articles of a pair lie further apart, in days: linking compares within a week.
PAIR_DAYS: Final = 14

# Everything is looked at again when so large a share of it was loaded since the last time: each article takes
# part in a bounded number of these, however large the warehouse grows.
ALL_AGAIN_SHARE: Final = 0.1
# Below so many versions more, what was loaded is enough.
LEAST_MORE: Final = 1_000

# Table names below are our own constants, and moments are written by us: that is what S608 is about.


def look_at(con: duckdb.DuckDBPyConnection, since: datetime | None) -> None:
    """Have the checks look at what was loaded from then on; None: at everything."""
    for table in GROWING:
        _view(con, table, f"rowid >= {_first_row(con, table, since)}" if since else "true")
    loaded = f"extracted_at >= TIMESTAMP '{since.isoformat(sep=' ')}'" if since else "true"
    con.execute(f"CREATE OR REPLACE TEMP VIEW checked_versions AS FROM article_versions WHERE {loaded}")
    _view_as(con, "checked_weeks", f"FROM article_versions WHERE {_near_new(con) if since else 'true'}")
    new = "article_id IN (SELECT article_id FROM checked_versions)" if since else "true"
    _view(con, "linked_articles", new)
    told = f"story_id IN (SELECT story_id FROM story_articles WHERE {new})" if since else "true"  # noqa: S608
    for table in OF_STORIES:
        _view(con, table, told)
    _view(con, "article_pairs", _of_new_articles(con) if since else "true")


def is_all_due(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether so much was loaded since all was looked at that it is to be looked at again."""
    [(more, total)] = con.execute(
        """
        SELECT
            count(*) FILTER (extracted_at > coalesce(
                (SELECT max(checked_at) FROM quality_checks WHERE of_all),
                TIMESTAMP '0001-01-01'
            )),
            count(*)
        FROM article_versions
        """
    ).fetchall()
    return bool(more >= max(LEAST_MORE, ALL_AGAIN_SHARE * total))


def is_all(con: duckdb.DuckDBPyConnection, since: datetime) -> bool:
    """Whether nothing was loaded before that moment."""
    row = con.execute("SELECT 1 FROM load_batches WHERE loaded_at < ? LIMIT 1", [since]).fetchone()
    return row is None


def _view(con: duckdb.DuckDBPyConnection, table: str, which: str) -> None:
    _view_as(con, f"checked_{table}", f"FROM {table} WHERE {which}")


def _view_as(con: duckdb.DuckDBPyConnection, name: str, rows: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")


def _near_new(con: duckdb.DuckDBPyConnection) -> str:
    """What came out from the weeks before the first of the new articles on."""
    [(first,)] = con.execute(
        "SELECT min(coalesce(published_on, extracted_at::DATE)) FROM checked_versions"
    ).fetchall()
    if first is None:
        return "false"
    return f"coalesce(published_on, extracted_at::DATE) >= DATE '{first - timedelta(weeks=WEEKS)}'"


def _first_row(con: duckdb.DuckDBPyConnection, table: str, since: datetime) -> int:
    """The number of the first row that was added since: rows are numbered as they come."""
    [(first,)] = con.execute(
        f"""
        SELECT (SELECT count(*) FROM {table}) - coalesce(sum({table}), 0)
        FROM load_batches
        WHERE loaded_at >= ?
        """,  # noqa: S608
        [since],
    ).fetchall()
    return max(int(first), 0)


def _of_new_articles(con: duckdb.DuckDBPyConnection) -> str:
    days_linked = "SELECT min(linked_on), max(linked_on) FROM checked_linked_articles"
    [(first, last)] = con.execute(days_linked).fetchall()
    if first is None:
        return "false"
    new = "IN (SELECT article_id FROM checked_linked_articles)"
    days = f"linked_on BETWEEN DATE '{first - timedelta(PAIR_DAYS)}' AND DATE '{last}'"
    return f"{days} AND (article_a {new} OR article_b {new})"
