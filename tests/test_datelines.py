"""Datelines and bylines: where a report was filed, by whom and when."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.clean.byline import Byline, read_byline
from tasks.clean.lines import Line
from tasks.clean.text import read_text
from tasks.dates import resolve
from tasks.model import Role, Span

BODY = " The council voted on Monday to close the old bridge, said the mayor of the town."

DATELINES = [
    ("OSLO (Daily North / Wire One - 4th May, 2020)", "Oslo", ("Daily North", "Wire One"), date(2020, 5, 4)),
    ("WASHINGTON (AP) —", "Washington", ("AP",), None),
    ("LONDON, Nov 3 (Reuters) -", "London", ("Reuters",), date(2020, 11, 3)),
    ("PARIS —", "Paris", (), None),
    ("BEIRUT, Lebanon —", "Beirut, Lebanon", (), None),
    ("KABUL:", "Kabul", (), None),
    ("NEW DELHI, Nov 3 (PTI) -", "New Delhi", ("PTI",), date(2020, 11, 3)),
    ("COLUMBUS, Ohio (AP) --", "Columbus, Ohio", ("AP",), None),
    ("WASHINGTON/BEIJING (Reuters) -", "Washington/Beijing", ("Reuters",), None),
    ("SAINT-DENIS, France (AFP) –", "Saint-Denis, France", ("AFP",), None),
    ("Moscow, Nov. 3 (TASS) —", "Moscow", ("TASS",), date(2020, 11, 3)),
    ("NEW YORK, Nov. 3, 2020 /PRNewswire/ --", "New York", ("PRNewswire",), date(2020, 11, 3)),
    ("(Reuters) -", None, ("Reuters",), None),
    ("Nov 3 (Reuters) -", None, ("Reuters",), date(2020, 11, 3)),
    ("WASHINGTON, D.C. (AP) —", "Washington, D.C.", ("AP",), None),
]


@pytest.mark.parametrize(("opening", "place", "agencies", "day"), DATELINES)
def test_a_dateline_gives_place_agencies_and_day(
    opening: str, place: str | None, agencies: tuple[str, ...], day: date | None
) -> None:
    text = opening + BODY
    reading = read_text(text)
    found = reading.dateline
    assert found is not None
    assert (found.place, found.agencies) == (place, agencies)
    assert (resolve(found.day, date(2020, 11, 5)) if found.day else None) == day
    assert [(segment.role, segment.span.of(text)) for segment in reading.segments] == [
        (Role.DATELINE, opening + " "),
        (Role.BODY, BODY[1:]),
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "NASA — The agency said on Monday that NASA would launch again.",
        "BREAKING: The council has voted to close the bridge.",
        "UPDATE — The council has voted to close the bridge.",
        "Jones (Smith's brother) said that he would leave the council.",
        "The mayor (Labour) - Ann Reed - said that she would not.",
        "John Reed, 42 (Labour) — He said that he would not.",
        "Q: What is the council going to do about the bridge?",
        "I — I don't know, said the mayor after the vote.",
        "A (B) C (D) E (F) G (H) I said.",
        "In Nov. 2020 (Reuters) The council voted.",
        "“WASHINGTON — The city” is a book.",
    ],
)
def test_openings_that_only_look_like_datelines_stay_in_the_body(paragraph: str) -> None:
    assert read_text(paragraph).dateline is None


def line(text: str) -> Line:
    return Line(Span(0, len(text)), text)


@pytest.mark.parametrize(
    ("text", "authors", "outlet"),
    [
        ("By Jane Doe", ("Jane Doe",), None),
        ("By JANE DOE and John Roe, Reuters", ("Jane Doe", "John Roe"), "Reuters"),
        ("By Ludwig van Beethoven | The Daily Post", ("Ludwig van Beethoven",), "The Daily Post"),
        ("Jane O'Neil, Staff Writer", ("Jane O'Neil",), None),
        ("by Jane Doe, Nov 3, 2020", ("Jane Doe",), None),
        ("By Associated Press", (), "Associated Press"),
        ("Some Daily", (), "Some Daily"),
        ("Reuters", (), "Reuters"),
    ],
)
def test_a_byline_gives_persons_and_outlet(text: str, authors: tuple[str, ...], outlet: str | None) -> None:
    byline = read_byline(line(text), is_bare_allowed=True)
    assert byline is not None
    assert (byline.authors, byline.outlet) == (authors, outlet)


@pytest.mark.parametrize(
    "text",
    [
        "Published Nov 3, 2020 10:15 GMT",
        "Last updated on 3 November 2020 at 5:10 p.m.",
        "Tuesday, Nov. 3, 2020",
    ],
)
def test_a_line_of_dates_gives_the_day(text: str) -> None:
    byline = read_byline(line(text), is_bare_allowed=False)
    assert byline is not None
    assert byline.published is not None
    assert (byline.published.year, byline.published.month, byline.published.day) == (2020, 11, 3)


@pytest.mark.parametrize(
    "text",
    ["By the time they came it was over.", "By and large", "Background", "What We Know", "Breaking News",
     "He left Nov. 3.", "By Tuesday, 40 people were dead", "The Latest", "Good Morning"],
)  # fmt: skip
def test_other_short_lines_are_no_bylines(text: str) -> None:
    assert read_byline(line(text), is_bare_allowed=True) is None


def test_a_lone_outlet_counts_only_above_the_text() -> None:
    assert read_byline(line("Some Daily"), is_bare_allowed=False) is None
    assert read_byline(line("Some Daily"), is_bare_allowed=True) == Byline("outlet line", outlet="Some Daily")
