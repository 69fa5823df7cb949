"""Articles become stories: the same ones in whatever order and portions they come, with ids that last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tasks.link import pair_step, story_step
from tasks.link.pair_score import story_model
from tasks.link.story_step import LinkCounts, link_stories
from tests.support.made_links import MadeArticle, rows_of
from warehouse.checks import run_checks
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batch
from warehouse.staging import write_batch

NOW = datetime(2024, 2, 1, 12)  # noqa: DTZ001 - the warehouse stores UTC without a zone
# Events of one to four articles over three weeks; some outlets tell of one a day or two later.
ARTICLES = [
    MadeArticle(number, event, day=2 * event + later)
    for number, (event, later) in enumerate(
        (event, later) for event in range(10) for later in range(1 + event % 4)
    )
]
NUMBER, PLACED = "natural_key[6:]::INTEGER", "FROM story_articles JOIN articles USING (article_id)"
Groups = frozenset[frozenset[int]]


class Desk:
    """A warehouse that made articles are loaded into and linked in."""

    def __init__(self, con: duckdb.DuckDBPyConnection, files: WarehouseFiles) -> None:
        self.con, self.files = con, files

    def receive(self, *articles: MadeArticle, now: datetime = NOW) -> None:
        """Load articles without linking them."""
        batch_id = stable_id("batch", *map(repr, articles))
        load_batch(self.con, write_batch(self.files.staging, batch_id, rows_of(articles)), now)

    def link(self, *articles: MadeArticle, now: datetime = NOW) -> LinkCounts:
        """Load articles and link all that are not linked yet."""
        if articles:
            self.receive(*articles, now=now)
        return link_stories(self.con, now)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        return self.con.execute(sql).fetchall()

    def stories(self) -> dict[int, str]:
        """The story of each article, by its number."""
        return dict(self.ask(f"SELECT {NUMBER}, story_id::VARCHAR {PLACED}"))

    def roles(self) -> dict[int, tuple[str, str | None]]:
        """The role of each article and how the original was told, by its number."""
        found = self.ask(f"SELECT {NUMBER}, role, role_reason {PLACED}")
        return {number: (role, reason) for number, role, reason in found}

    def groups(self) -> Groups:
        """Which articles are together."""
        found: dict[str, set[int]] = {}
        for number, story in self.stories().items():
            found.setdefault(story, set()).add(number)
        return frozenset(map(frozenset, found.values()))

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that linking wrote, the clock of redirects apart."""
        tables = ("article_pairs", "linked_articles", "stories", "story_articles")
        return {table: self.ask(f"FROM {table} ORDER BY ALL") for table in tables}


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    files = WarehouseFiles(folder / "news.duckdb")
    with loading(files, wait_seconds=5, clock=lambda: NOW) as con:
        yield Desk(con, files)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as made:
        yield made


def expected(articles: Sequence[MadeArticle]) -> Groups:
    events: dict[int, set[int]] = {}
    for article in articles:
        events.setdefault(article.event, set()).add(article.number)
    return frozenset(map(frozenset, events.values()))


# --- the same stories in whatever order ---------------------------------------------


def test_articles_of_an_event_are_a_story_and_every_article_is_in_one(desk: Desk) -> None:
    assert desk.link(*ARTICLES).articles == len(ARTICLES)
    assert desk.groups() == expected(ARTICLES)
    found = {result.check.name: result.violations for result in run_checks(desk.con, stable_id("run"), NOW)}
    assert (found["stories_and_articles"], found["pairs_of_linked_articles"]) == (0, 0)


# Every example loads two warehouses: shrinking would take minutes and tell little.
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    order=st.permutations(ARTICLES),
    cuts=st.lists(st.integers(1, len(ARTICLES) - 1), max_size=4),
    seed=st.integers(0, 9),
)
def test_order_portions_and_late_articles_change_no_story(
    tmp_path_factory: pytest.TempPathFactory, order: list[MadeArticle], cuts: list[int], seed: int
) -> None:
    # Linked after each portion, some of which come weeks late; or after some portions only.
    edges = [0, *sorted(set(cuts)), len(order)]
    with a_desk(tmp_path_factory.mktemp("portions")) as desk:
        for number, (start, end) in enumerate(pairwise(edges)):
            desk.receive(*order[start:end])
            if (number + seed) % 3:
                desk.link()
        desk.link()
        found, pairs = desk.groups(), desk.rows()["article_pairs"]
        counts = desk.ask("SELECT articles, publishers, title FROM stories ORDER BY ALL")
    with a_desk(tmp_path_factory.mktemp("at once")) as desk:
        desk.link(*ARTICLES)
        assert found == desk.groups()
        assert pairs == desk.rows()["article_pairs"]
        assert counts == desk.ask("SELECT articles, publishers, title FROM stories ORDER BY ALL")


