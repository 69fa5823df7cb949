"""Whether a cluster answers, has this onrecord, and reaches the staging place. Called by the doctor."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from tasks.annotate.naming import DEFAULT_NAMING
from tasks.batch import pipeline_of
from tasks.elsewhere.clusters import connected
from tasks.elsewhere.crew import Crew
from tasks.elsewhere.place import Place, place_of_run
from tasks.elsewhere.runner import runner_of
from tasks.errors import OnrecordError
from warehouse.files import WarehouseFiles

PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says: where it is, what it extracts with, what it read in the place (None: nothing)."""

    host: str
    pipeline: str
    read: str | None


@dataclass(frozen=True, slots=True)
class ClusterCondition:
    """What is known of a runner: how many batches at once, or the trouble that it makes."""

    runner: str
    staging: str
    slots: int = 0
    trouble: OnrecordError | None = None


def cluster_condition(crew: Crew, files: WarehouseFiles, now: datetime) -> ClusterCondition:
    """The condition of the crew's cluster; one batch's worth of its work is done for it."""
    url = crew.place(files)
    try:
        runner = runner_of(crew.runner)
        with connected(runner, crew.workers) as cluster, place_of_run(url, now) as place:
            word = uuid4().hex
            _write(place, word)
            _judge(cluster(look, place.url), word, url)
            return ClusterCondition(crew.runner, url, cluster.slots)
    except OnrecordError as error:
        return ClusterCondition(crew.runner, url, trouble=error)


def look(place: str) -> Answer:
    """On a worker: look into the place."""
    with TemporaryDirectory(prefix="onrecord-") as folder:
        file = Path(folder) / PROBE
        try:
            Place(place).take(PROBE, file)
            read = file.read_text("ascii")
        except FileNotFoundError:
            read = None
    return Answer(socket.gethostname(), pipeline_of(DEFAULT_NAMING), read)


def _write(place: Place, word: str) -> None:
    with TemporaryDirectory(prefix="onrecord-") as folder:
        file = Path(folder) / PROBE
        file.write_text(word, "ascii")
        place.give(file, PROBE)


def _judge(answer: Answer, word: str, url: str) -> None:
    """Raises OnrecordError (`other_version`, `staging`)."""
    if answer.pipeline != pipeline_of(DEFAULT_NAMING):
        raise OnrecordError(
            f"The worker on {answer.host} has another onrecord, which extracts with {answer.pipeline!r}; "
            "install the same version there.",
            reason="other_version",
        )
    if answer.read != word:
        raise OnrecordError(
            f"The worker on {answer.host} does not see in {url} what this machine puts there; name a place "
            "that all machines reach: --staging s3://…",
            reason="staging",
        )
