"""What a page says of its article: title, authors, dates, language, address; each with its source."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from tasks.clean import clean
from tasks.clean.language import language_of
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.metadata.names import name_parts, person
from tasks.clean.metadata.titles import without_site
from tasks.model import Sourced, SourceDocument
from tasks.read.given import given_fields
from tasks.stage import outlet_rows
from tasks.timestamps import parse_timestamp

PROSE = (
    "The council voted on Monday to close the old bridge for two years while it is being repaired, he said."
)
URL = "https://www.some-daily.example/local/bridge-closes"


def read(head: str = "", body: str = "", *, url: str = URL, latest: datetime | None = None) -> Metadata:
    page = f"<html><head>{head}</head><body>{body}<p>{PROSE}</p><p>{PROSE}</p></body></html>"
    return read_metadata(html.document_fromstring(page), url, latest)


def ld(**fields: Any) -> str:
    node = {"@type": "NewsArticle", "headline": "Old bridge closes for two years", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="Some Daily">'


# --- title ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "title", "source"),
    [
        (
            og("Old bridge closes for two years | Some Daily"),
            "<h1>Some Daily</h1><h1>Old bridge closes for two years, city says</h1>",
            "Old bridge closes for two years, city says",
            "h1",
        ),
        (
            og("Old bridge closes for two years | Local | Some Daily"),
            "",
            "Old bridge closes for two years",
            "og:title",
        ),
        (
            og("Bridge shut") + ld(),
            "<h1>Politics | Old bridge closes for two years</h1>",
            "Old bridge closes for two years",
            "json-ld",
        ),
        (
            og("Old bridge closes for two years") + ld(),
            "<h1>Closed: what the bridge means to us</h1>",
            "Old bridge closes for two years",
            "og:title",
        ),
        (
            og("Bridge shut"),
            "<aside><h1>Ten soups for the winter</h1></aside><h1>Why boats will cross the river</h1>",
            "Why boats will cross the river",
            "h1",
        ),
        (
            ld(headline="Old bridge closes for two..."),
            "<h1>Old bridge closes for two long years</h1>",
            "Old bridge closes for two long years",
            "h1",
        ),
        (ld(headline="Caf&amp;eacute; &amp;amp; bridge close"), "", "Café & bridge close", "json-ld"),
        (
            og("Bridge shut: what to know") + ld(alternativeHeadline="Old bridge closes for two years"),
            "<h1>Bridge shut: what to know</h1>",
            "Old bridge closes for two years",
            "json-ld",
        ),
    ],
)
def test_the_title_is_the_heading_unless_other_names_know_better(
    head: str, body: str, title: str, source: str
) -> None:
    found = read(head, body).title
    assert found is not None
    assert (found.value, found.source) == (title, source)


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Bridge closes for years - Some Daily", "Bridge closes for years"),
        ("Some Daily: news | Bridge closes for years", "Bridge closes for years"),
        ("War - and peace - in three villages", "War - and peace - in three villages"),
        ("Budget 3.0 | Sars hires an army of collectors", "Budget 3.0 | Sars hires an army of collectors"),
    ],
)
def test_only_the_sites_name_is_taken_off_a_title(title: str, bare: str) -> None:
    assert without_site(title, ["Some Daily"]) == bare


# --- authors -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "persons", "agencies"),
    [
        ({"@type": "Person", "name": "Jane Doe"}, ("Jane Doe",), ()),
        (
            [{"@type": "Person", "name": "JANE DOE"}, {"@type": "Organization", "name": "Some Daily"}],
            ("Jane Doe",),
            (),
        ),
        ("By Jane Doe and John Roe, Staff Writers", ("Jane Doe", "John Roe"), ()),
        (
            [{"name": "Jana Dohn und Jan Rohe"}, {"@type": "Organization", "name": "dpa"}],
            ("Jana Dohn", "Jan Rohe"),
            ("dpa",),
        ),
        ({"@type": "Person", "name": "José Ortega y Gasset"}, ("José Ortega y Gasset",), ()),
        ({"@type": "Person", "name": "山田太郎"}, ("山田太郎",), ()),
        ({"@type": "Person", "name": "Some Daily"}, (), ()),
        ({"@type": "Person", "name": "Some Daily Staff"}, (), ()),
        ({"@type": "Person", "name": "Newsroom"}, (), ()),
        ({"@type": "Person", "name": "j.doe@some-daily.example"}, (), ()),
        ({"@type": "Organization", "name": "The Associated Press"}, (), ("The Associated Press",)),
        ("Jane Doe The Associated Press", ("Jane Doe",), ("The Associated Press",)),
        ([{"name": "Jane Doe"}, {"name": "SD-Redaktion"}], ("Jane Doe",), ("SD-Redaktion",)),
        ([], (), ()),
    ],
)
def test_authors_are_persons_and_agencies_never_the_site(
    author: object, persons: tuple[str, ...], agencies: tuple[str, ...]
) -> None:
    found = read(og("Old bridge closes for two years") + ld(author=author)).authors
    assert (found.persons, found.agencies) == (persons, agencies)


def test_an_author_that_is_a_reference_is_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "headline": "Old bridge closes", "author": {"@id": "#p1"}},
            {"@type": "Person", "@id": "#p1", "name": "Jane Doe"},
        ]
    }
    script = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert read(script).authors.persons == ("Jane Doe",)


HEADING = "<h1>Old bridge closes for two years</h1>"


@pytest.mark.parametrize(
    ("body", "persons"),
    [
        (
            f'{HEADING}<p class="byline">By <a>Jane Doe</a> and <a>John Roe</a>, Some Daily</p>',
            ("Jane Doe", "John Roe"),
        ),
        (f'{HEADING}<p>By <a href="/author/jane-doe/">Jane Doe</a></p>', ("Jane Doe",)),
        (
            f'{HEADING}<p class="author"><b class="author">Jane Doe</b> Culture reporter May 4, 2020</p>',
            ("Jane Doe",),
        ),
        (f'{HEADING}<div class="author">Foto: Jane Doe</div>', ()),
        (f'{HEADING}<p class="author">Jane Doe has been writing about bridges since she was ten.</p>', ()),
        (f'{HEADING}<aside><span class="author">Jane Doe</span></aside>', ()),
        (f'{HEADING}{f"<p>{PROSE}</p>" * 5}<span class="author">Jane Doe</span>', ()),
        (
            f'{HEADING}<p class="byline">By Jane Doe, John Roe, +12 more updated May 4</p>',
            ("Jane Doe", "John Roe"),
        ),
        (
            f'<h2>Old bridge closes</h2>{f"<p>{PROSE}</p>" * 5}<b class="authorname">Jane Doe</b>',
            ("Jane Doe",),
        ),
        (f'{HEADING}<div class="headline__footer"><b class="byline">By Jane Doe</b></div>', ("Jane Doe",)),
    ],
)
def test_a_byline_near_the_heading_names_the_authors(body: str, persons: tuple[str, ...]) -> None:
    assert read(body=body).authors.persons == persons


@pytest.mark.parametrize(
    ("byline", "credited"),
    [
        ("By Some Daily Staff | May 4, 2020", ("Some Daily Staff",)),
        ("By Team DAILY", ("Team DAILY",)),
        ("The Associated Press", ("The Associated Press",)),
        ("Some Daily Staff", ()),  # readers are not told that it is by them
        ("By Some Daily", ()),
    ],
)
def test_a_desk_is_credited_where_the_byline_says_that_it_wrote(
    byline: str, credited: tuple[str, ...]
) -> None:
    found = read(
        og("Old bridge closes") + ld(author="Some Daily Staff"), f'{HEADING}<p class="byline">{byline}</p>'
    )
    assert (found.authors.persons, found.authors.agencies) == ((), credited)


def test_who_is_called_the_editor_in_the_page_is_not_its_author() -> None:
    edited = f'{f"<p>{PROSE}</p>" * 5}<p class="author">Editor: John Roe</p>'
    body = f'{HEADING}<p class="author">Jane Doe</p>{edited}'
    assert read(ld(author={"@type": "Person", "name": "John Roe"}), body).authors.persons == ("Jane Doe",)


def test_a_name_below_the_text_is_its_author_where_nothing_else_names_one() -> None:
    prose = "".join(f"<p>{PROSE} It was the {n}th vote.</p>" for n in range(5))
    page = f"<html><body>{HEADING}<div class='story'>{prose}<p>Jane Doe</p></div></body></html>"
    given = given_fields({"language": "en"})
    document = clean(SourceDocument("key", "1.html", "1.html", "html", page, given, "digest"))
    assert (document.authors, document.authors_source) == (("Jane Doe",), "byline")


def test_a_byline_tells_authors_from_helpers() -> None:
    people = [{"@type": "Person", "name": name} for name in ("Jane Doe", "John Roe")]
    inner = '<div class="byline">By Jane Doe</div>'
    body = f'{HEADING}<div class="byline">{inner} Photography by John Roe</div>'
    found = read(ld(author=people), body).authors
    assert (found.persons, found.source) == (("Jane Doe",), "byline")


# --- dates ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "moment", "day", "offset", "source"),
    [
        (
            ld(datePublished="2020-05-04T23:30:00-05:00"),
            "",
            "2020-05-05 04:30:00",
            date(2020, 5, 4),
            -300,
            "json-ld",
        ),
        (
            '<meta property="article:published_time" content="2020-05-04T10:00:00Z">',
            "",
            "2020-05-04 10:00:00",
            date(2020, 5, 4),
            0,
            "meta",
        ),
        (
            ld(datePublished="2020-05-05T04:30:00Z")
            + '<meta name="date" content="2020-05-04T23:30:00-0500">',
            "",
            "2020-05-05 04:30:00",
            date(2020, 5, 4),
            -300,
            "json-ld",
        ),
        (
            ld(datePublished="2020-05-05T01:30:00Z"),
            f'{HEADING}<span class="date">May 4, 2020</span>',
            "2020-05-05 01:30:00",
            date(2020, 5, 4),
            0,
            "json-ld",
        ),
        (
            ld(datePublished="2020-05-05T01:30:00Z", dateModified="2020-05-05T15:00:00Z"),
            f'{HEADING}<time>May 4, 2020</time><time class="updated">May 5, 2020</time>',
            "2020-05-05 01:30:00",
            date(2020, 5, 4),
            0,
            "json-ld",
        ),
        (
            ld(datePublished="2020-05-04T22:30:00Z"),
            f'{HEADING}<p class="byline">By Jane Doe, May 5, 2020 - 9:30AM</p>',
            "2020-05-04 22:30:00",
            date(2020, 5, 5),
            0,
            "json-ld",
        ),
        (
            ld(datePublished="2020-05-05T17:30:00Z"),
            f'{HEADING}<span class="date">May 4, 2020</span>',
            "2020-05-05 17:30:00",
            date(2020, 5, 5),
            0,
            "json-ld",
        ),
        (
            "",
            f'{HEADING}<time datetime="2020-05-04T10:00:00+02:00">4. Mai</time>',
            "2020-05-04 08:00:00",
            date(2020, 5, 4),
            120,
            "time",
        ),
        (
            ld(datePublished="0001-01-01T00:00:00Z"),
            f'{HEADING}<time datetime="2020-05-04">',
            "2020-05-04 00:00:00",
            date(2020, 5, 4),
            None,
            "time",
        ),
    ],
)
def test_the_day_of_publication_is_the_one_that_readers_saw(
    head: str, body: str, moment: str, day: date, offset: int | None, source: str
) -> None:
    found = read(head, body)
    assert found.published is not None
    assert (str(found.published.value), found.published.source) == (moment, source)
    assert (found.published_on, found.published_offset) == (day, offset)


def test_the_address_tells_the_day_where_nothing_else_does() -> None:
    found = read(url="https://some-daily.example/2020/may/04/bridge")
    assert found.published is not None
    assert (found.published_on, found.published.source, found.precision) == (
        date(2020, 5, 4),
        "address",
        "day",
    )


def test_an_old_text_that_shows_only_the_day_of_its_change_is_published_anew() -> None:
    dates = ld(datePublished="2018-05-04T10:00:00Z", dateModified="2020-05-04T10:00:00Z")
    anew = read(dates, f'{HEADING}<span class="date">May 4, 2020</span>')
    assert anew.published is not None
    assert (anew.published_on, anew.published.source) == (date(2020, 5, 4), "shown")
    updated = read(dates, f'{HEADING}<span class="date">Updated May 4, 2020</span>')
    assert updated.published_on == date(2018, 5, 4)
    assert updated.modified is not None
    assert (str(updated.modified.value), updated.modified.source) == ("2020-05-04 10:00:00", "json-ld")


def test_a_date_that_is_still_to_come_counts_as_absent() -> None:
    head = ld(datePublished="2031-05-04T10:00:00Z") + '<meta name="date" content="2020-05-04T10:00:00Z">'
    found = read(head, latest=datetime(2020, 5, 6))  # noqa: DTZ001 - naive UTC by contract
    assert found.published is not None
    assert (found.published_on, found.published.source) == (date(2020, 5, 4), "meta")


def test_a_rows_own_zone_tells_its_day() -> None:
    row = given_fields({"published_at": "2020-05-04T23:30:00-05:00"})
    assert row.published_at == datetime(2020, 5, 5, 4, 30)  # noqa: DTZ001 - naive UTC by contract
    document = clean(SourceDocument("key", "id", "place", "text", PROSE, row, "digest"))
    assert (document.published_on, document.published_offset) == (date(2020, 5, 4), -300)


@pytest.mark.parametrize(
    "written", ["9999-99-99", "0001-01-01T00:00:00Z", "2020-05-04T10:00:00+99:00", "yesterday", "", True]
)
def test_what_is_no_moment_is_none(written: object) -> None:
    assert parse_timestamp(written) is None


# --- site ----------------------------------------------------------------------


def test_address_publisher_section_and_language_say_where_they_came_from() -> None:
    found = read(
        '<link rel="canonical" href="https://some-daily.example/a">'
        '<meta name="content-language" content="de-AT">'
        + ld(publisher={"@type": "Organization", "name": "Some House"}, articleSection=["Local", "City"])
    )
    assert found.url == Sourced("https://some-daily.example/a", "canonical link")
    assert found.publisher == Sourced("Some House", "json-ld")
    assert found.section == Sourced("Local", "json-ld")
    assert (found.language, found.site_name) == ("de-AT", "Some House")


def test_an_outlet_gets_the_domain_and_the_publisher_that_its_page_tells() -> None:
    told = ld(publisher={"@type": "Organization", "name": "Press House"}) + og("Old bridge closes")
    head = f'{told}<link rel="canonical" href="https://www.some-daily.co.uk/local/bridge">'
    page = f"<html><head>{head}</head><body>{HEADING}<p>{PROSE}</p></body></html>"
    document = clean(SourceDocument("key", "1", "1", "html", page, given_fields({}), "digest"))
    (row,) = outlet_rows(document)
    assert row[1:] == ("Some Daily", "some-daily.co.uk", "Press House")


def test_a_short_text_is_in_the_language_that_its_page_says() -> None:
    assert language_of("Bron zamknięty", None, "pl-PL") == Sourced("pl", "html")
    assert language_of(PROSE * 4, None, "pl-PL") == Sourced("en", "detected")


def test_a_front_page_is_no_address_of_an_article() -> None:
    assert read('<link rel="canonical" href="https://some-daily.example/">').url is None


# --- hostile pages -------------------------------------------------------------


def test_the_headline_of_another_story_does_not_count() -> None:
    others = ld(headline="Ten soups for the winter", author="Ann Other", datePublished="2001-01-01")
    found = read(
        og("Old bridge closes for two years") + others + ld(author="Jane Doe", datePublished="2020-05-04")
    )
    assert (found.authors.persons, found.published_on) == (("Jane Doe",), date(2020, 5, 4))


@pytest.mark.parametrize(
    "script",
    ["{", "[" * 5000, '{"@type": "NewsArticle", "headline": {}}', "null", '{"@type": 7}', "<!-- {} -->"],
)
def test_broken_json_ld_costs_nothing_else(script: str) -> None:
    found = read(f'<script type="application/ld+json">{script}</script>', HEADING)
    assert found.title is not None
    assert found.title.value == "Old bridge closes for two years"


def test_json_ld_with_a_trailing_comma_in_a_comment_is_read() -> None:
    node = '{"@type": "Article", "headline": "Old bridge", "author": "Jane Doe",}'
    assert read(f'<script type="application/ld+json"><!-- {node} --></script>').authors.persons == (
        "Jane Doe",
    )


SCALARS = st.none() | st.booleans() | st.floats() | st.text(max_size=30)
KEYS = st.sampled_from(["name", "@id", "@type", "x"])
FIELDS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(FIELDS, FIELDS, FIELDS)
def test_no_value_of_a_field_breaks_the_reading(author: object, when: object, publisher: object) -> None:
    script = ld(
        author=author, datePublished=when, publisher=publisher, headline=author, url=when, inLanguage=when
    )
    read(script.replace("</", "<\\/").replace("<\\/script>", "</script>"), HEADING)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_a_persons_name_is_found_again_in_itself(text: str) -> None:
    for part in name_parts(text):
        name = person(part, [])
        assert name is None or person(name, []) in (name, None)


@pytest.mark.parametrize("unit", ["By A B ", "a, ", " - ", "| ", "x (", "and "])
def test_long_fields_take_no_quadratic_time(unit: str) -> None:
    long = unit * 20_000
    read(ld(author=long, headline=long) + og(long), f'<h1>{long}</h1><div class="author">{long}</div>')
