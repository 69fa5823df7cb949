"""`onrecord aliases`: names that a user says mean the same."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples

FORM = """\b
FILE is a TOML file with a table for each label (PER, ORG, LOC):
  [PER]
  "Recep Tayyip Erdogan" = ["Erdogan", "Tayyip Erdogan"]
or a CSV file with the columns label, name, alias.
"""

_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group(
    epilog=FORM
    + "\n"
    + examples(
        "onrecord aliases check aliases.toml",
        "onrecord aliases apply aliases.toml",
        "onrecord ingest articles.jsonl --aliases aliases.toml",
    )
)
def aliases() -> None:
    """Say which names mean the same; see what that would join, and join it.

    `ingest --aliases FILE` reads new articles with the table. `apply` joins what is loaded already: every
    entity keeps its id and its rows, who_said_what and quotes_by follow the join, and the table
    entity_redirects tells what was joined and parted, and when.
    """


@aliases.command(epilog=examples("onrecord aliases check aliases.toml --warehouse news.duckdb"))
@_FILE
@options.warehouse
def check(file: Path, warehouse: Path | None) -> None:
    """Tell what the table would join or part in the warehouse; change nothing."""
    from flows.aliases_command import check_aliases
    from tasks.settings import settings

    check_aliases(file, settings({"warehouse": warehouse}))


@aliases.command(epilog=examples("onrecord aliases apply aliases.toml --warehouse news.duckdb"))
@_FILE
@options.warehouse
def apply(file: Path, warehouse: Path | None) -> None:
    """Join and part the entities in the warehouse as the table says, and publish it.

    What an earlier table joined, and FILE does not, is parted again.
    """
    from flows.aliases_command import apply_aliases
    from tasks.settings import settings

    apply_aliases(file, settings({"warehouse": warehouse}))
