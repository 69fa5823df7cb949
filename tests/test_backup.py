"""The commands of docs/operations.md, typed as they stand: backup, loss of everything, restore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tasks.archive.writer import open_archive
from tests.support.exchanges import candidate, exchange
from tests.support.warehouse_samples import LATER, article, begin, ingest
from warehouse.files import WarehouseFiles
from warehouse.query import query

OPERATIONS = Path(__file__).parents[1] / "docs" / "operations.md"


def commands_of(chapter: str) -> str:
    """The shell commands of a chapter."""
    text = OPERATIONS.read_text(encoding="utf-8").split(f"## {chapter}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def typed(chapter: str, folder: Path) -> str:
    """Type them in a folder; what the last of them prints."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "PREFECT_"))
    }
    environment["PREFECT_HOME"] = str(folder / ".prefect")
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", commands_of(chapter)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_backed_up_is_there_again_and_goes_on(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "data" / "onrecord.duckdb")
    files.published.parent.mkdir()
    begin(files)
    with open_archive(tmp_path / "data" / "archive") as archive:
        archive.append(exchange(1), candidate(1))
    assert "All is well." in typed("Backup", tmp_path)

    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data" / "archive").mkdir(parents=True)
    typed("Restore", tmp_path)
    assert query(files.published, "SELECT count(*) FROM who_said_what").rows == [(1,)]
    assert ingest(files, "two", [article(2)]).articles == 2


def test_an_older_backup_takes_the_place_of_what_came_after_it(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "data" / "onrecord.duckdb")
    files.published.parent.mkdir()
    begin(files)
    with open_archive(tmp_path / "data" / "archive") as archive:
        archive.append(exchange(1), candidate(1))
    typed("Backup", tmp_path)
    assert ingest(files, "two", [article(2)], LATER).articles == 2
    typed("Restore", tmp_path)
    assert ingest(files, "three", [article(3)]).articles == 2
    assert len(files.set_aside) == 1
