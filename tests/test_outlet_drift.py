"""An outlet that changes its template shows: the view outlet_drift, and the check that warns of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.warehouse_samples import LATER, NOON, RUN, Rows, ingest, opened
from warehouse.checks import all_checks, run_checks
from warehouse.checks.scope import look_at
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.rows import ArticleRow, OutletRow, QuoteRow, SegmentRow, VersionRow

FIRST = date(2024, 1, 1)  # a Monday
WEEKS = 5
A_WEEK = 12  # articles


@dataclass(frozen=True)
class Look:
    """How an outlet's articles come out. Lengths go up and down by a half, as those of real ones."""

    length: int = 3000
    dropped: float = 0.04
    is_dated: bool = True
    authors: tuple[str, ...] = ("Ann Ward",)
    quotes: int = 3


USUAL = Look()


def made(outlet: str, week: int, number: int, look: Look) -> Rows:
    """One article of an outlet and week."""
    key = f"{outlet} {week} {number}"
    version_id, article_id = stable_id("version", key), stable_id("article", key)
    kept = look.length * (2 + number % 3) // 3
    length = round(kept / (1 - look.dropped))
    day = FIRST + timedelta(weeks=week, days=number % 7)
    known: dict[str, Any] = dict.fromkeys(VersionRow._fields)
    known |= {"version_id": version_id, "article_id": article_id, "text": "a" * length, "form": "text"}
    known |= {"location": key, "source_digest": key, "extractor": "test", "authors": look.authors}
    known |= {"dateline_agencies": (), "published_on": day if look.is_dated else None}
    segments = [SegmentRow(version_id, 0, 0, kept, "body", "text", 1.0)]
    if length > kept:
        segments.append(SegmentRow(version_id, 1, kept, length, "dropped", "tail", 0.9))
    return {
        "outlets": [OutletRow(stable_id("outlet", outlet), outlet)],
        "articles": [ArticleRow(article_id, stable_id("outlet", outlet), key, None, key)],
        "article_versions": [VersionRow(**known)],
        "segments": list(segments),
        "quotes": [said(version_id, at) for at in range(look.quotes + number % 2)],
    }


def said(version_id: Any, at: int) -> QuoteRow:
    known: dict[str, Any] = dict.fromkeys(QuoteRow._fields)
    known |= {"quote_id": stable_id("quote", str(version_id), str(at)), "version_id": version_id}
    known |= {"kind": "direct", "stance": "speech", "text": "a", "char_start": at, "char_end": at + 1}
    known |= {"speaker_null_reason": "not found", "score": 1.0, "rule": "marks"}
    return QuoteRow(**known)


def weeks(outlet: str, looks: list[Look], a_week: int = A_WEEK) -> list[Rows]:
    """So many weeks of an outlet."""
    return [made(outlet, week, n, look) for week, look in enumerate(looks) for n in range(a_week)]


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def warned(files: WarehouseFiles, documents: list[Rows]) -> list[tuple[Any, ...]]:
    """Outlet, week and measure of every warning, after a load of the documents."""
    ingest(files, "all", documents)
    with opened(files) as con:
        return departures(con)


