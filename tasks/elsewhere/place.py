"""The staging place of a run on a cluster: a folder that this machine and all workers reach, by fsspec.

Any file system that fsspec knows: `/mnt/shared`, `s3://bucket/folder` (with `onrecord[s3]`), and so on.
What it needs to know besides (keys, an endpoint) it reads from its own configuration or the environment.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tasks.errors import OnrecordError

LEFT_BEHIND = timedelta(days=7)  # what a killed run left is removed by a run after this
RUN_NAME = re.compile(r"run-(?P<began>\d{8}T\d{6})-[0-9a-f]{32}")
BEGAN = "%Y%m%dT%H%M%S"


class Place:
    """One folder of a file system; names are relative to it.

    Raises OnrecordError (`staging`) where it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        with self._in_sentences():
            from fsspec.core import url_to_fs

            local = {"auto_mkdir": True} if "://" not in url or url.startswith("file://") else {}
            self.files, root = url_to_fs(url, **local)
            self.root = str(root).rstrip("/")

    def __truediv__(self, folder: str) -> Place:
        """The place of a folder in it."""
        return Place(f"{self.url.rstrip('/')}/{folder}")

    def give(self, file: Path, name: str) -> None:
        """Put a file of this machine into it."""
        with self._in_sentences():
            self.files.put_file(str(file), f"{self.root}/{name}")

    def take(self, name: str, file: Path) -> None:
        """Fetch a file from it; raises FileNotFoundError where it is not there."""
        with self._in_sentences(FileNotFoundError):
            self.files.get_file(f"{self.root}/{name}", str(file))

    def remove(self) -> None:
        """Remove it with all that is in it; what cannot be removed is left to a later run."""
        with contextlib.suppress(Exception):
            self.files.rm(self.root, recursive=True)

    def folders(self) -> list[str]:
        """The names of what is in it; none where it is not there yet."""
        with contextlib.suppress(FileNotFoundError), self._in_sentences(FileNotFoundError):
            paths = self.files.ls(self.root, detail=False)
            return [str(path).rstrip("/").rpartition("/")[2] for path in paths]
        return []

    @contextmanager
    def _in_sentences(self, *but: type[Exception]) -> Iterator[None]:
        """What an unknown protocol, a missing package or a refusal raise, as a sentence."""
        try:
            yield
        except but:
            raise
        except Exception as error:
            told = str(error).strip().partition("\n")[0] or type(error).__name__
            raise OnrecordError(
                f"The staging place {self.url} cannot be used: {told.rstrip('.')}.", reason="staging"
            ) from error


@contextmanager
def place_of_run(url: str, now: datetime) -> Iterator[Place]:
    """A folder of its own for a run, removed at its end; those of runs that were killed long ago go, too.

    `now` is naive UTC.
    """
    whole = Place(url)
    for name in whole.folders():
        found = RUN_NAME.fullmatch(name)
        if found and datetime.strptime(found["began"], BEGAN) < now - LEFT_BEHIND:  # noqa: DTZ007 - UTC
            (whole / name).remove()
    place = whole / f"run-{now.strftime(BEGAN)}-{uuid4().hex}"
    try:
        yield place
    finally:
        place.remove()
