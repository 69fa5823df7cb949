"""The warehouse's one exception, and DuckDB's and the system's errors put into sentences.

Whoever calls the warehouse catches `WarehouseError`; `explained` makes one of what went wrong below.
"""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Final, Literal

import duckdb

Reason = Literal[
    "not_a_warehouse",
    "no_warehouse",
    "warehouse_locked",
    "not_writable",
    "disk_full",
    "newer_schema",
    "older_schema",
    "changed_schema",
    "damaged",
    "bad_batch",
    "bad_sql",
    "occupied",
    "no_story",
    "no_article",
    "several_stories",
]

FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
NOT_ALLOWED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

_FULL_WORDS = re.compile(r"no space left|file too large|disk quota exceeded|out of disk", re.IGNORECASE)
_LOCK_WORDS = re.compile(r"could not set lock|conflicting lock", re.IGNORECASE)
_NOT_ALLOWED_WORDS = re.compile(
    r"permission denied|read-only file system|operation not permitted", re.IGNORECASE
)
_DAMAGED_WORDS = re.compile(
    r"corrupt|checksum|failed to load metadata|serializ|not a valid duckdb|truncated"
    r"|could not read (enough|all|from)",
    re.IGNORECASE,
)
_PID = re.compile(r"\(PID (\d+)\)")


class WarehouseError(Exception):
    """Something about the warehouse that a person should read as one sentence.

    `reason` is for machines, `message` tells a person what to do.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message

    def __reduce__(self) -> tuple[type[WarehouseError], tuple[Reason, str]]:
        return type(self), (self.reason, self.message)


def first_line(error: BaseException) -> str:
    """The first line of what DuckDB says, without the statement it quotes below."""
    return str(error).strip().split("\n", 1)[0].strip() or type(error).__name__


def holder(error: BaseException) -> int | None:
    """The PID that DuckDB names as holding a file, if it does."""
    found = _PID.search(str(error))
    return int(found[1]) if found else None


def is_lock_conflict(error: BaseException) -> bool:
    """Whether another process (or an open connection of this one) holds the database file."""
    same_process = isinstance(error, duckdb.ConnectionException) and "different configuration" in str(error)
    return same_process or bool(_LOCK_WORDS.search(str(error)))


def is_damage(error: BaseException) -> bool:
    """Whether the error says that the file itself is broken."""
    return isinstance(error, duckdb.SerializationException) or bool(_DAMAGED_WORDS.search(str(error)))


def explained(error: BaseException, path: Path) -> WarehouseError | None:
    """The error as a sentence, where it is one of those that a person can do something about."""
    code = error.errno if isinstance(error, OSError) else None
    words = str(error)
    if code in FULL or _FULL_WORDS.search(words):
        return disk_full(path)
    if is_lock_conflict(error):
        return locked(path, holder(error))
    if code in NOT_ALLOWED or _NOT_ALLOWED_WORDS.search(words):
        return not_writable(path)
    return None


def not_writable(path: Path) -> WarehouseError:
    """No permission, or no place where a file could be."""
    return WarehouseError(
        "not_writable",
        f"{path} may not be written; give it (and its folder) write permission, or choose another.",
    )


def disk_full(path: Path) -> WarehouseError:
    """No room: says that nothing was half-loaded."""
    return WarehouseError(
        "disk_full",
        f"The disk that holds {path.parent} is full; free some space and run the same command again: "
        "what was loaded before is safe, and nothing was half-loaded.",
    )


def locked(path: Path, pid: int | None, host: str | None = None) -> WarehouseError:
    """Another process holds it; named where it is known."""
    who = f"process {pid}" if pid else "another process"
    where = f" on {host}" if host else ""
    return WarehouseError(
        "warehouse_locked",
        f"{path} is in use by {who}{where}; wait until it has ended, or end it, "
        "then run the same command again.",
    )


def no_warehouse(path: Path) -> WarehouseError:
    """Nothing there yet."""
    return WarehouseError(
        "no_warehouse", f"There is no warehouse at {path}; load some articles first: onrecord ingest INPUT."
    )


def damaged(build: Path, published: Path, what: str) -> WarehouseError:
    """The build is broken, and nothing else is there to go on from."""
    return WarehouseError(
        "damaged",
        f"{build} is damaged ({what.rstrip('.')}) and {published} cannot stand in for it; put a backup in "
        "the place of the latter, or make it anew from the archive: onrecord doctor --rebuild.",
    )


def not_a_warehouse(path: Path) -> WarehouseError:
    """A file of somebody else's, which must not be overwritten."""
    return WarehouseError(
        "not_a_warehouse",
        f"{path} is not an onrecord warehouse and was left untouched; choose another file with --warehouse.",
    )
