"""Commands that are announced, not built."""

from __future__ import annotations

import sys

import click

# What a command will do, and the sentence of the one who typed it today. They exist so that scripts and
# people learn what is coming, and so that none of them is taken for a file or another command.
LATER = {
    "backfill": "loads a window of dates again; until then: onrecord reextract --since D --until D",
}


def announced(name: str) -> click.Command:
    """A command that says that it is not there yet, and ends with 1."""
    what = LATER[name]

    @click.command(
        name,
        short_help=f"{what.split(';', maxsplit=1)[0].capitalize()}.",
        context_settings={"ignore_unknown_options": True},
    )
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def later(words: tuple[str, ...]) -> None:
        del words
        click.echo(f"onrecord: {name} is not there yet: it {what}.", err=True)
        sys.exit(1)

    later.help = f"Not there yet: it {what}."
    return later
