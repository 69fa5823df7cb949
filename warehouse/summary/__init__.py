"""What one load brought, for the person who waited for it: one .sql file a question.

Called by the ingest flow after publishing; reads the published file, so it shows what analysts will see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.connect import reading

MOST_ROWS: Final = 10  # a list of more is no summary
QUESTIONS: Final = ("articles", "speakers", "entities", "stories", "dropped", "failed", "said", "outlets")

Answer = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """Totals of a load, and the first rows of each list.

    `failed` are those seen for the first time, `said` are quotes to look at.
    """

    totals: dict[str, int]
    articles: Answer
    speakers: Answer
    entities: Answer
    stories: Answer
    dropped: Answer
    failed: Answer
    said: Answer = ()
    outlets: Answer = ()


def load_summary(published: Path, loaded_at: datetime) -> LoadSummary:
    """What the load with this clock brought.

    Raises WarehouseError where the published file cannot be read.
    """
    with reading(published) as con:
        lists = {question: _answer(con, question, loaded_at, most=MOST_ROWS) for question in QUESTIONS}
        return LoadSummary(totals=_answer(con, "totals", loaded_at)[0], **lists)


def _answer(con: duckdb.DuckDBPyConnection, question: str, loaded_at: datetime, **more: int) -> Answer:
    statement = (resources.files(__name__) / f"{question}.sql").read_text("utf-8")
    result = con.execute(statement, {"loaded_at": loaded_at, **more})
    columns = [column[0] for column in result.description or ()]
    return tuple(dict(zip(columns, row, strict=True)) for row in result.fetchall())
