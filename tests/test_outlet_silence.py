"""An outlet that goes silent shows: the view outlet_silence, and the check that warns of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.warehouse_samples import Rows, article, ingest, opened
from warehouse.checks import all_checks
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.rows import ArticleRow, OutletRow, VersionRow

FIRST = date(2024, 1, 1)
LOADED = datetime.fromisoformat("2024-06-01T12:00")


@dataclass(frozen=True)
class Outlet:
    """An outlet with an article on each of these days, counted from the first."""

    name: str
    days: Iterable[int]


def published(outlet: str, day: int) -> Rows:
    key = f"{outlet} {day}"
    rows = article(1)
    version = rows["article_versions"][0]
    assert isinstance(version, VersionRow)
    known: dict[str, Any] = version._asdict()
    known |= {"version_id": stable_id("version", key), "article_id": stable_id("article", key)}
    known |= {"published_on": FIRST + timedelta(days=day), "published_at": None, "location": key}
    return {
        "outlets": [OutletRow(stable_id("outlet", outlet), outlet)],
        "articles": [ArticleRow(stable_id("article", key), stable_id("outlet", outlet), key, None, key)],
        "article_versions": [VersionRow(**known)],
    }


def warned(folder: Path, *outlets: Outlet) -> list[tuple[Any, ...]]:
    """Outlet and last day of every warning, after a load of all."""
    files = WarehouseFiles(folder / "news.duckdb")
    ingest(files, "all", [published(outlet.name, day) for outlet in outlets for day in outlet.days], LOADED)
    script = next(check.sql for check in all_checks() if check.name == "silent_outlets")
    with opened(files) as con:
        return con.execute(f"SELECT outlet, last_on, days_since FROM ({script})").fetchall()


def test_an_outlet_that_stops_while_another_goes_on_is_told(tmp_path: Path) -> None:
    found = warned(tmp_path, Outlet("Daily", range(40)), Outlet("Gone", range(30)))
    assert found == [("Gone", FIRST + timedelta(days=29), 10)]


def test_a_week_is_no_silence(tmp_path: Path) -> None:
    assert warned(tmp_path, Outlet("Daily", range(37)), Outlet("Gone", range(30))) == []


def test_one_that_often_pauses_is_waited_for(tmp_path: Path) -> None:
    weekly = range(0, 80, 7)  # the last on day 77
    assert warned(tmp_path, Outlet("Daily", range(98)), Outlet("Weekly", weekly)) == []


def test_one_that_pauses_much_longer_than_ever_is_told(tmp_path: Path) -> None:
    weekly = range(0, 80, 7)
    found = warned(tmp_path, Outlet("Daily", range(100)), Outlet("Weekly", weekly))
    assert [outlet for outlet, *_ in found] == []  # eight of the last eight weeks: too few for a habit
    twice = sorted({*range(0, 80, 7), *range(3, 80, 7)})
    other = warned(tmp_path / "other", Outlet("Daily", range(100)), Outlet("Twice", twice))
    assert [outlet for outlet, *_ in other] == ["Twice"]


def test_the_end_of_an_archive_of_years_ago_is_no_silence(tmp_path: Path) -> None:
    assert warned(tmp_path, Outlet("Old", range(-400, -300)), Outlet("Daily", range(40))) == []


def test_where_all_stop_nobody_is_silent(tmp_path: Path) -> None:
    assert warned(tmp_path, Outlet("A", range(30)), Outlet("B", range(30))) == []


def test_a_date_of_the_future_keeps_nobody_alive_and_silences_nobody(tmp_path: Path) -> None:
    found = warned(tmp_path, Outlet("Daily", range(40)), Outlet("Gone", [*range(30), 400]))
    assert [outlet for outlet, *_ in found] == ["Gone"]
