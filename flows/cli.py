"""The command line. A command's work is imported only when it runs, which keeps the start-up near nothing."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

DEBUG = "ONRECORD_DEBUG"  # set it to see the traceback of an error
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
ARCHIVE_HELP = "Where fetched pages will be kept; nothing is fetched yet."
TITLES_HELP = "A warehouse whose headlines are recognised behind the article.  [default: none]"
SOURCES_HELP = "What is ordered for single outlets.  [default: seeds/sources.toml, where it is]"
WAREHOUSE_HELP = "The published warehouse file.  [default: data/onrecord.duckdb]"


class OneSentence(click.Group):
    """A group of commands whose foreseen errors end as one sentence and an exit code, not as a traceback."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List what works today before what is announced."""
        for title, names in (("Commands", set(self.commands) - set(LATER)), ("Not there yet", set(LATER))):
            with formatter.section(title):
                formatter.write_dl(
                    [(name, self.commands[name].get_short_help_str(limit=80)) for name in sorted(names)]
                )

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; 1 where it failed, 2 where it was used wrongly."""
        try:
            super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
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


def examples(*lines: str) -> str:
    """Lines for the end of a command's help, kept as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


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


@main.command(
    epilog=examples(
        "onrecord ingest seeds",
        "onrecord ingest articles.jsonl page.html --warehouse news.duckdb",
        "ONRECORD_WORKERS=2 onrecord ingest archive/",
    )
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--warehouse", metavar="FILE", type=click.Path(path_type=Path), help=WAREHOUSE_HELP)
@click.option(
    "--archive",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=ARCHIVE_HELP,
)
@click.option("--workers", metavar="N", type=int, help="Processes that clean and annotate.  [default: 1]")
@click.option("--sources", metavar="FILE", type=click.Path(path_type=Path), help=SOURCES_HELP)
def ingest(
    inputs: tuple[str, ...],
    warehouse: Path | None,
    archive: Path | None,
    workers: int | None,
    sources: Path | None,
) -> None:
    """Read, clean, annotate and load articles.

    At the end it says what came of it, and what to type next.

    INPUT is an article file (.txt, .html), a .jsonl with one article a line, or a folder of these.
    A document that cannot be used becomes a row in the table failures; the rest is loaded. Loading the
    same input again changes nothing.
    """
    from flows.ingest_command import run_ingest
    from tasks.settings import settings

    del archive  # nothing is fetched yet
    sys.exit(run_ingest(inputs, settings({"warehouse": warehouse, "workers": workers, "sources": sources})))


@main.command(
    context_settings={"ignore_unknown_options": True},  # a query may begin with a comment: -- …
    epilog=examples(
        'onrecord sql "SELECT * FROM who_said_what"',
        "onrecord sql \"FROM quotes_by('merkel')\" --csv > merkel.csv",
        'onrecord sql "SHOW TABLES"',
    ),
)
@click.argument("query", metavar="SELECT")
@click.option("--warehouse", metavar="FILE", type=click.Path(path_type=Path), help=WAREHOUSE_HELP)
@click.option("--csv", "form", flag_value="csv", help="Comma-separated values with a header.")
@click.option("--json", "form", flag_value="json", help="One JSON object a row.")
def sql(query: str, warehouse: Path | None, form: str | None) -> None:
    """Ask the published warehouse in SQL. It is opened read-only, and no load waits for it."""
    from flows.sql_command import print_query
    from tasks.settings import settings

    print_query(settings({"warehouse": warehouse}).warehouse, query, form or "table")


@main.command(
    epilog=examples(
        "onrecord extract page.html",
        "onrecord extract articles.jsonl --json | jq .title",
        "onrecord extract page.html --sources seeds/sources.toml",
    )
)
@click.argument("given", metavar="INPUT")
@click.option("--json", "form", flag_value="json", help="One JSON object a document.")
@click.option("--sources", metavar="FILE", type=click.Path(path_type=Path), help=SOURCES_HELP)
@click.option("--warehouse", metavar="FILE", type=click.Path(path_type=Path), help=TITLES_HELP)
def extract(given: str, form: str | None, sources: Path | None, warehouse: Path | None) -> None:
    """Show what is read of an article: text, metadata, every cut and why. Nothing is loaded.

    INPUT is an article file (.txt, .html), a .jsonl, or a folder of these; each document is shown.
    """
    from flows.extract_command import run_extract
    from tasks.settings import settings

    sys.exit(run_extract(given, form or "text", settings({"sources": sources}).sources, warehouse))


# --- announced, not built -----------------------------------------------------------

# What a command will do, and the sentence of the one who typed it today. They exist so that scripts and
# people learn what is coming, and so that none of them is taken for a file or another command.
LATER = {
    "show": "prints an article with its quotes, speakers and cuts; until then: onrecord sql",
    "quotes": "looks up quotes; until then: onrecord sql \"FROM quotes_by('NAME')\"",
    "story": "prints a story's outlets side by side; articles are not linked to stories yet",
    "sources": "keeps the list of outlets to follow; nothing is fetched yet",
    "serve": "runs the schedules; until then start onrecord ingest from cron",
    "backfill": "loads a window of dates again; nothing is fetched yet",
    "reextract": "runs today's extraction over the archive; nothing is archived yet",
    "report": "makes a page of a story; until then: onrecord sql",
    "export": "writes Parquet; until then: onrecord sql QUERY --csv",
    "doctor": "checks the installation; until then see the table quality_checks",
}


def announce(name: str, what: str) -> None:
    """Add a command that says that it is not there yet, and ends with 1."""

    @main.command(
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


for _name, _what in LATER.items():
    announce(_name, _what)

if __name__ == "__main__":
    main()
