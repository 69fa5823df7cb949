"""What README and docs show: questions are asked, commands are parsed, code is run, files are there.

What they show of a terminal is typed again by `test_transcripts.py`.
"""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import dev
from flows.cli import main
from flows.page_address import PAGES_URL
from tasks.link.story_step import link_stories
from tasks.settings import KNOWN
from tests.conftest import ROOT
from tests.support.loading import load_inputs
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.query import query
from warehouse.search_index import index_versions

SET_FOR_RUNS = {PAGES_URL.removeprefix("ONRECORD_").lower()}  # of the environment alone: no setting
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"\bonrecord ([a-z]+)(?: ([a-z]+))?")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
RUNNERS = {"sudo", "docker"}  # what a command may stand behind
LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")
# Nothing of the kind is in the seeds: no outlet changed a text, no note says so, and nobody speaks so long.
EMPTY = ("FROM corrections", "role = 'correction'", "very_long_quotes", "FROM backfill_days")


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
    for word in sorted(known):
        assert CliRunner().invoke(main, [word, "--help"]).exit_code == 0


def typed_lines(page: Path) -> Iterator[str]:
    """What a page's blocks and tables let a reader type; a comment behind three spaces is left out."""
    text = page.read_text(encoding="utf-8")
    for language, block in BLOCK.findall(text):
        if language in {"", "sh", "console"}:
            joined = re.sub(r"\\\n\s*", "", block)
            yield from (re.split(r" {3,}|\s\| ", line.removeprefix("$ "))[0] for line in joined.splitlines())
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from re.findall(r"`((?:onrecord|python3 dev\.py) [^`]+)`", prose)


def words_of(line: str) -> list[str]:
    """The words of a command, without settings (`A=b onrecord …`) and whatever runs it elsewhere."""
    try:
        words = shlex.split(line)
    except ValueError:  # a statement that goes on in the next line, or prose
        return []
    begins = [at for at, word in enumerate(words) if word.rsplit("/", 1)[-1] in {"onrecord", "python3"}]
    if not begins:
        return []
    before = [word for word in words[: begins[-1]] if "=" not in word]
    return words[begins[-1] :] if not before or before[0] in RUNNERS else []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_can_be_typed_as_it_stands(page: Path) -> None:
    for line in typed_lines(page):
        words = words_of(line)
        if words and words[0].endswith("onrecord") and words[1:] and words[1] != "COMMAND":
            parse(main, words[1:], line)
        elif words[:2] == ["python3", "dev.py"] and words[2:]:
            assert words[2] in dev.COMMANDS, line


def parse(command: click.Command, words: list[str], line: str) -> None:
    """Let click read the words as it would, without doing anything."""
    if {"--help", "-h"} & set(words):
        return
    if isinstance(command, click.Group):
        found = command.commands.get(words[0]) if words else None
        assert found is not None, line
        parse(found, words[1:], line)
        return
    # Files of a reader's own are not here, and a command that is only mentioned may leave its object out.
    wrong = refused(command, words)
    assert wrong is None or isinstance(wrong, click.MissingParameter) or "does not exist" in wrong.message, (
        line
    )


def refused(command: click.Command, words: list[str]) -> click.UsageError | None:
    """What click has against the words."""
    try:
        command.make_context(command.name, list(words))
    except click.UsageError as error:
        return error
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_is_named_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r"\bONRECORD_((?!TEST)[A-Z_]+)\b", text)}
    assert named - KNOWN - SET_FOR_RUNS == set()
    for language, block in BLOCK.findall(text):
        if language == "toml":
            assert tomllib.loads(block).keys() - KNOWN - {"source"} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_that_is_shown_gives_what_is_shown(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "docs" / "decisions").glob("*.md"))], ids=lambda page: page.name
)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
