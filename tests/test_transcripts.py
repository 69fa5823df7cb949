"""What the docs show of a terminal is what comes out: each session is typed again, in a folder of its own.

`python3 dev.py transcripts` writes down what comes out today; look at the difference before you commit it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.command_line import Onrecord
from tests.support.transcripts import rewritten, settled, steps

REWRITE = "ONRECORD_TEST_REWRITE"
HINT = "prints something else by now. If that is meant: python3 dev.py transcripts"
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if any(steps(page.read_text(encoding="utf-8")))
]


@pytest.mark.prefect
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_docs_show_what_comes_out(page: Path, onrecord: Onrecord) -> None:
    for name in ("seeds", "examples"):
        shutil.copytree(ROOT / name, onrecord.folder / name)
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))

    def printed(command: str) -> str:
        """What a command prints, as its output goes into a file."""
        ended = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=onrecord.folder,
            env={**onrecord.environment, "PATH": programs},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{command}\n{ended.stderr}"
        return ended.stdout

    text = page.read_text(encoding="utf-8")
    if os.environ.get(REWRITE):
        page.write_text(rewritten(text, printed), encoding="utf-8")
        return
    for step in steps(text):
        assert settled(printed(step.command)) == settled(step.shown), f"{step.command}\n{HINT}"


def test_there_are_sessions_to_look_at() -> None:
    assert {page.name for page in PAGES} >= {"README.md", "tour.md"}
