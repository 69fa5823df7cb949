"""`onrecord quotes`: who said what, looked up by speaker, outlet and day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord quotes --speaker syromolotov",
        "onrecord quotes --outlet duvar --since 2019-11-01",
        "onrecord quotes --speaker 'Islamic State' --csv > quotes.csv",
    )
)
@click.option("--speaker", metavar="NAME", help="By any of the names; case and accents do not matter.")
@click.option("--outlet", metavar="WORDS", help="Only outlets whose name holds these words.")
@click.option("--since", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="Published then or later.")
@options.warehouse
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values with a header.")
@click.option("--json", "form", flag_value="json", help="One JSON object a quote.")
def quotes(
    speaker: str | None, outlet: str | None, since: datetime | None, warehouse: Path | None, form: str | None
) -> None:
    """Show who said what: the quotes of a speaker, an outlet, a time, or all of them.

    Of each quote: who said it, where and when, and the words, as far as they stand in quote marks.
    """
    from flows.quotes_command import print_quotes
    from tasks.settings import settings

    day = since.date() if since is not None else None
    print_quotes(settings({"warehouse": warehouse}).warehouse, speaker, outlet, day, form or "text")
