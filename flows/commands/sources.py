"""`onrecord sources`: the list of outlets to follow."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples

KEYS = """\b
What may stand in an entry, [[source]]; all but one place to look at is optional:
  outlet, publisher, domains, language       whose articles they are
  feeds, sitemaps, lists                     where they are announced
  interval = "30m"                           how often to look at most
  delay = "5s", slots = 1                    politeness towards each of its hosts
  keep, skip                                 regular expressions: which addresses are articles
  max_age = "30d"                            what is dated longer ago is left alone
  enabled = false                            kept in the list, not followed
  urls, prune_xpath, title_suffix, drop_lines  how its pages differ: see seeds/sources.toml
"""


@click.group(
    epilog=KEYS
    + "\n"
    + examples(
        "onrecord sources add https://www.theguardian.com/",
        "onrecord sources list",
        "onrecord sources check",
        "onrecord ingest seeds/sources.toml",
    ),
)
def sources() -> None:
    """Keep the list of outlets to follow: add a site, list what there is, check whether it is alive.

    The list is a TOML file that you may edit; your comments stay. It is seeds/sources.toml, or what
    --sources, ONRECORD_SOURCES or onrecord.toml name.
    """


@sources.command(
    epilog=examples(
        "onrecord sources add https://www.theguardian.com/",
        'onrecord sources add lindby.example --outlet "The Ledger" --sources my.toml',
        "onrecord sources add https://ledger.example/rss.xml",
    )
)
@click.argument("address", metavar="URL")
@options.source_list
@click.option("--outlet", metavar="NAME", help="What to call it.  [default: as the site calls itself]")
@click.option(
    "--delay",
    metavar="TIME",
    help='Between two requests to the site, now and later, as "2s".  [default: 1s now, 5s later]',
)
def add(address: str, sources: Path | None, outlet: str | None, delay: str | None) -> None:
    """Find a site's feeds and sitemaps, and add them to the list.

    URL is any page of the site, or a feed or sitemap of it. RSS, Atom, JSON Feed, sitemaps and news sitemaps
    are looked for in the page, in robots.txt, and in the places that sites commonly use; each is fetched
    once, and what is alive is written. An entry that is there already is completed and turned on.
    """
    from flows.sources_command import add_site
    from tasks.settings import settings

    sys.exit(add_site(address, settings({"sources": sources}), outlet, delay))


@sources.command("list", epilog=examples("onrecord sources list", "onrecord sources list --sources my.toml"))
@options.source_list
def list_all(sources: Path | None) -> None:
    """Show the list: what is followed, where, how often, how politely."""
    from flows.sources_command import list_sources
    from tasks.settings import settings

    sys.exit(list_sources(settings({"sources": sources})))


@sources.command(
    epilog=examples(
        "onrecord sources check",
        'onrecord sources check "BBC News" "Le Monde"',
        "onrecord sources check --all",
    )
)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@options.source_list
@click.option("--all", "all_of_them", is_flag=True, help="Those that are turned off, too.")
def check(names: tuple[str, ...], sources: Path | None, all_of_them: bool) -> None:  # noqa: FBT001 - a flag
    """Fetch each feed and sitemap: what is alive, how many entries, how new, what is wrong.

    Ends with 0 where each source has a place that is alive, and with 1 where one has none.
    """
    from flows.sources_command import check_sources
    from tasks.settings import settings

    sys.exit(check_sources(settings({"sources": sources}), names, all_of_them=all_of_them))
