"""Options that several commands share, and how their help is laid out."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)

warehouse = click.option(
    "--warehouse",
    metavar="FILE",
    type=_FILE,
    help="The published warehouse file.  [default: data/onrecord.duckdb]",
)
sources = click.option(
    "--sources",
    metavar="FILE",
    type=_FILE,
    help="What is ordered for single outlets.  [default: seeds/sources.toml, where it is]",
)
source_list = click.option(
    "--sources", metavar="FILE", type=_FILE, help="The list.  [default: seeds/sources.toml]"
)
tagger = click.option(
    "--tagger",
    metavar="NAME",
    help="What finds the names: crf, rules, spacy:MODEL or gliner:MODEL.  [default: crf]",
)
aliases = click.option(
    "--aliases",
    metavar="FILE",
    type=_FILE,
    help="Names that mean the same (.toml or .csv), as `onrecord aliases --help` says.",
)
runner = click.option(
    "--runner",
    metavar="WHERE",
    help="Where articles are extracted: process, dask:ADDRESS or ray:ADDRESS.  [default: process]",
)
staging = click.option(
    "--staging",
    metavar="URL",
    help="A place that all machines of a cluster reach: a shared folder, s3://bucket/folder.",
)
archive = click.option(
    "--archive",
    metavar="DIR",
    type=_FILE,
    help="Where what is fetched is kept, as WARC files.  [default: data/archive]",
)


def examples(*lines: str) -> str:
    """Lines for the end of a command's help, kept as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
