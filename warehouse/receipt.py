"""The receipt of the last publishing: tells whether the published file is still the one we put there."""

from __future__ import annotations

import json

from warehouse.durable import write_durably
from warehouse.files import WarehouseFiles


def write_receipt(files: WarehouseFiles) -> None:
    """Note what the published file looks like now."""
    write_durably(files.receipt, json.dumps(_looks(files)))


def is_as_published(files: WarehouseFiles) -> bool:
    """Whether the published file is untouched since."""
    try:
        return bool(json.loads(files.receipt.read_text(encoding="utf-8")) == _looks(files))
    except (OSError, ValueError):
        return False


def _looks(files: WarehouseFiles) -> dict[str, int]:
    stat = files.published.stat()
    return {"inode": stat.st_ino, "bytes": stat.st_size, "changed_ns": stat.st_mtime_ns}
