"""The page of `onrecord report` in headless Chromium: how it looks, that it asks for nothing, who can use it.

Run with `python3 dev.py browser`. With ONRECORD_TEST_PICTURES=FOLDER the pictures stay, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.report.build import overview_page, story_page
from flows.report.page import html
from tasks.batch import Batch, stage_batch
from tasks.link.story_step import link_stories
from tasks.read.discover import discover
from tests.support.browser import Browser, browser, chromium
from tests.support.hostile import hostile_warehouse
from tests.support.large_story import LARGE_STORY, large_story
from tests.support.told_story import NOW
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed (apt-get install chromium)"),
]

PHONE, DESKTOP = (390, 844), (1280, 900)
AXE = Path(__file__).parent.parent / ".tools" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
VISIBLE_TIP = """
[...document.querySelectorAll('.tip')]
    .filter((tip) => getComputedStyle(tip).display !== 'none')
    .map((tip) => tip.textContent.trim().replace(/\\s+/g, ' '))
"""


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> dict[str, str]:
    """The addresses of the pages that are looked at."""
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "seeds": overview_page(seeds_warehouse(folder, seeds), NOW),
        "hostile": overview_page(hostile_warehouse(folder), NOW),
        "large": story_page(large_story(folder), str(LARGE_STORY), NOW),
    }
    for name, report in made.items():
        (folder / f"{name}.html").write_text(html(report), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


def seeds_warehouse(folder: Path, seeds: Path) -> Path:
    files = WarehouseFiles(folder / "seeds.duckdb")
    with loading(files, wait_seconds=0) as con:
        staged = stage_batch(Batch(1, discover([str(seeds)]).refs), files)
        assert staged.path is not None
        load_batch(con, staged.path, NOW)
        link_stories(con, NOW)
        publish(con, files, NOW)
    return files.published


def picture(chrome: Browser, name: str, folder: Path) -> None:
    """Keep a picture of the whole page."""
    kept = Path(os.environ.get("ONRECORD_TEST_PICTURES", folder))
    kept.mkdir(parents=True, exist_ok=True)
    target = kept / f"{name}.png"
    chrome.picture(target, whole=True)
    assert target.stat().st_size > 10_000


def brightness(colour: str) -> int:
    """How bright a computed colour is, 0 to 255, by its red."""
    return int(colour.split("(")[1].split(",", maxsplit=1)[0])


def inside(chrome: Browser) -> bool:
    """Whether nothing of the page is to the right of the window."""
    return bool(chrome.value("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["seeds", "hostile", "large"])
def test_a_page_fits_the_window_asks_for_nothing_and_complains_of_nothing(
    chrome: Browser, pages: dict[str, str], tmp_path: Path, name: str, size: tuple[int, int], dark: bool
) -> None:
    chrome.look(*size, dark=dark)
    chrome.open(pages[name])
    chrome.value("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    assert inside(chrome)
    paper = chrome.value("getComputedStyle(document.body).backgroundColor")
    assert (brightness(paper) < 128) is dark
    looks = f"{'phone' if size is PHONE else 'desktop'}-{'dark' if dark else 'light'}"
    picture(chrome, f"{name}-{looks}", tmp_path)
    assert chrome.requests == [pages[name]]
    assert chrome.complaints == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there; python3 dev.py browser brings it")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["seeds", "hostile"])
def test_axe_finds_nothing_serious(chrome: Browser, pages: dict[str, str], name: str, dark: bool) -> None:
    chrome.look(*DESKTOP, dark=dark)
    chrome.open(pages[name])
    chrome.value("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    chrome.value(AXE.read_text("utf-8") + "; 'loaded'")
    found: dict[str, Any] = chrome.value(
        "axe.run(document).then((found) => ({passes: found.passes.length, violations: found.violations.map("
        "(one) => [one.impact, one.id, one.nodes.slice(0, 3).map((node) => node.html)])}))"
    )
    assert found["passes"] > 20
    assert [one for one in found["violations"] if one[0] in GRAVE] == []


def test_the_reason_of_a_cut_shows_on_hover_and_on_focus_and_escape_hides_it(
    chrome: Browser, pages: dict[str, str]
) -> None:
    chrome.look(*PHONE)
    chrome.open(pages["seeds"])
    assert chrome.value(VISIBLE_TIP) == []
    chrome.point(".why button")
    (told,) = chrome.value(VISIBLE_TIP)
    assert told.startswith("Why it was cut It reads as headlines of other articles do")
    assert inside(chrome)
    chrome.press("Escape")
    assert chrome.value(VISIBLE_TIP) == []
    chrome.point("h1")
    chrome.value("document.querySelector('.why button').focus()")
    assert chrome.value(VISIBLE_TIP) == [told]


def test_the_keyboard_reaches_the_quotes_and_who_said_them(chrome: Browser, pages: dict[str, str]) -> None:
    chrome.look(*DESKTOP)
    chrome.open(pages["seeds"])
    chrome.value("document.querySelector('#a1 summary').focus()")
    chrome.press("Tab")
    assert chrome.value("document.activeElement.getAttribute('aria-label')") == "Quote 1"
    assert chrome.value(VISIBLE_TIP)[0].startswith("Russia")
    chrome.press("Tab")
    assert chrome.value(VISIBLE_TIP)[0].startswith("Oleg Syromolotov, Deputy Foreign Minister")


def test_a_link_opens_the_text_that_it_leads_into(chrome: Browser, pages: dict[str, str]) -> None:
    chrome.look(*DESKTOP)
    chrome.open(pages["large"])
    last = "[...document.querySelectorAll('.text')].at(-1)"
    assert chrome.value(f"{last}.open") is False
    chrome.value(f"location.hash = {last}.querySelector('.num').id")
    chrome.value("new Promise((done) => setTimeout(done, 200))")
    assert chrome.value(f"{last}.open") is True


def test_print_shows_what_is_folded_away_and_why_something_was_cut(
    chrome: Browser, pages: dict[str, str]
) -> None:
    chrome.look(*DESKTOP)
    chrome.open(pages["seeds"])
    chrome.value("document.querySelectorAll('details').forEach((box) => { box.open = false; })")
    chrome.value("dispatchEvent(new Event('beforeprint'))")
    assert chrome.value("document.querySelectorAll('details:not([open])').length") == 0
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    chrome.ask("Emulation.setEmulatedMedia", media="print", features=dark)
    try:
        ink = chrome.value("getComputedStyle(document.querySelector('mark')).color")
        paper = chrome.value("getComputedStyle(document.querySelector('mark')).backgroundColor")
        assert brightness(ink) < 50
        assert brightness(paper) > 200
        assert [told for told in chrome.value(VISIBLE_TIP) if told.startswith("Why it was cut")]
    finally:
        chrome.ask("Emulation.setEmulatedMedia", media="")
