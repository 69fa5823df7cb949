"""What stands behind an article in a page: scripts, galleries, credits, biographies, the page's own end."""

from __future__ import annotations

import json

import pytest

from tasks.clean import clean
from tasks.clean.html import extract
from tasks.clean.told import behind_told
from tasks.model import Document, Given, Role, SourceDocument
from tests.test_page_layout import PARAGRAPHS, paragraphs

BODY = "\n".join(PARAGRAPHS)


def cleaned(html: str) -> Document:
    return clean(SourceDocument("key", "1.html", "1.html", "html", html, Given(), "digest"))


def page(behind: str = "", head: str = "") -> str:
    title = "Ferry to stop for the winter"
    story = f'<h1>{title}</h1><div class="story">{paragraphs(*PARAGRAPHS)}{behind}</div>'
    return f"<html><head><title>{title}</title>{head}</head><body><article>{story}</article></body></html>"


def stretches(document: Document) -> list[tuple[Role, str, str]]:
    """What is no title and no body: role, rule, text."""
    return [
        (segment.role, segment.rule, segment.span.of(document.text).strip())
        for segment in document.segments
        if segment.role not in (Role.TITLE, Role.BODY)
    ]


def body_of(document: Document) -> str:
    parts = (segment.span.of(document.text) for segment in document.segments if segment.role is Role.BODY)
    return "".join(parts).strip()


@pytest.mark.parametrize(
    ("behind", "rule"),
    [
        ("<p>Scroll through the gallery below to see the ferry in its best years.</p>", "call to action"),
        ("<p>1 of 12</p><p>2 of 12</p>", "gallery count"),
        ("<p>Sources:</p><p>https://harbour.example/ferry</p>", "bare address"),
        ("<p>The views expressed here are not those of this newspaper or of its owners.</p>", "legal line"),
        ("<p>Watch the old ferry leave for the last time:</p>", "leads nowhere"),
    ],
)
def test_what_pages_leave_behind_their_articles_is_dropped_by_its_rule(behind: str, rule: str) -> None:
    document = cleaned(page(behind))
    assert {(role, found) for role, found, _ in stretches(document)} == {(Role.DROPPED, rule)}
    assert body_of(document) == BODY


def test_a_plain_text_keeps_the_addresses_that_somebody_left_in_it() -> None:
    text = f"{BODY}\nSources:\nhttps://harbour.example/ferry"
    document = clean(SourceDocument("key", "1.txt", "1.txt", "text", text, Given(), "digest"))
    assert not [segment for segment in document.segments if segment.role is Role.DROPPED]


def test_a_line_about_an_author_that_the_page_names_is_a_credit() -> None:
    line = "Ann Reed grew up on the smaller of the two islands and has written of ships for twenty years."
    document = cleaned(page(f"<p>{line}</p>", '<meta name="author" content="Ann Reed">'))
    assert stretches(document) == [(Role.CREDIT, "biography", line)]
    assert cleaned(page(f"<p>{line}</p>")).segments[-1].role is Role.BODY


def test_a_list_of_credits_is_a_credit_from_its_heading_on() -> None:
    listed = "<h2>Photo credits</h2><p>Photographer Ann Roe</p><p>Nails Jo Poe</p><p>Boats by the harbour</p>"
    document = cleaned(page(listed))
    assert [(role, rule) for role, rule, _ in stretches(document)] == [(Role.CREDIT, "list of credits")]
    assert body_of(document) == BODY


def test_a_script_that_leaked_into_the_text_is_dropped_to_its_end() -> None:
    leaked = '</noscript><script id="data">{"a": 1}\nwindow.a = 1;\n</script></body></html>'
    extracted = extract(page())

    def with_leak(*_: object) -> object:
        from dataclasses import replace

        return replace(extracted, text=f"{extracted.text}\n{leaked}")

    source = SourceDocument("key", "1.html", "1.html", "html", page(), Given(), "digest")
    document = clean(source, extract=with_leak)  # type: ignore[arg-type]
    assert stretches(document) == [(Role.DROPPED, "script text", leaked)]


def test_what_stands_behind_the_end_of_the_pages_own_text_is_dropped() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "Ferry to stop", "articleBody": BODY})
    head = f'<script type="application/ld+json">{told}</script>'
    extra = "The paper has a shop in which you find charts of the strait and mugs with the ferry on them."
    document = cleaned(page(f"<p>{extra}</p>", head))
    assert stretches(document) == [(Role.DROPPED, "end of the page's own text", extra)]
    assert not stretches(cleaned(page(f"<p>{extra}</p>")))


def test_a_pages_own_text_that_is_cut_short_says_nothing() -> None:
    half = "\n".join(PARAGRAPHS[:3])
    assert not behind_told(half, BODY)  # too much of the article stands behind its end
    assert not behind_told("Something else. " * 60, BODY)


def test_a_question_for_consent_is_not_taken_for_the_article() -> None:
    asked = paragraphs(
        *(
            f"Cookies of kind {n} are small files that we and our {n} partners keep on your device, and"
            " which cookies are kept is yours to choose in the list of cookies on this page at any time."
            for n in range(1, 20)
        )
    )
    html = (
        "<html><head><title>Ferry to stop for the winter</title></head><body>"
        f'<div class="cookie-box">{asked}</div><h1>Ferry to stop for the winter</h1>'
        f'<div class="story">{paragraphs(*PARAGRAPHS)}</div></body></html>'
    )
    document = cleaned(html)
    assert body_of(document) == BODY
