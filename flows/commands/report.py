"""`onrecord report`: a page to look at, in one HTML file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples

DEFAULT = "onrecord-report.html"


@click.command(
    epilog=examples(
        "onrecord report",
        "onrecord report --story 91a0ad4f -o bridge.html",
        "onrecord report --article 'hundreds of isis prisoners'",
        "onrecord report -o - | less",
    )
)
@click.option("--story", "story_id", metavar="ID", help="A story, by its id or the first characters of it.")
@click.option("--article", metavar="ARTICLE", help="One article, by what onrecord show takes.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE.html",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=DEFAULT,
    show_default=True,
    help="Where to put the page; - is the standard output.",
)
@options.warehouse
def report(story_id: str | None, article: str | None, target: Path, warehouse: Path | None) -> None:
    """Make a page to look at: who said what, in whose words, what was cut and why.

    A story's outlets stand side by side, statements are aligned with their wording by outlet, speakers have
    their quotes, and in the texts quotes and cuts are marked. Without --story the page lists the latest
    stories, with charts, and shows the latest that several outlets tell. It is one file and needs no network.
    """
    from flows.report_command import print_report
    from tasks.settings import settings

    if story_id is not None and article is not None:
        raise click.UsageError("Name a story or an article, not both.")
    sys.exit(print_report(settings({"warehouse": warehouse}).warehouse, story_id, article, target))
