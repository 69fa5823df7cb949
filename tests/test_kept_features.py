"""What linking compares articles by is kept beside the warehouse: lost, torn or old, it is made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.link.features import FEATURES
from tasks.link.story_step import link_stories
from tests.support.loading import load_inputs
from tests.support.made_links import MadeArticle, rows_of
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.linking import kept
from warehouse.load import load_batch, sweep
from warehouse.staging import write_batch

SEEDS = Path(__file__).parent.parent / "seeds"
ANSWERS = ("article_pairs", "linked_articles", "story_articles", "stories", "statements")
COLUMNS = "version_id, sizes, terms, weights, characters, fingerprints, shingles"


def linking_file(files: WarehouseFiles) -> Path:
    return files.work / "linking.duckdb"


def features_in(files: WarehouseFiles) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(linking_file(files)), read_only=True) as con:
        return con.execute(f"SELECT {COLUMNS}, linked_on FROM article_features ORDER BY ALL").fetchall()


def told(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {table: con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ANSWERS}


def link_anew(files: WarehouseFiles) -> dict[str, list[tuple[Any, ...]]]:
    with loading(files, wait_seconds=5) as con:
        con.execute("UPDATE linked_articles SET linker = 'an older one'")
        link_stories(con, utc_now())
        return told(con)


@pytest.fixture
def seeds(tmp_path: Path) -> WarehouseFiles:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    load_inputs(files, SEEDS)
    with loading(files, wait_seconds=5) as con:
        link_stories(con, utc_now())
    return files


def lose(file: Path) -> None:
    file.unlink()


def tear(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:6000])


def flip_bits(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for at in range(12_288, len(content), 4096):  # behind the headers, some in every block
        content[at] ^= 0xFF
    file.write_bytes(content)


def put_another_there(file: Path) -> None:
    file.unlink()
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE TABLE article_features (of_another_program INTEGER)")


def age(file: Path) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE article_features SET features = 'features 0', terms = ''::BLOB")


@pytest.mark.parametrize("harm", [lose, tear, flip_bits, put_another_there, age])
def test_what_is_not_there_is_made_of_the_texts_as_workers_make_it(
    seeds: WarehouseFiles, harm: Callable[[Path], None]
) -> None:
    staged = features_in(seeds)
    with loading(seeds, wait_seconds=5) as con:
        before = told(con)
    assert len(staged) == 2
    harm(linking_file(seeds))
    assert link_anew(seeds) == before
    assert features_in(seeds) == staged


def test_a_load_leaves_features_to_the_link_step_which_keeps_what_it_needs(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    articles = [MadeArticle(number, event=1, day=number) for number in range(3)]
    waiting = files.work / "linking.waiting"
    with loading(files, wait_seconds=5) as con:
        folder = write_batch(files.staging, stable_id("all"), rows_of(articles))
        load_batch(con, folder, utc_now())
        assert [path.stem for path in waiting.iterdir()] == [folder.name]
        assert not list(files.staging.iterdir())
        link_stories(con, utc_now())
    assert not waiting.exists()
    assert len(features_in(files)) == 3


def test_a_run_that_was_killed_behind_the_commit_leaves_its_features_to_the_next(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    rows = rows_of([MadeArticle(1, event=1, day=1), MadeArticle(2, event=1, day=1)])
    with loading(files, wait_seconds=5) as con:
        load_batch(con, write_batch(files.staging, stable_id("one"), rows), utc_now())
        kept.drop_waiting(con)
        write_batch(files.staging, stable_id("one"), rows)  # as if it had not been removed
        sweep(con, files)
        link_stories(con, utc_now())
        # Made of the texts, the two would not be alike.
        assert con.execute("SELECT count(DISTINCT story_id) FROM story_articles").fetchall() == [(1,)]


def test_where_there_are_too_many_those_of_other_days_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    files = WarehouseFiles(tmp_path / "news.duckdb")
    with loading(files, wait_seconds=5) as con:
        for day in (0, 1, 40, 41):
            batch = stable_id("day", str(day))
            rows = rows_of([MadeArticle(day, event=day, day=day)])
            load_batch(con, write_batch(files.staging, batch, rows), utc_now())
            link_stories(con, utc_now())
    assert [str(row[-1]) for row in features_in(files)] == ["2024-02-10", "2024-02-11"]


def test_features_of_another_name_are_not_taken(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    rows = rows_of([MadeArticle(1, event=1, day=1)])
    [made] = rows["article_features"]
    rows["article_features"] = [made._replace(features="features 0", characters=7)]  # type: ignore[call-arg]
    with loading(files, wait_seconds=5) as con:
        load_batch(con, write_batch(files.staging, stable_id("one"), rows), utc_now())
        link_stories(con, utc_now())
    with duckdb.connect(str(linking_file(files)), read_only=True) as con:
        found = con.execute("SELECT features, characters FROM article_features").fetchall()
    assert found == [(FEATURES, 0)]
