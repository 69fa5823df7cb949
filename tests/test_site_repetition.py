"""Lines that a site repeats on its pages are cut from the ends of its articles; those of one story not."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean import clean
from tasks.clean.site_lines import MIN_PAGES, MIN_SHARE, LineCount, key_of, open_lines, site_of
from tasks.model import Document, DocumentRef, Given, Role, SourceDocument
from tasks.site_memory import SAMPLE, given_pages, known_pages, lines_for, lines_of_source, remember_lines

HOUSE = "Our reporters live where you live"
SITE = "https://ledger.example/"


def story(number: int) -> list[str]:
    return [
        f"The council of ward {number} voted to close its bridge over the river for {number} years.",
        f"Engineers had found cracks in {number + 2} pillars, and repairs would cost {number} million.",
        f"Buses will take another way until then, and number {number} will not run at all on Sundays.",
    ]


def row(number: int, lines: Sequence[str], form: str = "text") -> bytes:
    text = "\n\n".join(lines)
    if form == "html":
        text = (
            "<html><body><article>"
            + "".join(f"<p>{line}</p>\n" for line in lines)
            + "</article></body></html>"
        )
    return json.dumps({"id": str(number), "url": f"{SITE}{number}", form: text}).encode()


def refs_of(path: Path, rows: Sequence[bytes]) -> list[DocumentRef]:
    path.write_bytes(b"\n".join(rows))
    refs, at = [], 0
    for line, content in enumerate(rows, start=1):
        refs.append(DocumentRef(path, "row", at, len(content), line))
        at += len(content) + 1
    return refs


def source(lines: Sequence[str], url: str = f"{SITE}new") -> SourceDocument:
    return SourceDocument(
        "key", "1", "1", "text", "\n\n".join(lines), Given(url=url, language="en"), "digest"
    )


def cut(document: Document) -> list[tuple[str, str]]:
    return [
        (segment.rule, segment.span.of(document.text).strip())
        for segment in document.segments
        if segment.role is Role.DROPPED
    ]


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_line_that_five_pages_of_a_site_repeat_is_cut_from_the_end_of_all(
    tmp_path: Path, form: str
) -> None:
    rows = [row(number, [*story(number), HOUSE], form) for number in range(1, MIN_PAGES + 1)]
    memory = remember_lines(tmp_path, "input", given_pages(refs_of(tmp_path / "a.jsonl", rows)))
    read = source([*story(3), HOUSE])
    document = clean(read, site_lines=lines_for(read, [memory]))
    assert cut(document) == [("site repetition", HOUSE)]


def test_it_stays_elsewhere_inside_the_text_and_where_too_few_pages_have_it(tmp_path: Path) -> None:
    rows = [row(number, [*story(number), HOUSE]) for number in range(1, MIN_PAGES + 1)]
    memory = remember_lines(tmp_path, "all", given_pages(refs_of(tmp_path / "a.jsonl", rows)))
    few = remember_lines(tmp_path, "few", given_pages(refs_of(tmp_path / "b.jsonl", rows[1:])))
    for read, known in (
        (source([*story(3), HOUSE], "https://other.example/1"), memory),
        (source([HOUSE, *story(3)]), memory),
        (source([*story(3), HOUSE]), few),
    ):
        assert cut(clean(read, site_lines=lines_for(read, [known]))) == []


def test_a_story_that_stands_at_many_addresses_repeats_no_lines(tmp_path: Path) -> None:
    told = [*story(1), HOUSE]
    changed = [[*told[:-2], f"{told[-2]} {'It was changed. ' * n}", HOUSE] for n in range(2 * MIN_PAGES)]
    rows = [row(number, lines) for number, lines in enumerate([*changed, [*story(2), HOUSE]])]
    memory = remember_lines(tmp_path, "input", given_pages(refs_of(tmp_path / "a.jsonl", rows)))
    assert not open_lines(memory)


def test_what_few_of_a_sites_pages_repeat_is_their_storys_background(tmp_path: Path) -> None:
    texts = [
        (
            f"{SITE}{number}",
            "The Ledger",
            UUID(int=number),
            "\n".join([*story(number), HOUSE][: 3 + (number < 6)]),
        )
        for number in range(30)
    ]
    assert not open_lines(remember_lines(tmp_path, "warehouse", known_pages(texts)))


def test_a_line_with_a_reporting_verb_is_never_cut_for_its_repetition(tmp_path: Path) -> None:
    said = "Nobody will be left behind, the mayor said in front of the town hall"
    rows = [row(number, [*story(number), said]) for number in range(1, MIN_PAGES + 1)]
    memory = remember_lines(tmp_path, "input", given_pages(refs_of(tmp_path / "a.jsonl", rows)))
    read = source([*story(3), said])
    assert cut(clean(read, site_lines=lines_for(read, [memory]))) == []


def test_the_warehouse_tells_what_a_site_repeats(tmp_path: Path) -> None:
    texts = [
        (f"{SITE}{number}", "The Ledger", UUID(int=number), "\n".join([*story(number), HOUSE]))
        for number in range(1, MIN_PAGES + 1)
    ]
    memory = remember_lines(tmp_path, "warehouse", known_pages(texts))
    read = source([*story(9), HOUSE])
    assert cut(clean(read, site_lines=lines_for(read, [memory]))) == [("site repetition", HOUSE)]


def test_the_memory_is_the_same_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [
        row(number, [*story(number), HOUSE if number % 2 else "Until tomorrow, dear readers of ours"])
        for number in range(3 * SAMPLE)
    ]
    found = []
    for turn in range(3):
        random.Random(turn).shuffle(rows)  # noqa: S311 - nothing secret
        memory = remember_lines(tmp_path, f"{turn}", given_pages(refs_of(tmp_path / f"{turn}.jsonl", rows)))
        found.append(memory.read_bytes())
    assert found[0] == found[1] == found[2] != b""


@given(pages=st.lists(st.tuples(st.integers(0, 6), st.sets(st.integers(0, 4), max_size=4)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_lines_are_counted_by_pages_and_stories_in_any_order(pages: list[tuple[int, set[int]]]) -> None:
    def counted(ordered: Sequence[tuple[int, set[int]]]) -> list[int]:
        count = LineCount()
        for number, lines in ordered:
            count.add(
                "ledger.example", str(number), [*story(number), *(f"{HOUSE} {line} times" for line in lines)]
            )
        return count.repeated()

    assert counted(pages) == counted(pages[::-1])
    told = {number for number, _ in pages}
    for line in range(5):
        having = {number for number, lines in pages if line in lines}
        is_repeated = key_of("ledger.example", f"{HOUSE} {line} times") in counted(pages)
        assert is_repeated == (len(having) >= max(MIN_PAGES, MIN_SHARE * len(told)))


def test_scripts_are_no_lines_of_a_page_and_broken_ones_end_with_it() -> None:
    page = (
        f"<p>{HOUSE}</p><script>var a = '<p>Not for readers at all</p>';</script><p>A &amp; B</p><style>p {{"
    )
    read = SourceDocument("key", "1", "1", "html", page, Given(), "digest")
    assert list(lines_of_source(read)) == [HOUSE, "A & B"]


def test_a_site_is_known_by_its_host_or_its_outlet() -> None:
    assert site_of("https://www.ledger.example/1", "The Ledger") == "ledger.example"
    assert site_of(None, "The  LEDGER") == "the ledger"
    assert site_of("http://[broken", None) is None
