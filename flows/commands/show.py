"""`onrecord show`: one article of the warehouse with everything that was found in it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord show 'hundreds of ISIS prisoners'",
        "onrecord show https://example.org/news/1.html",
        "onrecord show 4f0c1d",
    )
)
@click.argument("wanted", metavar="ARTICLE")
@options.warehouse
def show(wanted: str, warehouse: Path | None) -> None:
    """Print an article with its quotes, speakers, names and what was dropped, all marked in the text.

    ARTICLE is the id that the input gave, its address, words of its title, or the beginning of its
    article_id.
    """
    from flows.show_command import print_article
    from tasks.settings import settings

    sys.exit(print_article(settings({"warehouse": warehouse}).warehouse, wanted))
