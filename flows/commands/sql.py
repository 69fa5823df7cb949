"""`onrecord sql`: ad-hoc SQL on the published warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    context_settings={"ignore_unknown_options": True},  # a query may begin with a comment: -- …
    epilog=examples(
        'onrecord sql "SELECT * FROM who_said_what"',
        "onrecord sql \"FROM quotes_by('merkel')\" --csv > merkel.csv",
        'onrecord sql "SHOW TABLES"',
    ),
)
@click.argument("query", metavar="SELECT")
@options.warehouse
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values with a header.")
@click.option("--json", "form", flag_value="json", help="One JSON object a row.")
def sql(query: str, warehouse: Path | None, form: str | None) -> None:
    """Ask the published warehouse in SQL. It is opened read-only, and no load waits for it."""
    from flows.sql_command import print_query
    from tasks.settings import settings

    print_query(settings({"warehouse": warehouse}).warehouse, query, form or "table")
