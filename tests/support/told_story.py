"""One made event as four outlets of three publishers tell it, one of them with another's text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tasks.batch import Batch, stage_batch
from tasks.link.story_step import link_stories
from tasks.read.discover import discover
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish

NOW = datetime(2024, 5, 6, 20)  # noqa: DTZ001 - the warehouse stores UTC without a zone

REPORT = (
    "OSLO, May 6 (Reuters) - Mayor Anna Keller closed the old harbour bridge of Oslo on Monday.\n\n"
    "“We will rebuild the bridge before the first snow falls, and the state will pay for every nail,” Keller "
    "said. “Nobody was hurt this morning.”\n\n"
    "“The figures of the engineers were wrong for years,” said Omar Haddad, chief of Northern Rail.\n"
)
BRIEF = (
    "The harbour bridge of Oslo is shut since Monday.\n\n"
    "Mayor Anna Keller promised to “rebuild the bridge before the first snow falls”.\n\n"
    "“I have crossed this bridge every day of my life,” Keller said.\n"
)
LATER = (
    "Oslo has to live without the old harbour bridge that Mayor Anna Keller closed on Monday.\n\n"
    "“We'll rebuild this bridge before the first snow falls, and the state will pay for each nail,” Anna "
    "Keller, the mayor of Oslo, said on Monday. Engineers of Northern Rail had warned of it.\n"
)
HARVEST = "ACCRA - “I have never seen such a harvest,” Grace Okafor, the governor, said on Tuesday.\n"
ARTICLES = (
    ("ledger", "The Daily Ledger", "2024-05-06T08:00:00Z", "Oslo closes its harbour bridge", REPORT),
    ("coast", "Coast Tribune", "2024-05-06T09:30:00Z", "Oslo closes its harbour bridge", REPORT),
    (
        "herald",
        "Morning Post Herald",
        "2024-05-06T11:00:00Z",
        "Harbour bridge of Oslo is shut\x1b[31m",
        BRIEF,
    ),
    ("gazette", "Inland Gazette", "2024-05-07T06:00:00Z", "Oslo without its bridge", LATER),
    ("harvest", "Inland Gazette", "2024-05-08T06:00:00Z", "A good harvest in Accra", HARVEST),
)
PUBLISHERS = {"Morning Post Herald": "Northern Press", "Inland Gazette": "Northern Press"}


def load_articles(files: WarehouseFiles, batches: Sequence[Sequence[int]] = (range(len(ARTICLES)),)) -> None:
    """Load the articles of these places batch by batch; tell who publishes what, link after each batch."""
    with loading(files, wait_seconds=0) as con:
        for number, places in enumerate(batches, start=1):
            jsonl = files.published.with_suffix(f".{number}.jsonl")
            jsonl.write_text("".join(as_row(*ARTICLES[place]) for place in places), encoding="utf-8")
            staged = stage_batch(Batch(number, discover([str(jsonl)]).refs), files)
            if staged.path is not None:
                load_batch(con, staged.path, NOW)
            for outlet, publisher in PUBLISHERS.items():
                con.execute("UPDATE outlets SET publisher = ? WHERE name = ?", [publisher, outlet])
            link_stories(con, NOW)


def as_row(name: str, outlet: str, at: str, title: str, text: str) -> str:
    """An article as a line of JSONL."""
    row = {"id": name, "outlet": outlet, "published_at": at, "title": title, "text": text}
    return json.dumps(row) + "\n"


def told_story(folder: Path) -> Path:
    """A published warehouse with the stories and what is said in them."""
    files = WarehouseFiles(folder / "told.duckdb")
    load_articles(files)
    with loading(files, wait_seconds=0) as con:
        publish(con, files, NOW)
    return files.published
