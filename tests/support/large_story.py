"""A story of fifty outlets and two hundred articles; all quote one sentence, and each one of its own."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from tasks.batch import Batch, stage_batch
from tasks.link.statement_step import link_statements_of
from tasks.read.discover import discover
from tests.support.told_story import NOW
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batch
from warehouse.publish import publish

LARGE_STORY = stable_id("story", "the long bridge")
OUTLETS, ARTICLES = 50, 200
SHARED = (
    "“We will rebuild the bridge before the first snow falls, and the state will pay for every nail,” "
    "Mayor Anna Keller said."
)
FILLER = (
    "The river was high on that day, and the people of the town stood on both banks of it and waited. " * 20
)


def large_story(folder: Path) -> Path:
    """A published warehouse with the story and its statements."""
    files = WarehouseFiles(folder / "large.duckdb")
    jsonl = folder / "large.jsonl"
    jsonl.write_text("".join(json.dumps(_article(at)) + "\n" for at in range(ARTICLES)), encoding="utf-8")
    with loading(files, wait_seconds=0) as con:
        staged = stage_batch(Batch(1, discover([str(jsonl)]).refs), files)
        assert staged.path is not None
        load_batch(con, staged.path, NOW)
        con.execute(
            """
            INSERT INTO stories (story_id, title, first_published_at, last_published_at, articles, publishers)
            SELECT ?, 'The long bridge', min(published_at), max(published_at), count(*), 50
            FROM article_versions
            """,
            [LARGE_STORY],
        )
        con.execute(
            """
            INSERT INTO story_articles (story_id, article_id, role, published_on)
            SELECT ?, article_id, 'report', published_on
            FROM article_versions
            """,
            [LARGE_STORY],
        )
        con.execute(
            """
            INSERT INTO linked_articles (article_id, version_id, linked_on, dated_by, linker)
            SELECT article_id, version_id, published_on, 'published', 'by hand'
            FROM article_versions
            """
        )
        link_statements_of(con, [LARGE_STORY])
        publish(con, files, NOW)
    return files.published


def _article(at: int) -> dict[str, str]:
    moment = datetime(2024, 5, 6, 6) + timedelta(minutes=7 * at)  # noqa: DTZ001 - written as UTC below
    own = f"“On day {at} the {at}th pillar was broken in {at + 3} places,” said Omar Haddad of Northern Rail."
    return {
        "id": f"article-{at}",
        "outlet": f"The Town Courier and Evening Advertiser of Place Number {at % OUTLETS}",
        "published_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "title": f"The long bridge is closed, part {at} of the report from the river and its people",
        "text": f"{SHARED}\n\n{own}\n\n{FILLER}\n",
    }
