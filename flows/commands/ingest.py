"""`onrecord ingest`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord ingest seeds",
        "onrecord ingest articles.jsonl page.html --warehouse news.duckdb",
        "onrecord ingest CC-NEWS-20260301.warc.gz",
        "onrecord ingest seeds/sources.toml",
        "onrecord ingest https://news.example/rss https://news.example/2026/an-article",
        "ONRECORD_WORKERS=2 onrecord ingest folder/",
        "onrecord ingest folder/ --runner dask:tcp://10.0.0.5:8786 --staging s3://bucket/onrecord",
    )
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@options.warehouse
@options.archive
@click.option("--workers", metavar="N", type=int, help="Processes that clean and annotate.  [default: 1]")
@options.runner
@options.staging
@options.sources
@options.tagger
@options.aliases
def ingest(  # noqa: PLR0913, PLR0917 (one for each option)
    inputs: tuple[str, ...],
    warehouse: Path | None,
    archive: Path | None,
    workers: int | None,
    runner: str | None,
    staging: str | None,
    sources: Path | None,
    tagger: str | None,
    aliases: Path | None,
) -> None:
    """Read or fetch, clean, annotate and load articles.

    At the end it says what came of it, and what to type next.

    INPUT is an article file (.txt, .html), a .jsonl with one article a line, a web archive (.warc,
    .warc.gz) of any maker, or a folder of these; or an http(s) address of an article, a feed or a
    sitemap, or a source list (.toml), whose sources are followed. What is fetched is kept in the archive.

    A document that cannot be used becomes a row in the table failures; the rest is loaded. Loading the
    same input again changes nothing.
    """
    from flows.ingest_command import run_ingest
    from tasks.settings import settings

    options_given = {
        "warehouse": warehouse,
        "archive": archive,
        "workers": workers,
        "runner": runner,
        "staging": staging,
        "sources": sources,
        "tagger": tagger,
        "aliases": aliases,
    }
    sys.exit(run_ingest(inputs, settings(options_given)))
