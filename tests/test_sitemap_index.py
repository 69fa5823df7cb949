"""Of a sitemap index, those sitemaps are followed that may name new articles."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tasks.discover.listing import Onward
from tasks.discover.onward import worth_following

NOW = datetime(2026, 5, 4, 12, 0)  # noqa: DTZ001 - naive UTC by contract
MONTH = timedelta(days=30)


def names(onward: list[Onward], most: int = 50) -> list[str]:
    return [one.url.rpartition("example/")[2] for one in worth_following(onward, NOW, MONTH, most)]


def sitemap(name: str, days_ago: float | None = None) -> Onward:
    changed = None if days_ago is None else NOW - timedelta(days=days_ago)
    return Onward(f"https://ledger2019.example/{name}", changed)


def test_the_ones_that_changed_last_come_first_and_old_ones_are_left() -> None:
    onward = [sitemap("a.xml", 3), sitemap("b.xml", 0.1), sitemap("c.xml", 40), sitemap("d.xml")]
    assert names(onward) == ["b.xml", "a.xml", "d.xml"]
    assert names(onward, most=1) == ["b.xml"]


def test_of_those_that_do_not_say_when_news_come_first() -> None:
    assert names([sitemap("x1.xml"), sitemap("news.xml"), sitemap("x2.xml")]) == [
        "news.xml",
        "x1.xml",
        "x2.xml",
    ]


@pytest.mark.parametrize(
    ("name", "is_followed"),
    [
        ("sitemap-2026-05.xml", True),
        ("sitemap-2026-04.xml", True),
        ("sitemap-2026-03.xml", False),
        ("sitemap-2019-12.xml.gz", False),
        ("sitemap_201912.xml", False),
        ("2019/5/sitemap.xml", False),
        ("sitemap-2026.xml", True),
        ("sitemap-2025.xml", False),
        ("archive-1998-2003.xml", False),
        ("sitemap.xml?page=2019202", True),
        ("sitemap-12.xml", True),
        ("post-sitemap3.xml", True),
        ("post_tag-sitemap.xml", False),
        ("author-sitemap.xml", False),
        ("category-sitemap.xml", False),
        ("image-sitemap-1.xml", False),
    ],
)
def test_a_sitemap_is_left_by_the_time_or_the_kind_that_its_name_tells(name: str, is_followed: bool) -> None:
    assert names([sitemap(name)]) == ([name] if is_followed else [])


def test_without_an_age_old_ones_are_followed_but_lists_of_tags_are_not() -> None:
    onward = [sitemap("sitemap-2011-02.xml"), sitemap("tag-sitemap.xml"), sitemap("b.xml", 900)]
    found = worth_following(onward, NOW, None, 50)
    assert [one.url.rpartition("/")[2] for one in found] == ["b.xml", "sitemap-2011-02.xml"]


def test_an_old_month_that_changed_today_is_left() -> None:
    assert names([sitemap("sitemap-2011-02.xml", 0.1)]) == []
