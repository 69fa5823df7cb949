"""`onrecord quotes`, `onrecord show` and the views behind a media researcher's first questions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from flows.marked_text import MarkedText
from tests.support.warehouse_samples import article, ingest, together
from warehouse.files import WarehouseFiles
from warehouse.query import query
from warehouse.rows import QuoteRow, VersionRow

# Of the made articles the even ones quote the harbour master, the odd ones the mayor; outlets take turns.
ARTICLES = 6

Ask = Callable[..., Result]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    ingest(files, "made", [article(number) for number in range(ARTICLES)])
    return files.published


@pytest.fixture
def ask(warehouse: Path) -> Ask:
    def asked(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--warehouse", str(warehouse)])

    return asked


def rows(warehouse: Path, statement: str) -> list[tuple[object, ...]]:
    return query(warehouse, statement).rows


def test_quotes_of_a_speaker_by_any_name(ask: Ask) -> None:
    shown = ask("quotes", "--speaker", "ribeiro")
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("“We close for") == 3
    assert "Óscar Lind" not in shown.output
    assert shown.output.endswith("3 quotes by 1 speaker\n")


def test_quotes_of_an_outlet_since_a_day(ask: Ask) -> None:
    everything = json_rows(ask("quotes", "--json"))
    outlet = everything[0]["outlet"]
    of_one = json_rows(ask("quotes", "--outlet", outlet.upper(), "--json"))
    assert of_one == [row for row in everything if row["outlet"] == outlet]
    days = sorted({row["published_on"] for row in everything if row["published_on"]})
    later = json_rows(ask("quotes", "--since", days[-1], "--json"))
    assert {row["published_on"] for row in later} == {days[-1]}


def json_rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_quotes_as_csv_have_a_header_and_all_rows(ask: Ask) -> None:
    table = list(csv.DictReader(io.StringIO(ask("quotes", "--csv").output)))
    assert len(table) == ARTICLES
    assert all(row["quote"].startswith("“We close for") and row["quote_id"] for row in table)


def test_a_name_with_a_slip_is_answered_with_names_like_it(ask: Ask) -> None:
    shown = ask("quotes", "--speaker", "Ribeyro")
    assert "No quotes." in shown.output
    assert "Did you mean" in shown.output
    assert "Ribeiro" in shown.output.replace("é", "e")


def test_a_day_that_is_none_is_a_wrong_use(ask: Ask) -> None:
    assert ask("quotes", "--since", "yesterday").exit_code == 2


def test_without_a_warehouse_both_say_so(tmp_path: Path) -> None:
    for words in (["quotes"], ["show", "harbour"]):
        result = CliRunner().invoke(main, [*words, "--warehouse", str(tmp_path / "none.duckdb")])
        assert result.exit_code == 1
        assert "onrecord ingest" in result.output


def test_an_article_is_shown_with_its_quotes_names_and_what_was_dropped(ask: Ask) -> None:
    shown = ask("show", "closes for 3 days")
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    assert lines[0] == "Harbour closes for 3 days"
    body = next(line for line in lines if "⟦1 “We close for 3 days,”⟧" in line)
    assert "⟦1 “and not one more.”⟧" in body
    assert any(line.startswith("      1 = ") and "said" in line and "direct" in line for line in lines)
    assert any(line.startswith("  × Ten soups") for line in lines)
    assert "1 quote, 0 without a canonical speaker" in lines[-1]


def test_an_article_is_found_by_its_id(ask: Ask, warehouse: Path) -> None:
    ((article_id, title),) = rows(
        warehouse, "SELECT article_id::VARCHAR, title FROM current_articles LIMIT 1"
    )
    assert ask("show", str(article_id)[:10]).output.startswith(f"{title}\n")


def test_words_that_mean_several_articles_list_them(ask: Ask) -> None:
    shown = ask("show", "harbour")
    assert shown.exit_code == 1
    assert shown.output.startswith(f"{ARTICLES} articles may be meant")
    assert shown.output.count("Harbour closes for") == ARTICLES


def test_no_article_is_said_in_a_sentence(ask: Ask) -> None:
    shown = ask("show", "nothing of the kind")
    assert shown.exit_code == 1
    assert "No article is called" in shown.output


def test_marks_are_nested_as_quotes_and_names_are() -> None:
    text = "“Tom said, ‘No,’” Ann told us.\x1b[2J"
    quotes = [quote(1, 0, 17, 18, 21), quote(2, 11, 16, 1, 4)]
    mentions = [
        {"char_start": 1, "char_end": 4, "name": "Tom"},
        {"char_start": 18, "char_end": 21, "name": "Ann"},
    ]
    marked = MarkedText(text, quotes, mentions, {1: 1, 2: 2}).marked(0, len(text), "")
    assert marked.plain == "⟦1 “‹Tom› said, ⟦2 ‘No,’⟧”⟧ ‹Ann› told us. [2J"


def quote(number: int, start: int, end: int, speaker_start: int, speaker_end: int) -> dict[str, object]:
    return {
        "quote_id": number,
        "spans": [{"char_start": start, "char_end": end}],
        "speaker_start": speaker_start,
        "speaker_end": speaker_end,
    }


def test_speakers_are_ranked_by_their_quotes(warehouse: Path) -> None:
    found = rows(warehouse, "SELECT speaker, quotes, direct, articles, outlets FROM speakers_ranked")
    assert [row[1:] for row in found] == [(3, 3, 3, 3), (3, 3, 3, 3)]
    assert len({row[0] for row in found}) == 2


def test_who_is_quoted_together_stands_once_a_pair(warehouse: Path) -> None:
    assert rows(warehouse, "FROM quoted_together") == []
    files = WarehouseFiles(warehouse)
    first, second = article(10), article(11)
    version = first["article_versions"][0]
    assert isinstance(version, VersionRow)
    said = [
        row._replace(version_id=version.version_id) for row in second["quotes"] if isinstance(row, QuoteRow)
    ]
    both = together([first, {**second, "article_versions": [], "segments": [], "mentions": [], "quotes": []}])
    both["quotes"] += said
    ingest(files, "both", [both])
    ((one, other, articles, a, b),) = rows(
        warehouse, "SELECT speaker_a, speaker_b, articles, quotes_a, quotes_b FROM quoted_together"
    )
    assert (articles, a, b) == (1, 1, 1)
    assert str(one) < str(other)


def test_the_unattributed_share_of_each_outlet(warehouse: Path) -> None:
    found = rows(
        warehouse, "SELECT outlet, quotes, unattributed, share FROM unattributed_share ORDER BY outlet"
    )
    assert found == [(f"The Daily {number}", 2, 0, 0.0) for number in range(3)]
