"""The steps of a run over made articles, each measured in a process of its own: CPU, clock, memory."""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from tasks.link.pair_score import story_model
from tasks.link.story_step import link_stories, linker_of
from tests.bench.made_batches import stage_made_batches
from warehouse.checks import run_checks
from warehouse.checks.due import unchecked_since
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batches
from warehouse.publish import publish as publish_build
from warehouse.query import query
from warehouse.search_index import index_versions
from warehouse.staging import staged_batches

WAIT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step cost: seconds of CPU (all threads) and on the clock, without the start of the interpreter.

    Megabytes are those of the whole process at its peak.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float

    def as_row(self) -> dict[str, float]:
        """For the file of figures."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def measured(step: Callable[..., Any], *given: object) -> tuple[Any, Cost]:
    """Run a step in a fresh process; what it returns, and what it cost."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, step, given).result()


def _measured(step: Callable[..., Any], given: tuple[object, ...]) -> tuple[Any, Cost]:
    cpu, wall = time.process_time(), time.monotonic()
    result = step(*given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = Cost(time.process_time() - cpu, time.monotonic() - wall, peak)
    return result, cost


# --- the steps ---------------------------------------------------------------------------


def stage(files: WarehouseFiles, first: int, number: int, at_once: int, kept: Path | None) -> None:
    """Stage made articles in batches; those that were staged before are taken from where they were kept."""
    place = kept / f"{first}-{number}-{at_once}" if kept else files.staging
    if not (kept and place.exists()):
        list(stage_made_batches(place, number, first, at_once))
    if kept:
        for folder in place.iterdir():
            shutil.copytree(folder, files.staging / folder.name, copy_function=os.link)


def take_as_linked(files: WarehouseFiles, before: date) -> int:
    """Take the older articles as linked, each a story of its own; how many. It saves an hour at a million.

    Linking looks at the month before an article, so what it costs then is what it costs anyway.
    """
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        [(number,)] = con.execute(
            """
            INSERT INTO linked_articles BY NAME
            SELECT
                v.article_id,
                v.version_id,
                v.published_on AS linked_on,
                'published' AS dated_by,
                $linker AS linker,
                a.outlet_id
            FROM article_versions AS v
            JOIN articles AS a USING (article_id)
            ANTI JOIN linked_articles AS l USING (article_id)
            WHERE v.published_on < $before
            ORDER BY linked_on, article_id
            """,
            {"linker": linker_of(story_model()), "before": before},
        ).fetchall()
        con.execute(
            """
            CREATE TEMP TABLE alone AS
            SELECT l.article_id, v.title, v.published_at, v.published_on
            FROM linked_articles AS l
            JOIN article_versions AS v USING (version_id)
            ANTI JOIN story_articles AS s ON s.article_id = l.article_id
            """
        )
        con.execute(
            "INSERT INTO stories SELECT article_id, title, published_at, published_at, 1, 1 FROM alone"
        )
        con.execute(
            """
            INSERT INTO story_articles (story_id, article_id, role, published_on, linked_on, dated_by)
            SELECT article_id, article_id, 'report', published_on, published_on, 'published'
            FROM alone
            """
        )
        con.execute("CHECKPOINT")
    return int(number)


def load(files: WarehouseFiles) -> int:
    """Load all that is staged; the rows that were added."""
    now = utc_now()
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        loaded = load_batches(con, staged_batches(files.staging), now)
        return sum(counts.total for together in loaded for counts in together)


def index(files: WarehouseFiles) -> int:
    """Index the words of what was loaded; the number of versions."""
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        return index_versions(con)


def link(files: WarehouseFiles) -> dict[str, int]:
    """Link what was loaded into stories; how much there was."""
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        counts = link_stories(con, utc_now())
    return {
        "articles": counts.articles,
        "stories": counts.stories,
        "statements": counts.statements.statements,
    }


def check(files: WarehouseFiles) -> dict[str, int]:
    """Check what was loaded; the violations of every check that did not pass."""
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        now = utc_now()
        found = run_checks(con, stable_id("bench", str(now)), now, since=unchecked_since(con))
    return {result.check.name: result.violations for result in found if not result.passed}


def publish(files: WarehouseFiles) -> int:
    """Publish; the bytes of the published file."""
    with loading(files, wait_seconds=WAIT_SECONDS) as con:
        return publish_build(con, files, utc_now()).bytes


def ask(published: Path, sql: str) -> int:
    """Ask the published file; the number of rows."""
    return len(query(published, sql).rows)
