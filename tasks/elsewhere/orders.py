"""What travels between a run and a worker of a cluster: orders there, staged Parquet back through the place.

`Elsewhere` is called here, `carry_out` on a worker, which needs no file of ours: the documents come with the
order. What is staged is what this machine would have staged: the same function makes it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import tempfile
import time
import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import uuid4

from tasks.batch import Order, carried_out, pipeline_of
from tasks.elsewhere.place import Place
from tasks.errors import OnrecordError
from tasks.model import Failure
from warehouse.durable import sync
from warehouse.staging import adopt_batch

QUICK = 1  # zlib's level: pages shrink to a fifth, for a hundredth of what their extraction costs
KEPT_FOR = 24 * 3600  # seconds that a worker keeps what it fetched of a run


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order as it travels. `made_by` is what this machine would extract with."""

    order: bytes
    made_by: str
    place: str
    titles: tuple[str, ...]  # names in the place
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker did: the folder in the place, and its files with their sizes; no files: nothing new."""

    folder: str
    files: dict[str, int]
    failures: tuple[Failure, ...]
    cpu_seconds: dict[str, float]
    host: str


class Caller(Protocol):
    """Runs `carry_out` on a worker."""

    def __call__(self, parcel: Parcel, /) -> Reply:
        """What came of the parcel."""


class Elsewhere:
    """Carries out the orders of a run on a cluster; called by many threads at once."""

    def __init__(self, call: Caller, place: Place) -> None:
        self.call, self.place = call, place
        self._lock = Lock()
        self._given: dict[Path, str] = {}

    def __call__(self, order: Order, staging: Path) -> Path | None:
        """As `carried_out` does it: the folder of the staged batch, here.

        Raises OnrecordError (`other_version`, `staging`) where the worker or the place do not fit.
        """
        if not order.new:
            return carried_out(order, staging)  # nothing is to be extracted
        work = order.work
        parcel = Parcel(
            zlib.compress(pickle.dumps(order, pickle.HIGHEST_PROTOCOL), QUICK),
            work.pipeline,
            self.place.url,
            tuple(map(self._name_of, work.titles)),
            tuple(map(self._name_of, work.lines)),
        )
        reply = self.call(parcel)
        work.failures[:] = reply.failures
        work.cpu_seconds = defaultdict(float, reply.cpu_seconds)
        if not reply.files:
            return None
        return adopt_batch(staging, order.batch_id, lambda folder: self._fetch(reply, folder))

    def _name_of(self, memory: Path) -> str:
        """The name in the place of what the run knows; it is put there once."""
        with self._lock:
            if memory not in self._given:
                self.place.give(memory, memory.name)
                self._given[memory] = memory.name
            return self._given[memory]

    def _fetch(self, reply: Reply, folder: Path) -> None:
        """The files of a reply, whole."""
        for name, size in reply.files.items():
            file = folder / name
            try:
                self.place.take(f"{reply.folder}/{name}", file)
            except FileNotFoundError:
                file.unlink(missing_ok=True)
            if not file.is_file() or file.stat().st_size != size:
                raise not_shared(self.place, reply.host)
            sync(file)


def not_shared(place: Place, host: str) -> OnrecordError:
    """A worker and this machine mean two places by one name."""
    return OnrecordError(
        f"What the worker on {host} wrote to {place.url} is not there for this machine; name a place that "
        "all machines reach: --staging s3://…",
        reason="staging",
    )


# --- on a worker -----------------------------------------------------------------


def carry_out(parcel: Parcel) -> Reply:
    """Extract the documents of a parcel and put their rows into the place."""
    order: Order = pickle.loads(zlib.decompress(parcel.order))  # noqa: S301 - our own, of the run we work for
    refuse_other_version(parcel.made_by, order)
    place = Place(parcel.place)
    order.work.titles = tuple(_fetched(place, name) for name in parcel.titles)
    order.work.lines = tuple(_fetched(place, name) for name in parcel.lines)
    folder = f"{order.batch_id}-{uuid4().hex}"  # a second attempt may be under way
    with tempfile.TemporaryDirectory(prefix="onrecord-") as staging:
        staged = carried_out(order, Path(staging))
        files = {file.name: file.stat().st_size for file in staged.iterdir()} if staged else {}
        for name in files:
            assert staged is not None  # noqa: S101 - it has files
            place.give(staged / name, f"{folder}/{name}")
    work = order.work
    return Reply(folder, files, tuple(work.failures), dict(work.cpu_seconds), socket.gethostname())


def refuse_other_version(made_by: str, order: Order) -> None:
    """Raises OnrecordError (`other_version`): rows of one run are made by one extraction."""
    ours = pipeline_of(order.work.naming)
    if ours != made_by:
        raise OnrecordError(
            f"The worker on {socket.gethostname()} has another onrecord: it extracts with {ours!r}, this "
            f"machine with {made_by!r}; install the same version on both.",
            reason="other_version",
        )


@cache
def _memories() -> Path:
    """Where this worker keeps what it fetched; what it kept of runs that are over is removed."""
    kept = Path(tempfile.gettempdir()) / f"onrecord-{os.getuid()}"
    kept.mkdir(mode=0o700, exist_ok=True)
    for run in kept.iterdir():
        if run.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(run, ignore_errors=True)
    return kept


def _fetched(place: Place, name: str) -> Path:
    """What the run knows, fetched once; a file that is there is whole."""
    folder = _memories() / place.root.rpartition("/")[2]
    file = folder / name
    if not file.is_file():
        folder.mkdir(exist_ok=True)
        part = folder / f"{name}.{uuid4().hex}.part"
        place.take(name, part)
        part.replace(file)
    return file
