"""The report in the Prefect UI: complete, and nothing in it that an article wrote can become markup."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from flows.markdown import Link, escaped
from flows.outcome import Loaded, Outcome
from flows.run_report import check_rows, health_report, run_report, sample_quotes
from flows.summary import source_parts
from flows.terminal import plain, shortened
from tasks.fetch.health import SourceHealth
from tasks.model import Failure
from tests.support.rendered import rendered
from warehouse.checks import CheckResult, all_checks
from warehouse.connect import utc_now
from warehouse.summary import LoadSummary

OUTLET_LINK = "https://tribune.example/a"
LAYOUT = {"h1", "h2", "p", "ul", "li", "a", "table", "thead", "tbody", "tr", "th", "td"}
EVIL = "<script>alert(1)</script> [click](http://x.example) **bold** | `code` \x1b[31mred\x1b[0m"


def outcome(**changed: Any) -> Outcome:
    now = utc_now()
    values: dict[str, Any] = {
        "run_id": UUID(int=0),
        "warehouse": Path("w.duckdb"),
        "began": now,
        "ended": now + timedelta(seconds=2),
        "state": "CompletedWithErrors",
        "message": "1 article loaded, 1 document failed",
        "documents": 2,
        "known": 0,
        "failures": (Failure("a.txt", "read", "empty", "It is empty."),),
        "loaded": Loaded({"article_versions": 1}),
        "checks": (),
        "cpu_seconds": {"read": 0.1},
    }
    return Outcome(**{**values, **changed})


def summary(text: str) -> LoadSummary:
    totals = {"quotes": 1, "quotes_without_speaker": 0, "names": 1, "entities": 1}
    at = {"article_id": str(UUID(int=7)), "url": OUTLET_LINK, "story_id": str(UUID(int=8))}
    said = {"speaker": text, "role": text, "quote": text, "outlet": text, "title": text, **at}
    totals |= {"articles": 1, "corrections": 0, "cuts": 1, "outlets": 1}
    return LoadSummary(
        totals=totals,
        articles=({"outlet": text, "published_on": None, "title": text, "quotes": 1, **at},),
        speakers=({"speaker": text, "role": text, "quotes": 1, "direct": 1},),
        entities=({"name": text, "label": "PER", "mentions": 1, "articles": 1},),
        stories=({"title": text, "articles": 2, "publishers": 2, "stories": 1, **at},),
        dropped=({"outlet": text, "rule": "cue block", "score": 0.9, "text": text},),
        failed=(),
        said=(said,),
        outlets=({"outlet_id": "o", "outlet": text, "articles": 1},),
    )


def test_it_tells_what_was_loaded_quoted_dropped_and_what_failed() -> None:
    report = run_report(outcome(), summary("Coast Tribune"))
    for part in (
        "1 article loaded",
        "## Who said what",
        "## Dropped",
        "cue block",
        "## Failed",
        "It is empty",
    ):
        assert part in report


def test_text_of_articles_never_becomes_markup() -> None:
    failed = outcome(failures=(Failure(EVIL, "read", "empty", EVIL),))
    for pages in (None, "http://127.0.0.1:4201/"):
        page = rendered(run_report(failed, summary(EVIL), pages))
        assert page.tags <= LAYOUT
        assert {link for link in page.links if not link.startswith(pages or "https://")} <= {OUTLET_LINK}
        assert page.text.count("<script>alert(1)</script> [click](http://x.example) **bold**") > 5
        assert "\x1b" not in page.text


def test_text_of_articles_never_becomes_markup_among_the_quotes() -> None:
    page = rendered(sample_quotes(summary(EVIL)))
    assert page.tags == {"blockquote", "p", "strong", "a"}
    assert page.links == [OUTLET_LINK]
    assert page.text.count("<script>alert(1)</script> [click](http://x.example) **bold** | `code`") == 5
    assert "\x1b" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//evil.example",
        "/artifacts",
        "https://bank.example@evil.example/",
        "https:///path",
        "http://[",
        "",
        None,
    ],
)
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    assert escaped(Link(address)) == ""


def test_an_address_cannot_end_its_link() -> None:
    address = "https://x.example/a)[x](javascript:alert(1))?q=<b>|`c`&copy;\\\n# x\x1b[31m"
    page = rendered(f"| a |\n|---|\n| {escaped(Link(address))} |")
    assert page.tags == {"table", "thead", "tbody", "tr", "th", "td", "a"}
    assert [unquote(link) for link in page.links] == [address]
    assert page.text.split() == ["a", "open"]


def test_words_of_articles_cannot_be_the_words_of_a_link() -> None:
    with pytest.raises(ValueError, match="words of a link"):
        escaped(Link("https://x.example", "a\\[b"))


def test_a_bar_in_a_cell_does_not_end_the_cell() -> None:
    assert escaped("a | b") == "a \\| b"


def test_what_is_printed_cannot_steer_a_terminal() -> None:
    assert plain("a\x1b[2Jb\u202ec\r\nd") == "a [2Jb c  d"


def test_long_text_is_cut_at_a_word() -> None:
    assert shortened("one two  three\nfour", 14) == "one two three…"
    assert shortened("one two", 14) == "one two"


def source(name: str, why: str | None = None) -> SourceHealth:
    return SourceHealth(name, None if why else utc_now(), 4, 1, 20, 2, 3, why, utc_now())


def test_the_health_of_sources_is_a_table_without_markup_of_theirs() -> None:
    report = health_report([source(EVIL, EVIL), source("The Ledger")])
    lines = [line for line in report.splitlines() if line.startswith("|")]
    assert len(lines) == 4
    assert "never" in lines[2]
    assert "| The Ledger |" in lines[3]
    assert "| 4 | 1 | 20 | 2 | 3 |" in lines[3]
    assert "<script" not in report
    assert "](" not in report


def test_the_summary_counts_sources_and_names_those_in_trouble() -> None:
    told = list(source_parts(outcome(sources=(source("A", "gone\x1b[2J"), source("B"))), 110))
    assert told[0] == "Sources   2 sources: 8 new, 2 changed, 40 known, 4 failed, 6 postponed"
    assert told[1].startswith("  A: gone")
    assert "\x1b" not in "".join(told)
    assert list(source_parts(outcome(), 110)) == []


def test_it_leads_to_a_page_even_from_a_long_path_with_marks() -> None:
    folder = "/srv/news/" + "x" * 100
    report = run_report(outcome(warehouse=Path(folder) / "a [b](c) <d>.duckdb"), summary("Coast Tribune"))
    line = next(line for line in report.splitlines() if line.startswith("A page to look at"))
    assert "onrecord report" in line
    assert "x" * 100 in line
    assert "<d>" not in line
    assert r"\[b\]\(c\)" in line


def test_checks_that_failed_come_first_and_words_of_articles_stay_short() -> None:
    checks = all_checks()
    severe = next(check for check in checks if check.severity == "error")
    mild = next(check for check in checks if check.severity == "warning")
    found = (
        CheckResult(checks[-1], 0, ()),
        CheckResult(mild, 1, (EVIL,)),
        CheckResult(severe, 7, (EVIL * 20,)),
    )
    table = check_rows(outcome(checks=found))
    assert [row["check"] for row in table] == [severe.name, mild.name, checks[-1].name]
    assert [row["result"] for row in table] == ["FAILED", "warning", "passed"]
    assert table[0]["rows"] == 7
    assert len(table[0]["for example"]) < 200
    assert "\x1b" not in table[0]["for example"]


def test_a_report_of_thousands_of_failures_stays_short() -> None:
    failures = tuple(Failure(f"{number}.txt", "read", "empty", "It is empty.") for number in range(5000))
    report = run_report(outcome(failures=failures), summary("Coast Tribune"))
    assert "and 4,950 more" in report
    assert len(report) < 20_000
