"""`onrecord extract`: one article with its cuts explained, nothing loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord extract page.html",
        "onrecord extract https://news.example/2026/an-article",
        "onrecord extract articles.jsonl --json | jq .title",
        "onrecord extract page.html --sources seeds/sources.toml",
    )
)
@click.argument("given", metavar="INPUT")
@click.option("--json", "form", flag_value="json", help="One JSON object a document.")
@options.sources
@click.option(
    "--warehouse",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A warehouse whose headlines are recognised behind the article.  [default: none]",
)
def extract(given: str, form: str | None, sources: Path | None, warehouse: Path | None) -> None:
    """Show what is read of an article: text, metadata, every cut and why. Nothing is loaded.

    INPUT is an article file (.txt, .html), a .jsonl, a web archive, a folder of these, or the http(s)
    address of an article; each document is shown.
    """
    from flows.extract_command import run_extract
    from tasks.settings import settings

    sys.exit(run_extract(given, form or "text", settings({"sources": sources}), warehouse))