def departures(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    look_at(con, None)
    script = next(check.sql for check in all_checks() if check.name == "outlet_drift")
    return con.execute(f"SELECT outlet, week, measure FROM ({script}) ORDER BY ALL").fetchall()


@pytest.mark.parametrize(
    ("measure", "changed"),
    [
        ("dropped_share", Look(dropped=0.3)),
        ("typical_length", Look(length=900)),
        ("typical_length", Look(length=9000)),
        ("without_authors_share", Look(authors=())),
        ("quotes_per_article", Look(quotes=0)),
    ],
)
def test_a_template_that_changed_in_the_last_week_is_warned_of(
    files: WarehouseFiles, measure: str, changed: Look
) -> None:
    documents = weeks("The Ledger", [USUAL] * (WEEKS - 1) + [changed]) + weeks("The Herald", [USUAL] * WEEKS)
    assert warned(files, documents) == [("The Ledger", FIRST + timedelta(weeks=WEEKS - 1), measure)]


def test_dates_that_got_lost_are_warned_of_when_the_articles_come(files: WarehouseFiles) -> None:
    documents = weeks("The Ledger", [USUAL] * (WEEKS - 1))
    ingest(files, "before", documents, NOON)
    undated = [made("The Ledger", WEEKS, n, Look(is_dated=False)) for n in range(A_WEEK)]
    ingest(files, "now", undated, LATER)
    with opened(files) as con:
        monday = LATER.date() - timedelta(days=LATER.weekday())
        assert departures(con) == [("The Ledger", monday, "without_date_share")]


def test_an_archive_in_which_some_dates_are_missing_is_no_drift(files: WarehouseFiles) -> None:
    looks = [[Look(is_dated=n % 5 > 0) for n in range(A_WEEK)] for _ in range(WEEKS)]
    documents = [made("The Ledger", w, n, look) for w, row in enumerate(looks) for n, look in enumerate(row)]
    assert warned(files, documents) == []


def test_where_nothing_changes_nothing_is_said(files: WarehouseFiles) -> None:
    assert warned(files, weeks("The Ledger", [USUAL] * WEEKS)) == []


def test_a_small_outlet_does_not_flicker(files: WarehouseFiles) -> None:
    assert (
        warned(files, weeks("The Village Post", [USUAL] * 20 + [Look(length=500, quotes=0)], a_week=3)) == []
    )


def test_one_odd_article_is_no_drift(files: WarehouseFiles) -> None:
    odd = Look(length=60_000, dropped=0.9, authors=(), quotes=0)
    documents = weeks("The Ledger", [USUAL] * WEEKS)
    documents[-1] = made("The Ledger", WEEKS - 1, A_WEEK - 1, odd)
    assert warned(files, documents) == []


def test_a_change_that_has_become_usual_is_warned_of_no_more(files: WarehouseFiles) -> None:
    changed = Look(dropped=0.3)
    assert warned(files, weeks("The Ledger", [USUAL] * 3 + [changed] * 9)) == []


def test_a_week_that_has_just_begun_does_not_hide_the_one_before(files: WarehouseFiles) -> None:
    documents = weeks("The Ledger", [USUAL] * 4 + [Look(authors=())])
    documents += [made("The Ledger", 5, n, USUAL) for n in range(3)]
    assert [measure for _, _, measure in warned(files, documents)] == ["without_authors_share"]


def test_the_warning_does_not_fail_the_run_and_names_what_changed(files: WarehouseFiles) -> None:
    ingest(files, "all", weeks("The Ledger", [USUAL] * 4 + [Look(dropped=0.3)]))
    with opened(files) as con:
        found = {result.check.name: result for result in run_checks(con, RUN, NOON)}["outlet_drift"]
        assert (found.violations, found.failed) == (1, False)
        assert "The Ledger" in found.sample[0]
        assert "dropped_share" in found.sample[0]


def test_an_outlet_of_which_nothing_new_came_is_not_warned_of_again(files: WarehouseFiles) -> None:
    ingest(files, "one", weeks("The Ledger", [USUAL] * 4 + [Look(dropped=0.3)]), NOON)
    ingest(files, "two", weeks("The Herald", [USUAL] * 4), LATER)
    with opened(files) as con:
        for since, violations in ((None, 1), (LATER, 0)):
            results = {result.check.name: result for result in run_checks(con, RUN, LATER, since=since)}
            assert results["outlet_drift"].violations == violations


def test_the_view_tells_each_week_beside_its_past(files: WarehouseFiles) -> None:
    ingest(files, "all", weeks("The Ledger", [USUAL] * 3))
    with opened(files) as con:
        found = con.execute(
            """
            SELECT
                week,
                articles,
                round(dropped_share, 3),
                without_date_share,
                quotes_per_article,
                past_articles
            FROM outlet_drift
            ORDER BY week
            """
        ).fetchall()
    assert found == [(FIRST + timedelta(weeks=n), A_WEEK, 0.04, 0.0, 3.5, n * A_WEEK) for n in range(3)]
