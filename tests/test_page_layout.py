"""Where lines stand in a page: paragraphs that the extraction lost come back, boxes behind the article go."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import clean
from tasks.clean.layout import placed
from tasks.clean.tail import Surroundings
from tasks.clean.text import read_text
from tasks.model import Document, Given, Role, SourceDocument

PARAGRAPHS = (
    "The ferry between the two islands will stop for the winter, the harbour office said on Tuesday.",
    "Its engine is forty years old, and spare parts have to be made by hand in a yard on the mainland.",
    "Some two hundred people cross the strait each day to work, to study or to see a doctor.",
    "A second boat could be leased from Norway, but the council has not yet found the money for it.",
    "Residents have called a meeting for Friday evening in the old school behind the church.",
    "The council is to decide before the end of the month, after the meeting and two more hearings.",
)
BIOGRAPHY = "Ann Reed has sailed these waters since she was six and now looks after our pages on ships."
TEASER = "How the lighthouse keepers spent their last winter on the rock, told by their daughters."


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


def page(body: str) -> str:
    return f"<html><head><title>Ferry to stop for the winter</title></head><body>{body}</body></html>"


def cleaned(html: str) -> Document:
    return clean(SourceDocument("key", "1.html", "1.html", "html", html, Given(), "digest"))


def words_of(document: Document, role: Role) -> str:
    parts = (segment.span.of(document.text) for segment in document.segments if segment.role is role)
    return "\n".join(part.strip() for part in parts)


def tree_of(html: str) -> object:
    from trafilatura import load_html

    return load_html(html)


def test_a_paragraph_that_the_extraction_lost_is_put_back_in_its_place() -> None:
    html = page(f'<h1>Ferry to stop</h1><div class="story">{paragraphs(*PARAGRAPHS)}</div>')
    text = "\n".join((*PARAGRAPHS[:2], *PARAGRAPHS[3:]))
    assert placed(tree_of(html), text).text == "\n".join(PARAGRAPHS)


def test_a_lost_first_and_a_lost_last_paragraph_come_back_too() -> None:
    first = f'<div class="story">{paragraphs(*PARAGRAPHS[:3])}</div>'
    html = page(
        f'<h1>Ferry</h1>{first}<p>Advertisement</p><div class="story">{paragraphs(*PARAGRAPHS[3:])}</div>'
    )
    text = "\n".join(PARAGRAPHS[1:4])
    assert placed(tree_of(html), text).text == "\n".join(PARAGRAPHS)


def test_what_is_no_paragraph_of_the_article_is_not_put_back() -> None:
    others = (
        '<p style="display: none">This text is hidden, so that no reader would see it in the page.</p>',
        "<p>A short line.</p>",
        '<p><a href="/1">The lighthouse keepers and their last winter on the rock, by daughters.</a></p>',
        "<figure><p>The old ferry lies in the harbour, with its engine taken out of it at last.</p></figure>",
        "<p>Sign up for our newsletter and get the best stories of the week delivered to your inbox.</p>",
    )
    html = page(f'<h1>Ferry</h1><div class="story">{paragraphs(*PARAGRAPHS)}{"".join(others)}</div>')
    assert placed(tree_of(html), "\n".join(PARAGRAPHS)).text == "\n".join(PARAGRAPHS)


def test_the_next_article_of_an_endless_page_is_not_put_back() -> None:
    more = paragraphs(
        "Another article begins here, and the page goes on with it as readers scroll down to it."
    )
    story = '<h1>Ferry</h1><div class="story">{}</div>'
    html = page(story.format(paragraphs(*PARAGRAPHS)) + story.format(more))
    assert placed(tree_of(html), "\n".join(PARAGRAPHS)).text == "\n".join(PARAGRAPHS)


def test_a_box_behind_the_article_is_dropped_with_its_rule() -> None:
    html = page(
        f'<article><h1>Ferry to stop</h1><div class="story">{paragraphs(*PARAGRAPHS)}</div>'
        f'<div class="x1"><p>{BIOGRAPHY}</p></div></article>'
    )
    document = cleaned(html)
    (cut,) = [segment for segment in document.segments if segment.role is Role.DROPPED]
    assert (cut.rule, cut.span.of(document.text)) == ("page box", BIOGRAPHY)
    assert words_of(document, Role.BODY).split("\n")[-1] == PARAGRAPHS[-1]


def test_a_box_inside_the_articles_own_element_is_dropped_where_it_ends_the_text() -> None:
    box = f'<section class="x2"><p>{TEASER}</p></section>'
    html = page(
        f'<article><h1>Ferry to stop</h1><div class="story">{paragraphs(*PARAGRAPHS)}{box}</div></article>'
    )
    text = "\n".join((*PARAGRAPHS, TEASER))
    assert placed(tree_of(html), text).apart == {text.index(TEASER)}


def test_teasers_are_apart_and_the_element_that_holds_them_is_a_home_still() -> None:
    teasers = [f"Number {n} of our tales of the sea, told for all." for n in range(3)]
    cards = "".join(
        f'<div class="card"><h3><a href="/{n}">Story {n}</a></h3><p>{teaser}</p></div>'
        for n, teaser in enumerate(teasers)
    )
    story = [f"On day {n}: {text}" for n in range(2) for text in PARAGRAPHS]
    first = f'<div class="story">{paragraphs(*story[:6])}</div>'
    html = page(f'<article>{first}<div class="rest">{paragraphs(*story[6:])}{cards}</div></article>')
    text = "\n".join((*story, *(f"Story {n}\n{teaser}" for n, teaser in enumerate(teasers))))
    assert min(placed(tree_of(html), text).apart) == text.index("Story 0")


def test_the_end_of_an_article_that_is_built_of_many_elements_stays() -> None:
    chunks = "".join(f'<div class="chunk"><p>{text}</p></div>' for text in PARAGRAPHS)
    assert not placed(tree_of(page(f"<main>{chunks}</main>")), "\n".join(PARAGRAPHS)).apart


def test_ingredients_and_answers_stay_whatever_box_they_are_in() -> None:
    ingredients = [f"{n} eggs, {n} onions" for n in range(1, 5)]
    answers = (
        "When does the ferry stop?",
        "It stops on the first day of November, the harbour office said in its statement.",
        "Will there be another boat?",
        "There may be one from Norway, the office said, where the council finds the money for it.",
    )
    for box in (ingredients, answers):
        html = page(
            f'<div class="story">{paragraphs(*PARAGRAPHS)}<div class="x3">{paragraphs(*box)}</div></div>'
        )
        assert not placed(tree_of(html), "\n".join((*PARAGRAPHS, *box))).apart


def test_a_text_that_is_not_found_in_the_page_is_left_as_it_is() -> None:
    text = "\n".join(reversed(PARAGRAPHS))
    found = placed(tree_of(page('<div class="story"><p>Something else.</p></div>')), text)
    assert (found.text, found.apart) == (text, frozenset())


@given(
    kept=st.lists(st.booleans(), min_size=6, max_size=6).filter(any),
    boxed=st.integers(min_value=0, max_value=2),
)
@settings(max_examples=60, deadline=None)
def test_paragraphs_keep_their_order_and_segments_partition_the_text(kept: list[bool], boxed: int) -> None:
    boxes = [BIOGRAPHY, TEASER][:boxed]
    html = page(
        f'<h1>Ferry</h1><div class="story">{paragraphs(*PARAGRAPHS)}</div>'
        f'<div class="x4">{paragraphs(*boxes)}</div>'
    )
    text = "\n".join([text for text, keep in zip(PARAGRAPHS, kept, strict=True) if keep] + boxes)
    found = placed(tree_of(html), text)
    lines = [line for line in found.text.split("\n") if line in PARAGRAPHS]
    assert lines == [text for text in PARAGRAPHS if text in lines]
    segments = read_text(
        found.text, around=Surroundings(dict.fromkeys(found.apart, "page box"), of_page=True)
    ).segments
    assert "".join(segment.span.of(found.text) for segment in segments) == found.text
