"""`onrecord extract`: one article with its cuts explained, without Prefect and without a warehouse."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.support.warehouse_samples import begin
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = """Harbour stays open all winter

LINDBY (Reuters) - The harbour stays open through the winter, the town council decided on Monday.

Boats had waited for months to learn whether the ice would be broken again this year.

Related: Ten soups for cold evenings
"""
PARAGRAPH = "<p>The harbour stays open through the winter, the town council decided on Monday evening.</p>"
PAGE = (
    "<html><head><title>Harbour stays open</title></head><body><article>"
    f"{PARAGRAPH * 6}</article></body></html>"
)


def extracted(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["extract", *map(str, words)])


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_a_seed_is_shown_with_its_facts_their_sources_and_its_cut_explained(seeds: Path) -> None:
    result = extracted(min(seeds.glob("000*.txt")))
    assert result.exit_code == 0, result.output
    facts = {line.split()[0]: line for line in result.output.splitlines() if line and line[0].isupper()}
    assert facts["Title"].startswith("Title      Several hundreds of ISIS prisoners")
    assert facts["Published"] == "Published  2019-11-22  [text]"
    assert facts["Authors"] == "Authors    unknown"
    heading = next(line for line in result.output.splitlines() if line.startswith("dropped"))
    assert 0.5 <= float(heading.split("  ·  ")[2]) <= 1
    assert f"{heading}\n  It reads as headlines of other articles do" in result.output
    cut = [line for line in result.output.splitlines() if line.startswith("  × ")]
    assert cut[0].startswith("  × Man discovers massive Roman mosaic floor")
    assert "59 dropped in 1 stretch" in result.output
    assert max(map(len, result.output.splitlines())) <= 110


def test_json_has_the_columns_of_the_warehouse_and_segments_that_make_up_the_text(seeds: Path) -> None:
    result = extracted(seeds, "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [row["published_at"] for row in found] == ["2019-11-22T00:00:00Z"] * 2
    for row in found:
        assert "".join(segment["text"] for segment in row["segments"]) == row["text"]
        assert {"role", "rule", "score", "char_start", "char_end"} <= row["segments"][0].keys()
        assert {"title", "title_source", "authors", "language_source", "extractor", "url"} <= row.keys()
    assert found[0]["dropped"].startswith("Man discovers massive Roman mosaic floor")
    assert found[0]["body"].endswith("was not cleared of the YPG.")


def test_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.txt", ARTICLE)
    assert extracted("a.txt").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_page_is_read_as_ingest_reads_it(tmp_path: Path) -> None:
    result = extracted(written(tmp_path, "page.html", PAGE), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["text"].startswith("The harbour stays open")


def test_entries_of_a_source_list_are_tried_at_once(tmp_path: Path) -> None:
    rows = json.dumps({"outlet": "The Ledger", "text": ARTICLE})
    article = written(tmp_path, "a.jsonl", rows)
    entry = "[[source]]\noutlet = 'The Ledger'\ndrop_lines = '^Boats had'\n"
    result = extracted(article, "--sources", written(tmp_path, "sources.toml", entry))
    assert "  × Boats had waited" in result.output
    assert "drop_lines ^Boats had  [sources.toml]" in result.output


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["nowhere.txt"], 2, "There is no such file"),
        (["http://127.0.0.1:1/a"], 1, "ONRECORD_FETCH_ALLOW"),
        (["blank.txt"], 1, "It is empty"),
        (["empty.html"], 1, "No article was found"),
        (["a.txt", "--sources", "nowhere.toml"], 2, "There is no source list nowhere.toml"),
        (["a.txt", "--sources", "bad.toml"], 2, "source 1 (X): drop_lines has '('"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_sentence(
    words: list[str], code: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.txt", ARTICLE)
    written(tmp_path, "blank.txt", " \n\t\n")
    written(tmp_path, "empty.html", "<html><body></body></html>")
    written(tmp_path, "bad.toml", "[[source]]\noutlet = 'X'\ndrop_lines = '('")
    result = extracted(*words)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_headlines_that_the_warehouse_knows_are_recognised(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    begin(files)  # it has the article "Harbour closes for 1 days"
    article = written(tmp_path, "a.txt", ARTICLE.replace("Related: Ten", "Harbour closes for 1 days\n\nTen"))
    link = f"the title of article {stable_id('article', '1')}"
    assert link not in extracted(article).output
    assert link in " ".join(extracted(article, "--warehouse", files.published).output.split())


def test_one_bad_document_of_a_folder_does_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", ARTICLE)
    written(tmp_path, "b.txt", " ")
    result = extracted(tmp_path)
    assert result.exit_code == 0
    assert "a.txt  (1 of 2)" in result.stdout
    assert "b.txt" in result.stderr


def on_terminal(article: Path, **environment: str) -> str:
    """What the command prints on a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flows.cli", "extract", str(article)]
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    run = subprocess.Popen(command, stdout=theirs, cwd=ROOT, env={**kept, "TERM": "xterm", **environment})
    os.close(theirs)
    printed = b""
    try:
        while more := os.read(ours, 65536):
            printed += more
    except OSError:  # the other side has closed
        pass
    finally:
        os.close(ours)
        run.wait()
    return printed.decode()


def test_a_terminal_shows_colours_unless_they_are_not_wanted(tmp_path: Path) -> None:
    article = written(tmp_path, "a.txt", ARTICLE)
    assert "\x1b[" in on_terminal(article)
    assert "\x1b" not in on_terminal(article, NO_COLOR="1")
    assert "\x1b" not in extracted(article).output


def test_an_article_never_steers_the_terminal(tmp_path: Path) -> None:
    row = {
        "title": "A\x1b[2Jtitle\u202e",
        "outlet": "\x1b]0;x\x07",
        "text": f"{ARTICLE}\x1b[31m\x9b2J\u202eend.",
    }
    article = written(tmp_path, "a\x1b[31m.jsonl", json.dumps(row))
    output = extracted(article).output
    assert not set(output) & set("\x1b\x07\x9b\u202e")


def test_a_text_is_shown_in_well_under_a_second(seeds: Path) -> None:
    assert cpu_seconds([sys.executable, "-m", "flows.cli", "extract", str(seeds)]) < 1


def test_neither_prefect_nor_duckdb_nor_a_parser_of_html_is_needed_for_a_text(seeds: Path) -> None:
    heavy: Any = {"prefect", "duckdb", "trafilatura", "lxml", "httpx"}
    code = (
        "import sys; from flows.extract_command import run_extract; from tasks.settings import settings\n"
        f"run_extract({str(seeds)!r}, 'text', settings({{}}))\n"
        f"print('loaded:', sorted({heavy!r} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "loaded: []"


def cpu_seconds(command: list[str]) -> float:
    """The CPU time of a command."""
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return used.ru_utime + used.ru_stime
