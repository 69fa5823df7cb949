"""The receipt: tells whether the published file is still the one that the build was last compared with."""

from __future__ import annotations

import json

from warehouse.durable import write_durably
from warehouse.files import WarehouseFiles


def write_receipt(files: WarehouseFiles, looks: dict[str, int]) -> None:
    """Note that the build holds all of the published file that looks like this."""
    write_durably(files.receipt, json.dumps(looks))


def is_as_published(files: WarehouseFiles) -> bool:
    """Whether the published file is untouched since."""
    try:
        return bool(json.loads(files.receipt.read_text(encoding="utf-8")) == looks_of(files))
    except (OSError, ValueError):
        return False


def looks_of(files: WarehouseFiles) -> dict[str, int]:
    """What tells the published file from any other that may be put in its place."""
    stat = files.published.stat()
    return {"inode": stat.st_ino, "bytes": stat.st_size, "changed_ns": stat.st_mtime_ns}
