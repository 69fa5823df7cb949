"""`onrecord report`: what is on the page, and that no text of an article can be anything but text on it."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import html as lxml_html

from flows.cli import main
from flows.report import words
from flows.report.build import LIMITS, story_page
from flows.report.marked import notes_of, parts
from flows.report.page import html
from tests.support.hostile import hostile_warehouse
from tests.support.large_story import LARGE_STORY, large_story
from tests.support.told_story import NOW, told_story
from warehouse.story_lookup import latest_stories

Page = Any  # an element of lxml, which has no types


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told_story(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def bridge(warehouse: Path) -> str:
    """The story that four articles tell."""
    rows = latest_stories(warehouse, most=10, least_voices=2)
    return str(rows[0]["story_id"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_warehouse(tmp_path_factory.mktemp("hostile"))


def report(warehouse: Path, target: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["report", *more, "-o", str(target), "--warehouse", str(warehouse)])


def page_of(warehouse: Path, folder: Path, *more: str) -> Page:
    target = folder / "page.html"
    result = report(warehouse, target, *more)
    assert result.exit_code == 0, result.output
    return lxml_html.fromstring(target.read_text("utf-8"))


def text_of(page: Page, path: str) -> list[str]:
    """The words of the elements that an XPath finds, on one line each."""
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


# --- what is on it ---------------------------------------------------------------------


def test_without_a_story_the_page_lists_the_latest_and_shows_the_first(
    warehouse: Path, tmp_path: Path
) -> None:
    page = page_of(warehouse, tmp_path)
    assert text_of(page, "//ol[@class='latest']//h3") == ["Oslo closes its harbour bridge"]
    assert text_of(page, "//h2[@id='story']") == ["Oslo closes its harbour bridge"]
    assert text_of(page, "//table[@class='bars']//th[@scope='row']")[0] == "Anna Keller"
    # One article says that it was published two days after it was loaded.
    assert text_of(page, "//*[@id='chart-days-told']") == ["2024-05-06: 3. 2024-05-07: 1."]


def test_commands_on_the_page_mean_the_warehouse_that_it_was_made_from(tmp_path: Path) -> None:
    folder = tmp_path / "an other's"
    folder.mkdir()
    warehouse = large_story(folder)
    page = lxml_html.fromstring(html(story_page(warehouse, str(LARGE_STORY), NOW)))
    ours = [shlex.split(words) for words in text_of(page, "//code") if words.startswith("onrecord ")]
    assert ours
    assert {tuple(words[-2:]) for words in ours} == {("--warehouse", str(warehouse))}


def test_the_outlets_stand_side_by_side_in_voices(warehouse: Path, bridge: str, tmp_path: Path) -> None:
    cards = text_of(page_of(warehouse, tmp_path, "--story", bridge), "//section[1]//li[@class='card']")
    assert [card.split()[:4] for card in cards] == [
        ["1", "The", "Daily", "Ledger"],
        ["2", "Northern", "Press", "Harbour"],
    ]
    assert "Coast Tribune copy" in cards[0]


def test_statements_have_their_wording_by_outlet(warehouse: Path, bridge: str, tmp_path: Path) -> None:
    page = page_of(warehouse, tmp_path, "--story", bridge[:8])
    first = page.xpath("//li[@class='statement']")[0]
    assert text_of(first, ".//p[@class='by']") == [
        "fullest wording The Daily Ledger, Coast Tribune",
        "edited Inland Gazette",
        "a part Morning Post Herald",
    ]
    assert text_of(first, ".//ins") == ["We'll", "this", "each"]
    assert text_of(first, ".//h4") == ["Anna Keller"]
    assert "Quoted by 2 of 2 voices." in text_of(first, ".//p[@class='squares']")[0]
    assert [square.get("class") for square in first.xpath(".//*[@class='strip']/*")] == ["square quoted"] * 2


def test_what_one_voice_alone_has_is_there(warehouse: Path, bridge: str, tmp_path: Path) -> None:
    page = page_of(warehouse, tmp_path, "--story", bridge)
    alone = text_of(page, "//section[@aria-labelledby='alone']//li")
    assert "I have crossed this bridge every day of my life Anna Keller" in alone


def test_speakers_have_their_quotes_once(warehouse: Path, bridge: str, tmp_path: Path) -> None:
    page = page_of(warehouse, tmp_path, "--story", bridge)
    haddad = page.xpath("//details[@class='speaker'][.//bdi[text()='Omar Haddad']]")[0]
    figures = "“The figures of the engineers were wrong for years,”"
    assert text_of(haddad, ".//li") == [f"{figures} direct The Daily Ledger and Coast Tribune in the text"]
    target = haddad.xpath(".//a/@href")[0].removeprefix("#")
    assert page.xpath("//*[@id=$id]/..//mark", id=target)


def test_every_link_within_the_page_leads_somewhere_and_no_id_is_twice(
    warehouse: Path, tmp_path: Path
) -> None:
    page = page_of(warehouse, tmp_path)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = {href.removeprefix("#") for href in page.xpath("//a/@href") if href.startswith("#")}
    labels = page.xpath("//@aria-labelledby | //@aria-describedby")
    named |= {one for names in labels for one in names.split()}
    assert named <= set(ids)
    assert len(named) > 20


def test_one_article_is_a_page_of_its_own(warehouse: Path, tmp_path: Path) -> None:
    page = page_of(warehouse, tmp_path, "--article", "harvest")
    assert text_of(page, "//h2") == ["A good harvest in Accra"]
    assert text_of(page, "//mark") == ["“I have never seen such a harvest,”"]
    assert not page.xpath("//*[@class='statement']")


# --- the text --------------------------------------------------------------------------


def test_a_text_is_whole_with_its_marks_at_the_code_point() -> None:
    text = "🛶 Row\n\n“Yes,” she said, “and 🚲 no.”\nRelated: more\n"
    quote: dict[str, Any] = {
        "quote_id": 1,
        "kind": "direct",
        "stance": "speech",
        "speaker": "Ida",
        "role": None,
        "worded": "she",
        "cue": "said",
        "speaker_null_reason": None,
        "carrier_quote_id": None,
        "score": 1.0,
        "spans": [{"char_start": 7, "char_end": 13}, {"char_start": 24, "char_end": 35}],
        "speaker_start": 14,
        "speaker_end": 17,
    }
    segments = [
        {"char_start": 0, "char_end": 7, "role": "title", "rule": "first line", "score": 1.0},
        {"char_start": 7, "char_end": 36, "role": "body", "rule": "text", "score": 1.0},
        {"char_start": 36, "char_end": len(text), "role": "dropped", "rule": "cue line", "score": 0.9},
    ]
    quote["spans"][1]["char_end"] = text.index("\nRelated")
    found = parts(text, segments, [quote], notes_of([quote], "a1"))
    assert [part.role for part in found] == ["title", "body", "dropped"]
    (runs,) = found[1].paragraphs
    assert [(run.words, run.note is not None, run.opens, run.speaker) for run in runs] == [
        ("“Yes,”", True, True, False),
        (" ", False, False, False),
        ("she", False, False, True),
        (" said, ", False, False, False),
        ("“and 🚲 no.”", True, False, False),
    ]
    assert found[2].reason == "A line that announces another article, with its headline."


# --- hostile text ------------------------------------------------------------------------


@pytest.mark.parametrize("more", [(), ("--article", "hostile")])
def test_no_text_of_an_article_becomes_markup(hostile: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    page = page_of(hostile, tmp_path, *more)
    scripts = page.xpath("//script")
    assert len(scripts) == 1
    assert "alert" not in scripts[0].text
    assert not page.xpath("//img | //iframe | //object | //form | //base | //body//link | //body//style")
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    assert page.xpath("//@style") == []
    whole = page.text_content()
    for piece in ("<script>alert(1)</script>", "[link](javascript:alert(2))", "'; DROP TABLE quotes; --"):
        assert piece in whole


def test_only_addresses_of_the_web_can_be_followed(hostile: Path, tmp_path: Path) -> None:
    links = [str(href) for href in page_of(hostile, tmp_path).xpath("//a/@href")]
    assert all(href.startswith("#") for href in links), links


def test_nothing_on_the_page_steers_a_terminal_or_turns_its_writing(hostile: Path, tmp_path: Path) -> None:
    page_of(hostile, tmp_path)
    written = (tmp_path / "page.html").read_text("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", written)
    result = report(hostile, tmp_path / "page.html")
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://ledger.example/a?b=1&c=2", True),
        ("http://ledger.example/", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://ledger.example/", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//ledger.example/a", False),
        ("https://", False),
        ("https://[", False),
        ("https://ledger.example@evil.example/", False),
        ("https://ledger.example/\u202egnp.exe", False),
        ("https://ledger.example/" + "a" * 3000, False),
        ("file:///etc/passwd", False),
        (None, False),
    ],
)
def test_which_addresses_are_links(address: str | None, followed: bool) -> None:
    assert (words.link(address) is not None) is followed


def test_the_policy_names_the_style_and_the_script_by_their_hashes(warehouse: Path, tmp_path: Path) -> None:
    page_of(warehouse, tmp_path)
    written = (tmp_path / "page.html").read_text("utf-8")
    policy = re.search('Content-Security-Policy" content="([^"]+)"', written)
    assert policy
    for element in ("style", "script"):
        own = re.findall(f"<{element}>(.*?)</{element}>", written, re.DOTALL)
        assert len(own) == 1
        digest = b64encode(sha256(own[0].encode()).digest()).decode()
        assert f"{element}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]


# --- large stories -----------------------------------------------------------------------


def test_a_story_of_fifty_outlets_and_two_hundred_articles_stays_bounded(tmp_path: Path) -> None:
    report_of = story_page(large_story(tmp_path), str(LARGE_STORY), NOW)
    page = html(report_of)
    assert len(page) < 2_000_000
    assert report_of.story
    assert len(report_of.story.voices) == 50
    assert len(report_of.story.articles) <= LIMITS.texts
    assert len(report_of.story.articles) + report_of.story.without_text == 200
    statement = report_of.story.shared[0]
    assert len(statement.wordings) <= 12
    assert len(statement.squares) == 50


# --- the command ---------------------------------------------------------------------------


def test_a_story_that_is_not_there_is_told_and_nothing_is_written(warehouse: Path, tmp_path: Path) -> None:
    result = report(warehouse, tmp_path / "page.html", "--story", "ffffffff")
    assert result.exit_code == 1
    assert "There is no story 'ffffffff'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_an_article_that_is_not_there_is_told(warehouse: Path, tmp_path: Path) -> None:
    result = report(warehouse, tmp_path / "page.html", "--article", "nothing of this name")
    assert result.exit_code == 1
    assert "No article is called" in result.stderr


def test_a_story_and_an_article_at_once_are_wrong_usage(warehouse: Path, tmp_path: Path) -> None:
    result = report(warehouse, tmp_path / "page.html", "--story", "ffff", "--article", "x")
    assert result.exit_code == 2


def test_without_a_warehouse_it_says_so(tmp_path: Path) -> None:
    result = report(tmp_path / "none.duckdb", tmp_path / "page.html")
    assert result.exit_code == 1
    assert "There is no warehouse" in result.stderr or "no warehouse" in result.stderr.lower()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = report(warehouse, tmp_path / "file" / "page.html")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_a_dash_writes_the_page_to_the_standard_output(warehouse: Path) -> None:
    result = CliRunner().invoke(main, ["report", "-o", "-", "--warehouse", str(warehouse)])
    assert result.stdout.lstrip().startswith("<!doctype html>")
    assert result.stdout.rstrip().endswith("</html>")
