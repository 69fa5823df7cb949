"""The report in the Prefect UI: complete, and nothing in it that an article wrote can become markup."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flows.artifacts import escaped, health_report, run_report
from flows.outcome import Loaded, Outcome
from flows.summary import source_parts
from flows.terminal import plain, shortened
from tasks.fetch.health import SourceHealth
from tasks.model import Failure
from warehouse.connect import utc_now
from warehouse.summary import LoadSummary

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
    return LoadSummary(
        totals=totals,
        articles=({"outlet": text, "published_on": None, "title": text, "quotes": 1},),
        speakers=({"speaker": text, "role": text, "quotes": 1, "direct": 1},),
        entities=({"name": text, "label": "PER", "mentions": 1, "articles": 1},),
        stories=({"title": text, "articles": 2, "publishers": 2, "stories": 1},),
        dropped=({"outlet": text, "rule": "cue block", "score": 0.9, "text": text},),
        failed=(),
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
    report = run_report(outcome(failures=(Failure(EVIL, "read", "empty", EVIL),)), summary(EVIL))
    assert "<script" not in report
    assert "](" not in report
    assert "**bold" not in report
    assert "\x1b" not in report


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
