"""Dates as texts write them: what is found, where, and which day it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.dates import resolve, written_dates

REFERENCE = date(2021, 3, 10)

WRITTEN = [
    ("It began on Oct. 9.", "Oct. 9", (None, 10, 9)),
    ("the pact of October 22, 2019 is", "October 22, 2019", (2019, 10, 22)),
    ("(Daily - 22nd November, 2019) Text", "22nd November, 2019", (2019, 11, 22)),
    ("22 November was", "22 November", (None, 11, 22)),
    ("as of 2019-11-22, all", "2019-11-22", (2019, 11, 22)),
    ("Since November 2019 they", "November 2019", (2019, 11, None)),
    ("on Friday, Nov. 22, 2019, at", "Friday, Nov. 22, 2019", (2019, 11, 22)),
    ("BERLIN, NOV 3 (Agency)", "NOV 3", (None, 11, 3)),
    ("the 4th of July parade", "4th of July", (None, 7, 4)),
    ("in October 2 people", "October 2", (None, 10, 2)),
    ("last August they", "August", (None, 8, None)),
    ("built in 1998.", "1998", (1998, None, None)),
    ("2 May 2020", "2 May 2020", (2020, 5, 2)),
]


@pytest.mark.parametrize(("text", "surface", "parts"), WRITTEN)
def test_a_written_date_is_found_with_its_words_and_parts(
    text: str, surface: str, parts: tuple[int | None, ...]
) -> None:
    [written] = written_dates(text)
    assert written.span.of(text) == surface
    assert (written.year, written.month, written.day) == parts


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.",
        "In May he left.",
        "Feb. 30 and 31 April",
        "of 2000 people",
        "It rose 2.5 to 1,998.",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert written_dates(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Nov. 22", date(2020, 11, 22)),
        ("March 12", date(2021, 3, 12)),
        ("Sept. 20", date(2020, 9, 20)),
        ("May 2", date(2021, 5, 2)),
        ("Feb. 29", date(2020, 2, 29)),
        ("May 2, 1999", date(1999, 5, 2)),
        ("May 1999", None),
    ],
)
def test_a_date_without_a_year_is_the_nearest_and_rather_past(text: str, day: date | None) -> None:
    [written] = written_dates(text)
    assert resolve(written, REFERENCE) == day


def test_only_the_stretch_asked_for_is_searched() -> None:
    from tasks.model import Span

    text = "Oct. 9 and Nov. 22"
    assert [found.span.of(text) for found in written_dates(text, Span(6, len(text)))] == ["Nov. 22"]


@given(st.text(alphabet="JanFebMy0129 .,-/thMarch\n", max_size=80), st.dates())
def test_any_text_can_be_searched_and_any_finding_resolved(text: str, reference: date) -> None:
    for found in written_dates(text):
        assert found.span.of(text)
        resolve(found, reference)
