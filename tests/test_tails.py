"""Tails: titles of other articles, page links and the trained score; links, laws and order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import clean
from tasks.clean.tail import Surroundings
from tasks.clean.text import read_text
from tasks.clean.title_memory import KnownTitle, TitleMemory, keys_of, write_titles
from tasks.model import DocumentRef, Given, Role, Segment, SourceDocument
from tasks.titles import given_titles, titles_for

BODY = "\n\n".join(
    (
        "The council voted on Monday to close the old bridge over the river for at least two years.",
        "Engineers had found cracks in three of its pillars, and repairs would cost 4 million crowns.",
        "“We have no other choice,” the mayor, Ann Reed, told reporters after the meeting.",
    )
)
TITLES = (
    "Harvest festival returns to the valley",
    "Is the night train coming back?",
    "A short history of the tram",
)
OWN = "Old bridge to close for two years"
ARTICLES = tuple(UUID(int=number + 1) for number in range(len(TITLES)))


@pytest.fixture
def memory(tmp_path: Path) -> TitleMemory:
    path = tmp_path / "known.titles"
    write_titles(path, [*zip(TITLES, ARTICLES, strict=True), (OWN, UUID(int=9))])
    return TitleMemory(path)


def dropped(text: str, segments: Sequence[Segment]) -> list[tuple[str, str, UUID | None]]:
    return [
        (part.rule, part.span.of(text).strip(), part.linked_article)
        for part in segments
        if part.role is Role.DROPPED
    ]


@pytest.mark.parametrize("joint", ["\n\n", " "])
@pytest.mark.parametrize("between", [" ", "\n\n"])
def test_known_titles_behind_an_article_are_cut_and_linked(
    memory: TitleMemory, joint: str, between: str
) -> None:
    text = BODY + joint + between.join(TITLES)
    expected = [("known title", title, article) for title, article in zip(TITLES, ARTICLES, strict=True)]
    assert dropped(text, read_text(text, None, [memory]).segments) == expected


def test_a_known_title_inside_the_text_stays_and_so_does_the_articles_own(memory: TitleMemory) -> None:
    text = f"{TITLES[0]}\n\n{BODY}\n\n{OWN}"
    assert dropped(text, read_text(text, OWN, [memory]).segments) == []


def test_a_sentence_that_says_a_title_stays(memory: TitleMemory) -> None:
    text = f"{BODY} Harvest festival returns to the valley."
    assert dropped(text, read_text(text, None, [memory]).segments) == []


def test_an_article_is_not_cut_by_the_title_of_an_earlier_version_of_itself(tmp_path: Path) -> None:
    row = tmp_path / "rows.jsonl"
    row.write_text(f'{{"id": "1", "title": "{TITLES[0]}", "text": "{TITLES[1]}"}}\nnot JSON with a "title"\n')
    refs = [DocumentRef(row, "row", 0, row.read_bytes().index(b"\n"), 1), DocumentRef(row, "row", 70, 20, 2)]
    titles = list(given_titles(refs))
    assert [title for title, _ in titles] == [TITLES[0]]
    path = tmp_path / "input.titles"
    write_titles(path, titles)
    itself = SourceDocument("id:\x1f1", "1", "place", "text", BODY, Given(), "digest")
    other = SourceDocument("id:\x1f2", "2", "place", "text", BODY, Given(), "digest")
    (key,) = keys_of(TITLES[0])
    assert [memory.find(key) is None for memory in titles_for(itself, [path])] == [True]
    assert [memory.find(key) is None for memory in titles_for(other, [path])] == [False]


def test_links_of_the_page_itself_are_titles_of_other_articles() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in BODY.split("\n\n") * 3)
    links = "".join(f'<p><a href="/{number}">{title}</a></p>' for number, title in enumerate(TITLES))
    page = f"<html><body><article>{body}{links}</article></body></html>"
    document = clean(SourceDocument("key", "id", "place", "html", page, Given(), "digest"))
    cut = dropped(document.text, document.segments)
    assert all(rule == "page link" for rule, _, _ in cut)
    assert not any(
        title in document.text and title not in " ".join(text for _, text, _ in cut) for title in TITLES
    )


def test_a_memory_finds_every_title_whatever_its_case_marks_and_site(tmp_path: Path) -> None:
    path = tmp_path / "many.titles"
    many = [
        (f"Report number {number} on the state of the roads", UUID(int=number)) for number in range(1, 5000)
    ]
    write_titles(path, reversed(many))
    memory = TitleMemory(path)
    for title, article in many[::97]:
        for said in (title, title.upper(), f"“{title}”", f"{title} | Some Daily"):
            assert {found.article for key in keys_of(said) if (found := memory.find(key))} == {article}
    assert memory.find(keys_of("Report number 5001 on the state of the roads")[0]) is None


PIECES = [*TITLES, *BODY.split("\n\n"), "Related:", "By Jane Doe", "Photo: A bridge.", "What now?", "Why?"]


class Many:
    """Knows every other stretch of words."""

    def find(self, key: int) -> KnownTitle | None:
        """Half of all keys are titles."""
        return KnownTitle(UUID(int=key)) if key % 2 else None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), min_size=1, max_size=9), st.booleans())
def test_segments_partition_the_text_with_a_memory_too(lines: list[str], run_on: bool) -> None:
    text = (" " if run_on else "\n").join(lines).replace("\r", " ")
    if not text.strip():
        return
    ends = [0] + [
        part.span.end for part in read_text(text, None, [Many()], Surroundings(of_page=True)).segments
    ]
    assert ends[-1] == len(text)
    assert ends == sorted(set(ends))


@pytest.mark.parametrize("tail", ["", "\n\n" + "\n\n".join(TITLES), "\n\n" + " ".join(TITLES)])
def test_cleaning_a_body_again_cuts_nothing_more(memory: TitleMemory, tail: str) -> None:
    text = BODY + tail
    segments = read_text(text, None, [memory]).segments
    body = "".join(part.span.of(text) for part in segments if part.role is Role.BODY)
    assert dropped(body, read_text(body, None, [memory]).segments) == []


@pytest.mark.parametrize(
    "text", ["Why? " * 60_000, "A b. " * 60_000, "Title Words Here " * 30_000, "x\n" * 60_000]
)
def test_long_hostile_texts_are_read_in_moments(memory: TitleMemory, text: str) -> None:
    assert read_text(BODY + "\n" + text, None, [memory], Surroundings(of_page=True)).segments
