"""The house's own rules: which way imports run, what may not be named, what stays small."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("warehouse", "tasks", "flows")  # each may import those before it
MODULES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
PURE = (
    "model.py",
    "errors.py",
    "stage.py",
    "dates.py",
    "timestamps.py",
    "clean",
    "annotate",
    "read",
    "discover",
    "web.py",
)
EDGES = {"prefect", "httpx", "duckdb"}
MOST_LINES = 400  # a longer module has more than one reason to change


def imported(path: Path) -> set[str]:
    """The top-level names of everything that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    assert not imported(path) & above


def test_pure_modules_know_no_edge() -> None:
    pure = [
        path for path in MODULES if path.relative_to(ROOT).parts[:2] in {("tasks", part) for part in PURE}
    ]
    assert len(pure) > 20
    assert {name_of(path): imported(path) & EDGES for path in pure if imported(path) & EDGES} == {}


def test_prefect_is_known_to_the_flows_alone() -> None:
    below = [path for path in MODULES if path.relative_to(ROOT).parts[0] != "flows"]
    assert [name_of(path) for path in below if "prefect" in imported(path)] == []


def test_no_flow_hides_a_module_of_the_standard_library() -> None:
    # Prefect puts the flow file's folder first on the path: flows/queue.py would be everybody's queue.
    assert {path.stem for path in (ROOT / "flows").glob("*.py")} & set(sys.stdlib_module_names) == set()


def test_modules_stay_small() -> None:
    assert {
        name_of(p): n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > MOST_LINES
    } == {}
