"""The statements of the .sql files that are run one by one (`load.sql`, those of `linking/`)."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of a script of this package, in order, without the comment lines."""
    lines = (resources.files("warehouse") / name).read_text(encoding="utf-8").splitlines()
    script = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    return tuple(part for part in script.split(";") if part.strip())