def test_in_one_run_ids_and_all_rows_are_the_same_in_any_order(tmp_path: Path) -> None:
    with a_desk(tmp_path / "a") as desk:
        desk.link(*ARTICLES)
        once = desk.rows()
    with a_desk(tmp_path / "b") as desk:
        for article in reversed(ARTICLES):
            desk.receive(article)
        desk.link()
        assert desk.rows() == once


def test_linking_in_small_portions_is_linking_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_desk(tmp_path / "at once") as desk:
        desk.link(*ARTICLES)
        at_once = desk.rows()
    monkeypatch.setattr(story_step, "ARTICLES_AT_ONCE", 3)
    monkeypatch.setattr(story_step, "GROUPED_AT_ONCE", 4)
    monkeypatch.setattr(pair_step, "PAIRS_AT_ONCE", 2)
    with a_desk(tmp_path / "in portions") as desk:
        desk.link(*ARTICLES)
        assert desk.groups() == expected(ARTICLES)
        assert desk.rows() == at_once


def test_what_is_linked_is_not_linked_again(desk: Desk) -> None:
    desk.link(*ARTICLES)
    before = desk.rows()
    assert desk.link(*ARTICLES) == LinkCounts()
    assert desk.rows() == before


def test_a_step_that_breaks_off_leaves_no_trace_and_is_made_up_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.link(*ARTICLES[:5])
    before = desk.rows()
    with monkeypatch.context() as patch:
        patch.setattr(story_step, "link_statements_of", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.link(*ARTICLES[5:])
    assert desk.rows() == before
    desk.link()
    assert desk.groups() == expected(ARTICLES)


# --- ids that last -------------------------------------------------------------------


def test_a_story_that_grows_keeps_its_id_even_by_an_earlier_article(desk: Desk) -> None:
    late, *others = [MadeArticle(number, event=1, day=3 + number) for number in range(4)]
    desk.link(*others)
    story = desk.stories()[1]
    desk.link(late)
    assert set(desk.stories().values()) == {story}
    assert desk.ask("SELECT count(*) FROM story_redirects") == [(0,)]


def test_of_stories_that_become_one_the_larger_keeps_its_id_and_the_other_leads_there(desk: Desk) -> None:
    many = [MadeArticle(number, event=1, day=1) for number in range(3)]
    few = [MadeArticle(10 + number, event=2, day=1) for number in range(2)]
    desk.link(*many, *few)
    big, small = desk.stories()[0], desk.stories()[10]
    assert big != small
    desk.link(*(replace(article, version=2, event=1) for article in few), now=datetime(2024, 2, 2))  # noqa: DTZ001
    assert set(desk.stories().values()) == {big}
    redirects = desk.ask("SELECT old_story_id::VARCHAR, new_story_id::VARCHAR FROM story_redirects")
    assert redirects == [(small, big)]
    assert set(desk.ask(f"SELECT story_id::VARCHAR FROM story_board('{small}')")) == {(big,)}


def test_a_revised_article_takes_its_place_and_moves_with_what_it_tells(desk: Desk) -> None:
    first = [MadeArticle(number, event=1, day=1) for number in range(3)]
    other = [MadeArticle(10 + number, event=2, day=1) for number in range(2)]
    desk.link(*first, *other)
    story = desk.stories()
    desk.link(replace(first[0], version=2), now=datetime(2024, 2, 2))  # noqa: DTZ001
    assert desk.stories() == story
    assert desk.ask(f"SELECT articles FROM stories WHERE story_id = '{story[0]}'") == [(3,)]
    desk.link(replace(first[0], version=3, event=2), now=datetime(2024, 2, 3))  # noqa: DTZ001
    assert desk.groups() == {frozenset({1, 2}), frozenset({0, 10, 11})}
    assert (desk.stories()[1], desk.stories()[0]) == (story[1], story[10])


def test_a_story_that_falls_apart_keeps_its_id_where_most_of_it_is(desk: Desk) -> None:
    articles = [MadeArticle(number, event=1, day=1) for number in range(5)]
    desk.link(*articles)
    story = desk.stories()[0]
    moved = [replace(article, version=2, event=3) for article in articles[:2]]
    desk.link(*moved, now=datetime(2024, 2, 2))  # noqa: DTZ001
    assert desk.groups() == {frozenset({0, 1}), frozenset({2, 3, 4})}
    assert desk.stories()[4] == story != desk.stories()[0]


def test_another_linker_links_all_again_and_keeps_the_ids(desk: Desk) -> None:
    desk.link(*ARTICLES)
    before = desk.stories()
    model = replace(story_model(), version="another")
    assert link_stories(desk.con, NOW, model).articles == len(ARTICLES)
    assert desk.stories() == before
    assert desk.ask("SELECT DISTINCT rule FROM article_pairs WHERE kind = 'story'") == [("another",)]


# --- dates and copies ----------------------------------------------------------------


def test_an_article_without_a_date_is_linked_by_the_day_it_was_first_seen_and_says_so(desk: Desk) -> None:
    seen = datetime(2024, 1, 5, 8, tzinfo=UTC).replace(tzinfo=None)
    dated, undated = MadeArticle(1, event=1, day=4), MadeArticle(2, event=1, day=None)
    desk.link(dated, undated, now=seen)
    assert len(desk.groups()) == 1
    sql = "SELECT dated_by, linked_on::VARCHAR FROM story_articles ORDER BY dated_by"
    assert desk.ask(sql) == [("first seen", "2024-01-05"), ("published", "2024-01-05")]


def test_a_story_without_a_headline_is_called_by_its_first_words(desk: Desk) -> None:
    desk.receive(MadeArticle(1, event=1, day=4), MadeArticle(2, event=2, day=4))
    desk.con.execute("UPDATE article_versions SET title = NULL WHERE text = 'Article 2.'")
    desk.link()
    assert desk.ask("SELECT title FROM stories ORDER BY ALL") == [("Article 2.",), ("Event 1, told by 1",)]


def test_events_that_are_alike_weeks_apart_are_two_stories(desk: Desk) -> None:
    desk.link(MadeArticle(1, event=1, day=0), MadeArticle(2, event=1, day=20))
    assert len(desk.groups()) == 2


def test_copies_are_one_voice_and_the_first_of_them_is_the_original(desk: Desk) -> None:
    own = [MadeArticle(number, event=1, day=1) for number in range(2)]
    copies = [MadeArticle(10 + number, event=1, day=3 - number, text=1) for number in range(3)]
    desk.link(*own, *copies)
    told = ("first published",)
    assert desk.roles() == {
        0: ("report", None),
        1: ("report", None),
        10: ("copy", *told),
        11: ("copy", *told),
        12: ("original", *told),
    }
    assert desk.ask("SELECT articles, publishers FROM stories") == [(5, 3)]
    assert desk.ask("SELECT count(*), min(score) FROM article_pairs WHERE kind = 'copy'") == [(3, 1.0)]


def test_the_agency_that_copies_credit_is_the_original(desk: Desk) -> None:
    agency = MadeArticle(5, event=1, day=2, text=1)  # its outlet is called "Outlet 5"
    copy = MadeArticle(6, event=1, day=1, text=1, agency="OUTLET 5")
    desk.link(agency, copy)
    assert desk.roles() == {5: ("original", "agency"), 6: ("copy", "agency")}


def test_of_copies_of_one_moment_one_stands_for_all_and_says_that_nothing_told(desk: Desk) -> None:
    desk.link(*(MadeArticle(number, event=1, day=1, text=1) for number in range(3)))
    assert sorted(desk.roles().values()) == [("copy", "not told")] * 2 + [("original", "not told")]


# --- large ones ----------------------------------------------------------------------


def test_a_story_of_two_hundred_articles_and_a_day_of_one_story_hold_together(desk: Desk) -> None:
    large = [MadeArticle(number, event=1, day=number % 2) for number in range(200)]
    dominating = [MadeArticle(1000 + number, event=2, day=9) for number in range(400)]
    others = [MadeArticle(2000 + number, event=10 + number, day=9) for number in range(40)]
    desk.link(*large, *dominating, *others)
    assert expected([*large, *dominating]) <= desk.groups()
