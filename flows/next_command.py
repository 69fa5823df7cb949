"""Commands that are shown to be typed next: what they need to mean the same warehouse."""

from __future__ import annotations

import shlex
from pathlib import Path

from flows.terminal import plain
from tasks.settings import DEFAULT_WAREHOUSE


def warehouse_option(warehouse: Path) -> str:
    """The option that names the warehouse, with a blank before it; nothing where it is the usual one."""
    if warehouse == Path(DEFAULT_WAREHOUSE):
        return ""
    return plain(f" --warehouse {shlex.quote(str(warehouse))}")
