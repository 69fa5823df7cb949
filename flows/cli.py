"""The command line: which commands there are, and how an error ends."""

from __future__ import annotations

import gc
import os
import sys

import click

from flows.commands.aliases import aliases
from flows.commands.backfill import backfill
from flows.commands.doctor import doctor
from flows.commands.export import export
from flows.commands.extract import extract
from flows.commands.ingest import ingest
from flows.commands.options import examples
from flows.commands.quotes import quotes
from flows.commands.reextract import reextract
from flows.commands.report import report
from flows.commands.serve import serve
from flows.commands.show import show
from flows.commands.sources import sources
from flows.commands.sql import sql
from flows.commands.story import story

DEBUG = "ONRECORD_DEBUG"  # set it to see the traceback of an error
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class OneSentence(click.Group):
    """A group of commands whose foreseen errors end as one sentence and an exit code, not as a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; 1 where it failed, 2 where it was used wrongly."""
        try:
            super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort) as stopped:
            let_go(stopped)
            click.echo(
                "onrecord: Stopped; nothing is half-loaded, the same command goes on from here.", err=True
            )
            ctx.exit(1)
        except BrokenPipeError:  # the reader of our output has seen enough
            sys.stderr.close()
            ctx.exit(0)
        except Exception as error:
            if os.environ.get(DEBUG):
                raise
            sentence, code = told(error)
            let_go(error)
            click.echo(f"onrecord: {sentence}", err=True)
            ctx.exit(code)
        return None


def let_go(error: BaseException | None) -> None:
    """Drop what the frames of an error hold: at exit DuckDB complains of connections that are still there."""
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
    gc.collect()


def told(error: Exception) -> tuple[str, int]:
    """An error as a sentence, and the exit code that goes with it."""
    from tasks.errors import OnrecordError, UsageError
    from warehouse.errors import WarehouseError

    if isinstance(error, (OnrecordError, WarehouseError)):
        return error.message, 2 if isinstance(error, UsageError) else 1
    what = f"{type(error).__name__}: {error}".strip().split("\n", 1)[0]
    return f"Something unforeseen happened ({what}); {DEBUG}=1 shows where. Please report it.", 1


@click.group(
    cls=OneSentence,
    context_settings=HELP,
    epilog=examples(
        "onrecord ingest seeds",
        "onrecord sql 'SELECT speaker, quote, outlet FROM who_said_what'",
        "onrecord ingest --help",
    ),
)
@click.version_option(package_name="onrecord", message="%(prog)s %(version)s")
def main() -> None:
    """Who said what, in SQL: news articles in; cleaned text, entities and quotes in DuckDB out."""


COMMANDS = (
    aliases,
    backfill,
    doctor,
    export,
    extract,
    ingest,
    quotes,
    reextract,
    report,
    serve,
    show,
    sources,
    sql,
    story,
)

for _command in COMMANDS:
    main.add_command(_command)

if __name__ == "__main__":
    main()
