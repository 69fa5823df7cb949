"""What README and docs show: every question of theirs is asked, every command and file they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from tasks.link.story_step import link_stories
from tests.conftest import ROOT
from tests.support.loading import load_inputs
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.query import query
from warehouse.search_index import index_versions

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"\bonrecord ([a-z]+)(?: ([a-z]+))?")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")
# Nothing of the kind is in the seeds: no outlet changed a text, and no note says so.
EMPTY = ("FROM corrections", "role = 'correction'")


def questions(page: Path) -> list[str]:
    """The statements of a page, each without the others."""
    blocks = SQL.findall(page.read_text(encoding="utf-8"))
    return [part.strip() for block in blocks for part in re.split(r";\s*(?:\n|$)", block) if part.strip()]


ALL_QUESTIONS = [(page.name, question) for page in PAGES for question in questions(page)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> WarehouseFiles:
    files = WarehouseFiles(tmp_path_factory.mktemp("docs") / "onrecord.duckdb")
    load_inputs(files, seeds)
    with loading(files, wait_seconds=5) as con:
        link_stories(con, utc_now())
        index_versions(con)
        publish(con, files, utc_now())
    return files


def test_the_pages_ask_something() -> None:
    assert {page for page, _ in ALL_QUESTIONS} >= {"README.md", "cookbook.md"}
    assert len(ALL_QUESTIONS) > 15


@pytest.mark.parametrize(("page", "question"), ALL_QUESTIONS)
def test_every_question_has_an_answer_in_the_seeds(files: WarehouseFiles, page: str, question: str) -> None:
    del page
    answer = query(files.published, question)
    assert bool(answer.rows) != any(words in question for words in EMPTY)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_is_there(page: Path) -> None:
    named = COMMAND.findall(page.read_text(encoding="utf-8"))
    known = {word for word, _ in named if word in main.commands}
    blocks = "\n".join(re.findall(r"```(?:\w*)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    assert {word for word, _ in COMMAND.findall(blocks)} <= set(main.commands)
    for word in sorted(known):
        assert CliRunner().invoke(main, [word, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "docs" / "decisions").glob("*.md"))], ids=lambda page: page.name
)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
