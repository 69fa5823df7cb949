"""What holds for every task of every flow."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import flows
from tests.conftest import ROOT


def modules_with_tasks() -> list[str]:
    """The modules that define tasks, by their source: to import all of them would take seconds."""
    found = pkgutil.walk_packages(flows.__path__, "flows.")
    paths = {one.name: ROOT / f"{one.name.replace('.', '/')}.py" for one in found}
    return sorted(
        name
        for name, path in paths.items()
        if path.exists() and any(mark in path.read_text("utf-8") for mark in ("\n@task", "\n@materialize"))
    )


@pytest.mark.parametrize("module", modules_with_tasks())
def test_no_task_hashes_what_it_is_given(module: str) -> None:
    """Prefect would look for an earlier result by that hash; loads are exactly-once anyway."""
    from prefect import Task
    from prefect.cache_policies import NO_CACHE

    tasks = [one for one in vars(importlib.import_module(module)).values() if isinstance(one, Task)]
    assert tasks
    assert [one.name for one in tasks if one.cache_policy != NO_CACHE] == []
