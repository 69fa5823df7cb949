"""Cleaning: one text, partitioned into segments; what is cut and what is not; metadata and its sources."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import EXTRACTOR, clean
from tasks.clean.normalize import normalize
from tasks.errors import DocumentError
from tasks.model import Document, DocumentRef, Form, Given, Role, SourceDocument
from tasks.read.document import read_document

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIRST, SECOND = "000_25c953e6f2a1b7ac.txt", "001_14152bc6815ba713.txt"

MOMENT = datetime.fromisoformat("2021-01-02T03:00:00")

LEDE = "The council voted on Monday to close the old bridge over the river for at least two years."
MORE = "Engineers had found cracks in three of its pillars, and repairs would cost 4 million crowns."
LAST = "“We have no other choice,” the mayor, Ann Reed, told reporters after the meeting."
BODY = "\n\n".join((LEDE, MORE, LAST))


def source(content: str, form: Form = "text", given: Given | None = None) -> SourceDocument:
    return SourceDocument("key", "id", "place", form, content, given or Given(), "digest")


def cleaned(content: str, title: str | None = None, language: str | None = None) -> Document:
    return clean(source(content, given=Given(title=title, language=language)))


def pieces(document: Document, role: Role) -> list[str]:
    return [part.span.of(document.text).strip() for part in document.segments if part.role is role]


def seed(name: str, form: Form) -> Document:
    read = read_document(DocumentRef(SEEDS / name, "text"))
    if form == "html":
        paragraphs = [f"<p>{html.escape(line)}</p>" for line in read.content.split("\n") if line.strip()]
        read = replace(read, form="html", content=f"<html><body>{''.join(paragraphs)}</body></html>")
    return clean(read)


def outline(document: Document) -> list[tuple[str, str, str, str]]:
    """Every segment: role, rule, its first and its last three words."""
    found = []
    for part in document.segments:
        words = part.span.of(document.text).split()
        found.append((part.role.value, part.rule, " ".join(words[:3]), " ".join(words[-3:])))
    return found


# --- the two seed articles ---------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_first_seed_keeps_its_body_and_drops_exactly_the_six_headlines(form: Form) -> None:
    document = seed(FIRST, form)
    assert outline(document) == [
        ("title", "first line", "Several hundreds of", "operation, says Russia"),
        ("body", "text", "Several hundreds of", 'potential," he said.'),
        ("byline", "outlet line", "Duvar English", "Duvar English"),
        ("body", "text", "Several hundreds of", "of the YPG."),
        ("dropped", "tail score", "Man discovers massive", "below hunger threshold"),
    ]
    assert document.published_at is not None
    assert (document.published_on, document.published_at.source) == (date(2019, 11, 22), "text")
    assert document.published_precision == "day"
    assert document.outlet is not None
    assert (document.outlet.value, document.outlet.source) == ("Duvar English", "byline")
    assert document.authors == ()
    assert document.title is not None
    assert document.title.value.startswith("Several hundreds of ISIS prisoners")
    assert document.language is not None
    assert (document.language.value, document.language.source) == ("en", "detected")


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_second_seed_has_its_title_twice_a_summary_and_a_dateline(form: Form) -> None:
    document = seed(SECOND, form)
    assert outline(document) == [
        ("title", "first line", "IS Gaining Strength", "Syria - Moscow"),
        ("title", "repeated title", "IS Gaining Strength", "Syria - Moscow"),
        ("summary", "repeated lede", "Several hundreds of", "interview with Sputnik"),
        ("dateline", "dateline", "MOSCOW (Pakistan Point", "22nd November, 2019)"),
        ("body", "text", "Several hundreds of", "of the deal."),
    ]
    dateline = document.dateline
    assert dateline is not None
    assert dateline.place == "Moscow"
    assert dateline.agencies == ("Pakistan Point News", "Sputnik")
    assert dateline.filed_on == date(2019, 11, 22)
    assert dateline.span.of(document.text) == "MOSCOW (Pakistan Point News / Sputnik - 22nd November, 2019)"
    assert document.published_at is not None
    assert (document.published_on, document.published_at.source) == (date(2019, 11, 22), "dateline")
    assert document.outlet is not None
    assert document.outlet.value == "Pakistan Point News"


def test_the_text_of_a_plain_file_is_stored_as_it_was_read() -> None:
    raw = (SEEDS / FIRST).read_text(encoding="utf-8")
    assert seed(FIRST, "text").text == raw.replace("\xa0", " ")


# --- laws --------------------------------------------------------------------------

FURNITURE = [
    "Related:",
    "Photo: A bridge.",
    "All rights reserved",
    "Man Bites Dog in Town",
    "(Reporting by A B)",
]
PROSE = [LEDE, MORE, LAST, "Bridge to close", "By Jane Doe", "OSLO (AP) — Words follow here.", "", " ", "…"]
ARTICLE_LIKE = st.lists(st.sampled_from(PROSE + FURNITURE) | st.text(max_size=30), max_size=12)


@given(ARTICLE_LIKE | st.text().map(lambda text: [text]))
def test_segments_partition_any_text_and_cleaning_is_deterministic(lines: list[str]) -> None:
    content = "\n".join(lines)
    try:
        document = cleaned(content, language="en")
    except DocumentError as error:
        assert error.reason == "empty"  # noqa: PT017 - most texts raise nothing
        return
    ends = [0] + [part.span.end for part in document.segments]
    assert [part.span.start for part in document.segments] == ends[:-1]
    assert ends[-1] == len(document.text)
    assert all(part.span.start < part.span.end and part.rule for part in document.segments)
    assert document == cleaned(content, language="en")


@given(st.text())
def test_normalisation_is_one_for_one_after_nfc(raw: str) -> None:
    text = normalize(raw)
    composed = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    assert len(text) == len(composed)
    assert all(new in {old, " ", "\ufffd"} for old, new in zip(composed, text, strict=True))
    assert normalize(text) == text


@settings(deadline=None)  # the first page loads the parser
@given(st.text(max_size=300) | st.text(alphabet="<>/=\"'!- pahrefscript&;", max_size=300))
def test_any_page_is_an_article_or_refused(content: str) -> None:
    try:
        document = clean(source(content, "html", Given(language="en")))
    except DocumentError as error:
        assert error.reason in {"no_article", "hostile_html"}  # noqa: PT017
        return
    assert document.segments[-1].span.end == len(document.text)


def test_blanks_of_all_kinds_become_spaces_and_joiners_stay() -> None:
    raw = "a\xa0b\x00c\u2028d\te\u200bf\u200dg\xadh\ufeff\r\ni\rj"
    assert normalize(raw) == "a b c d e f\u200dg\xadh \ni\nj"


# --- heads -------------------------------------------------------------------------


def test_a_text_that_starts_with_its_first_sentence_has_no_title() -> None:
    document = cleaned(BODY)
    assert document.title is None
    assert [part.role for part in document.segments] == [Role.BODY]


def test_a_given_title_is_found_in_whatever_case_and_wins() -> None:
    document = cleaned("BRIDGE TO CLOSE FOR TWO YEARS\n" + BODY, title="Bridge to close for two years")
    assert pieces(document, Role.TITLE) == ["BRIDGE TO CLOSE FOR TWO YEARS"]
    assert document.title is not None
    assert (document.title.value, document.title.source) == ("Bridge to close for two years", "given")


def test_a_head_of_title_byline_and_date_is_told_apart() -> None:
    head = "Bridge to close\nBy Jane Doe and JOHN ROE, Some Daily\nPublished May 4, 2020 10:15 GMT\n"
    document = cleaned(head + BODY)
    assert document.authors == ("Jane Doe", "John Roe")
    assert document.authors_source == "byline"
    assert document.outlet is not None
    assert document.outlet.value == "Some Daily"
    assert document.published_at is not None
    assert (document.published_on, document.published_at.source) == (date(2020, 5, 4), "byline")
    assert "\n\n".join(pieces(document, Role.BODY)) == BODY


def test_a_standfirst_that_the_text_repeats_is_a_summary() -> None:
    document = cleaned(f"Bridge to close\n\n{LEDE[:-1]}\n\nOSLO (AP) — {LEDE}\n\n{MORE}")
    assert pieces(document, Role.SUMMARY) == [LEDE[:-1]]
    assert pieces(document, Role.BODY) == [f"{LEDE}\n\n{MORE}"]


def test_captions_credits_and_corrections_have_roles_of_their_own() -> None:
    extra = "(Reporting by Jane Doe; Editing by John Roe)"
    note = "Correction: An earlier version of this article misstated the cost."
    document = cleaned(f"{LEDE}\nPhoto: The bridge in May. Kim Berg/AFP\n{MORE}\n{LAST}\n{extra}\n{note}")
    assert pieces(document, Role.CAPTION) == ["Photo: The bridge in May. Kim Berg/AFP"]
    assert pieces(document, Role.CREDIT) == [extra]
    assert pieces(document, Role.CORRECTION) == [note]


# --- tails -------------------------------------------------------------------------

HEADLINES = [
    "Stray kitten found asleep inside airport vending machine",
    "Five Recipes for a Rainy Weekend",
    "Why Are Lighthouses Painted in Stripes?",
    "Champion swimmer retires after ninth medal",
]


@pytest.mark.parametrize(
    "tail",
    [
        "\n\n" + " ".join(HEADLINES),
        " " + " ".join(HEADLINES),
        "\n\n" + "\n\n".join(HEADLINES),
        "\n\nRelated:\n\n" + "\n\n".join(HEADLINES),
        "\n\nMost read\n" + "\n".join(HEADLINES[:1]),
        "\n\nRead more: " + HEADLINES[1],
        "\n\nAll rights reserved. This material may not be published.",
        "\n\nSign up to our newsletter to get the best of the week.",
    ],
)
def test_what_stands_behind_an_article_is_dropped_with_rule_and_score(tail: str) -> None:
    document = cleaned(BODY + tail)
    assert "\n\n".join(pieces(document, Role.BODY)) == BODY
    dropped = [part for part in document.segments if part.role is Role.DROPPED]
    assert "".join(part.span.of(document.text) for part in dropped) == tail.lstrip()
    assert all(part.rule != "text" and 0 < part.score <= 1 for part in dropped)
    assert all(part.role is not Role.DROPPED for part in document.readable())


@pytest.mark.parametrize(
    "ending",
    [
        "",
        "\n\nThe bridge will open again in two years",
        "\n\nTimetable\n\nMay 4 – North bank\n\nMay 6 – South bank\n\nMay 9 – The pillars",
        "\n\nLength: 240 metres\n\nWidth: 12 metres\n\nBuilt in: 1931",
        "\n\n— Ann Reed (@annreed) May 4, 2020",
        "\n\n___",
        "\n\nWhat now?",
        "\n\n“You can subscribe to our newsletter,” the mayor said.",
    ],
)
def test_articles_that_end_in_their_own_words_lose_none(ending: str) -> None:
    document = cleaned(BODY + ending)
    assert pieces(document, Role.DROPPED) == []


def test_a_text_without_full_stops_loses_nothing() -> None:
    poem = "\n".join(
        f"A line of verse that has no stop at all number {n} of the long night" for n in range(12)
    )
    assert pieces(cleaned(poem + "\n" + HEADLINES[0]), Role.DROPPED) == []


# --- dates, language, metadata -----------------------------------------------------

TOLD = "It follows the accord of October 22, 2019, which both sides signed in the capital."


@pytest.mark.parametrize(
    ("lede", "rest", "day"),
    [
        ("The bridge will close, the mayor said on Nov. 22.", TOLD, date(2019, 11, 22)),
        (
            "The bridge will close, the mayor told the Daily in an interview on Nov. 22.",
            TOLD,
            date(2019, 11, 22),
        ),
        ("The bridge will close, the mayor said on Jan. 4.", TOLD, date(2020, 1, 4)),
        ("The bridge will close, the mayor said on Friday, Nov. 22, 2019.", "", date(2019, 11, 22)),
        ("The bridge will close, the mayor said on Nov. 22.", "It was old.", None),
        ("The bridge will close, the mayor said on Nov. 22.", "It was built on May 3, 1931.", None),
        ("The bridge will close, the mayor said on Nov. 22.", "She was born on Oct. 3, 1960.", None),
        ("The bridge will close, the mayor said on Nov. 22.", TOLD + " In 2021 it fell.", None),
        ("The bridge that was hit on Nov. 22 will close, the mayor said.", TOLD, None),
        ("The mayor said that the storm of Nov. 22 had hit the bridge.", TOLD, None),
    ],
)
def test_the_day_of_a_report_is_inferred_only_where_the_text_settles_it(
    lede: str, rest: str, day: date | None
) -> None:
    document = cleaned(f"{lede}\n\n{MORE}\n\n{rest}")
    assert document.published_on == day


def test_what_was_given_is_trusted_over_what_is_found() -> None:
    given = Given("https://x.example/a", "Given Daily", "Given title", MOMENT, "second", "en-GB")
    document = clean(replace(source("By Jane Doe, Some Daily\n" + BODY), given=given))
    assert document.outlet is not None
    assert (document.outlet.value, document.outlet.source) == ("Given Daily", "given")
    assert document.published_at is not None
    assert (document.published_at.value, document.published_at.source) == (MOMENT, "given")
    assert document.language is not None
    assert (document.language.value, document.language.source) == ("en", "given")
    assert document.url == "https://x.example/a"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        (
            "Der Rat hat am Montag beschlossen, die alte Brücke für zwei Jahre zu schließen, sagte er.",
            "de",
        ),
        (
            "Le conseil a voté lundi la fermeture du vieux pont pour deux ans, a déclaré le maire.",
            "fr",
        ),
        ("Совет в понедельник проголосовал за закрытие старого моста через реку, сообщил мэр города.", "ru"),
    ],
)
def test_the_language_is_detected(text: str, language: str) -> None:
    found = cleaned(text).language
    assert found is not None
    assert (found.value, found.source) == (language, "detected")


PAGE = """<!doctype html><html lang="en"><head><title>Bridge to close for two years | Some Daily</title>
<meta property="og:title" content="Bridge to close for two years | Some Daily">
<meta property="og:site_name" content="Some Daily"><meta property="article:section" content="Local">
<link rel="canonical" href="https://some-daily.example/bridge">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Bridge to close",
"datePublished": "2020-05-04T23:30:00-05:00", "dateModified": "2020-05-06T08:00:00Z", "author":
[{"@type": "Person", "name": "Jane Doe"}, {"@type": "Organization", "name": "Some Daily"}]}]}</script></head>
<body><nav><a href="/">Home</a><a href="/w">World</a></nav><article><h1>Bridge to close for two years</h1>
%s</article><footer>About us</footer></body></html>"""


def page() -> str:
    return PAGE % "".join(f"<p>{paragraph}</p>" for paragraph in (LEDE, MORE, LAST))


def test_a_page_gives_text_and_metadata_with_their_sources() -> None:
    document = clean(source(page(), "html"))
    assert pieces(document, Role.BODY) == [BODY.replace("\n\n", "\n")]
    assert document.title is not None
    assert (document.title.value, document.title.source) == ("Bridge to close for two years", "h1")
    assert document.published_at is not None
    assert (str(document.published_at.value), document.published_at.source) == (
        "2020-05-05 04:30:00",
        "json-ld",
    )
    assert document.published_on == date(2020, 5, 4)
    assert document.modified_at is not None
    assert str(document.modified_at.value) == "2020-05-06 08:00:00"
    assert (document.authors, document.authors_source) == (("Jane Doe",), "json-ld")
    assert document.outlet is not None
    assert (document.outlet.value, document.outlet.source) == ("Some Daily", "site name")
    assert document.url == "https://some-daily.example/bridge"
    assert document.section is not None
    assert (document.section.value, document.section.source) == ("Local", "meta")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><body></body></html>", "no_article"),
        ("<" * 100_000, "hostile_html"),
        ("<a " + "b=1 " * 20_000 + ">", "hostile_html"),
        ("<div>" * 3000 + "text" + "</div>" * 3000, "no_article"),
        ("<p>" * 70_000, "hostile_html"),
    ],
)
def test_pages_without_an_article_and_hostile_ones_are_refused(content: str, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        clean(source(content, "html"))
    assert caught.value.reason == reason


def test_nuls_and_surrogates_do_not_cut_a_page_short() -> None:
    document = clean(source(page().replace("cracks", "cra\0cks \ud800"), "html"))
    assert LAST in document.text


@pytest.mark.parametrize("content", ["", " \n\t", "\u200b\ufeff\n", "\0\0\0", "\u200d"])
def test_nothing_to_be_seen_is_empty(content: str) -> None:
    with pytest.raises(DocumentError) as caught:
        cleaned(content)
    assert caught.value.reason == "empty"


@pytest.mark.parametrize(
    "unit", ['"', "(", "A ", "Aa Bb\n", ". ", "? A", "a\u0301\u0316", "By A B\n", "said on Nov. 22 "]
)
def test_long_texts_of_one_mark_take_no_quadratic_time(unit: str) -> None:
    content = (unit * (200_000 // len(unit)))[:200_000]
    assert cleaned(content, language="en").segments[-1].span.end > 0


def test_the_extractor_names_its_version() -> None:
    assert "trafilatura 2." in EXTRACTOR


def test_a_page_that_is_dated_ahead_of_the_clock_has_no_date() -> None:
    early = datetime(2020, 5, 1)  # noqa: DTZ001 - naive UTC by contract
    assert clean(source(page(), "html"), latest=early).published_at is None
