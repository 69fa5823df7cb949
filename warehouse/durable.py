"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file onto another in one step: whoever opens the target sees the old one or the new one."""
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        sync(part)
        rename_durably(part, target)
    finally:
        part.unlink(missing_ok=True)


def write_durably(target: Path, content: str) -> None:
    """Write a small text file in one step."""
    part = target.with_name(f".{target.name}.part")
    part.write_text(content, encoding="utf-8")
    sync(part)
    rename_durably(part, target)


def rename_durably(source: Path, target: Path) -> None:
    """Rename, and have the folder remember it."""
    source.replace(target)
    sync(target.parent)


def remove_durably(path: Path) -> None:
    """Remove a file, if it is there, and have the folder remember it."""
    path.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
