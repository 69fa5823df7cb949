"""`onrecord sources`: a site's feeds and sitemaps are found, listed, checked; comments in the list stay."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tasks.discover.site import FrontPage, read_front_page
from tasks.errors import FetchError
from tasks.expendable import ExpendableProcess
from tasks.fetch.politeness import Turns
from tasks.survey import Survey, Surveyor
from tests.support.command_line import Onrecord
from tests.support.fetching import Kept, a_fetcher, gaps
from tests.support.listings import ATOM, INDEX, NEWS, RSS
from tests.support.site import Answer, Host, Site, redirect, text
from tests.support.warped import warped

JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"url": "/j", "id": "j"}]}'
)
FRONT = """<html lang="en-GB"><head><title>The Ledger - News from Lindby</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml">
<link rel="alternate" type="application/atom+xml" href="/atom.xml"/>
<LINK TYPE='application/feed+json' REL='Alternate home' HREF='/feed.json'>
<link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed">
<link rel="alternate" type="text/html" hreflang="sv" href="/sv/"></head>
<body><a href="/rss">feed</a></body></html>"""


def xml(body: str) -> Answer:
    return Answer(body.encode(), media="application/xml; charset=utf-8")


def ledger(host: Host) -> None:
    """A site that names all that it has."""
    host.pages.update({
        "/": Answer(FRONT.encode()),
        "/rss.xml": xml(RSS),
        "/atom.xml": xml(ATOM),
        "/feed.json": Answer(JSON_FEED.encode(), media="application/feed+json"),
        "/robots.txt": text(f"User-agent: *\nSitemap: {host.url('/index.xml')}\nSitemap: /n.xml"),
        "/index.xml": xml(INDEX),
        "/n.xml": Answer(gzip.compress(NEWS.encode()), media="application/x-gzip"),
    })  # fmt: skip


@pytest.fixture
def process() -> Iterator[ExpendableProcess]:
    made = ExpendableProcess()
    yield made
    made.end()


def surveyed(
    process: ExpendableProcess, prepare: Callable[[Host], None], path: str = "/", kept: Kept | None = None
) -> tuple[Survey, Host]:
    """What is found out about a site that is made as told."""

    async def survey() -> tuple[Survey, Host]:
        async with Site() as site, a_fetcher(kept, turns=Turns(5.0)) as fetcher:
            prepare(site.hosts[0])
            found = await Surveyor(fetcher, process).survey(site.hosts[0].url(path))
            return found, site.hosts[0]

    return warped(survey())


def paths(survey: Survey, host: Host) -> dict[str, str]:
    """The paths of the places that were found, and what they are."""
    return {
        place.url.removeprefix(host.url("")): place.listing.kind for place in survey.places if place.listing
    }


# --- finding -----------------------------------------------------------------------------------------


def test_a_front_page_names_its_feeds_and_itself() -> None:
    found = read_front_page(FRONT.encode(), "https://ledger.example/")
    assert found == FrontPage(
        name="The Ledger",
        language="en-GB",
        feeds=tuple(f"https://ledger.example/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    )


def test_links_that_look_like_feeds_are_taken_where_no_link_tag_names_one() -> None:
    page = (
        '<base href="https://cdn.example/x/"><meta property="og:site_name" content="The Ledger">'
        '<a href="rss">RSS</a><a href="/news/feeding-birds">Birds</a><a href="/feed/">Feed</a>'
    )
    found = read_front_page(page.encode(), "https://ledger.example/some/story")
    assert found.feeds == ("https://cdn.example/x/rss", "https://cdn.example/feed/")
    assert found.name == "The Ledger"


def test_the_title_of_an_article_is_no_name_of_a_site() -> None:
    assert read_front_page(b"<title>Ice again | News</title>", "https://ledger.example/story").name is None


def test_a_site_is_found_by_its_link_tags_and_its_robots_file(process: ExpendableProcess) -> None:
    found, host = surveyed(process, ledger)
    assert paths(found, host) == {
        "/n.xml": "news sitemap",
        "/rss.xml": "rss",
        "/atom.xml": "atom",
        "/feed.json": "json feed",
        "/index.xml": "sitemap index",
    }
    assert (found.name, found.language, found.site) == ("The Ledger", "en-GB", host.name)
    assert "/comments/feed" not in host.paths()
    assert host.paths().count("/robots.txt") == 1
    assert min(gaps(host.times())) >= 5.0


def test_a_site_that_names_nothing_is_found_in_the_usual_places(process: ExpendableProcess) -> None:
    def silent(host: Host) -> None:
        host.pages["/"] = Answer(b"<title>Herald</title><p>News")
        host.pages["/feed"] = redirect("/feed/")
        host.pages["/feed/"] = xml(RSS)
        host.pages["/sitemap_news.xml"] = xml(NEWS)

    found, host = surveyed(process, silent)
    assert paths(found, host) == {"/sitemap_news.xml": "news sitemap", "/feed": "rss"}
    assert "/rss" not in host.paths()


def test_places_that_say_the_same_are_written_once_and_those_of_readers_not_at_all(
    process: ExpendableProcess,
) -> None:
    def doubled(host: Host) -> None:
        links = "".join(f'<link rel=alternate type="application/rss+xml" href="/{n}">' for n in "abc")
        host.pages["/"] = Answer(links.encode())
        host.pages["/a"] = host.pages["/b"] = xml(RSS)
        host.pages["/c"] = xml(RSS.replace("The Ledger of", "Comments for").replace("/news/", "/comments/"))

    found, host = surveyed(process, doubled)
    assert paths(found, host) == {"/a": "rss"}


@pytest.mark.parametrize("path", ["/atom.xml", "/story"])
def test_a_feed_and_a_story_lead_to_all_that_the_site_has(path: str, process: ExpendableProcess) -> None:
    def with_story(host: Host) -> None:
        ledger(host)
        host.pages["/story"] = Answer(FRONT.replace("The Ledger -", "Ice again -").encode())

    found, host = surveyed(process, with_story, path)
    assert {"/atom.xml", "/rss.xml", "/n.xml"} <= set(paths(found, host))
    assert found.name == ("The Ledger" if path == "/atom.xml" else "The Ledger of Lindby")


def test_what_robots_txt_closes_is_not_asked_for(process: ExpendableProcess) -> None:
    def closed(host: Host) -> None:
        ledger(host)
        host.pages["/robots.txt"] = text("User-agent: *\nDisallow: /rss.xml\nDisallow: /atom")

    kept = Kept()
    found, host = surveyed(process, closed, kept=kept)
    assert not {"/rss.xml", "/atom.xml"} & set(host.paths())
    assert "/feed.json" in paths(found, host)
    assert {place.reason for place in found.asked if not place.listing} >= {"robots"}


def test_a_front_page_that_is_refused_is_no_hindrance_and_a_site_that_is_not_there_is(
    process: ExpendableProcess,
) -> None:
    def refusing(host: Host) -> None:
        host.pages["/"] = text("Go away.", 403)
        host.pages["/robots.txt"] = text(f"Sitemap: {host.url('/n.xml')}")
        host.pages["/n.xml"] = xml(NEWS)

    found, host = surveyed(process, refusing)
    assert paths(found, host) == {"/n.xml": "news sitemap"}
    assert found.name == host.name
    with pytest.raises(FetchError) as told:
        surveyed(process, lambda host: setattr(host, "port", 1))
    assert told.value.reason == "connect_failed"


# --- from the command line ----------------------------------------------------------------------------

BEFORE = """# Ours.
[[source]]
outlet = "Herald"   # the other paper
feeds = ["https://herald.example/rss"]
enabled = false
"""


@pytest.fixture
def command(tmp_path: Path) -> Onrecord:
    """The command line, allowed to reach this machine; no Prefect server is needed."""
    (tmp_path / "onrecord.toml").write_text('fetch_allow = "127.0.0.0/8"')
    return Onrecord(tmp_path, "http://127.0.0.1:1/api")


def entries(path: Path) -> list[dict[str, object]]:
    found = tomllib.loads(path.read_text())["source"]
    assert isinstance(found, list)
    return found


def test_a_site_is_added_and_the_persons_comments_stay(command: Onrecord) -> None:
    path = command.folder / "mine.toml"
    path.write_text(BEFORE)
    with Site(2).in_thread() as site:
        for host in site.hosts:
            ledger(host)
        told = [
            command("sources", "add", host.url(), "--sources", path, "--delay", "0s") for host in site.hosts
        ]
        again = command("sources", "add", site.hosts[0].url("/rss.xml"), "--sources", path, "--delay", "0s")
        checked = command("sources", "check", "--sources", path)
    assert [one.returncode for one in (*told, again, checked)] == [0, 0, 0, 0]
    assert path.read_text().startswith(BEFORE)
    first, second = entries(path)[1:]
    host = site.hosts[0]
    assert first == {
        "outlet": "The Ledger",
        "language": "en",
        "feeds": [host.url("/rss.xml"), host.url("/atom.xml"), host.url("/feed.json")],
        "sitemaps": [host.url("/n.xml"), host.url("/index.xml")],
        "delay": "0s",
    }
    assert second["outlet"] == f"The Ledger ({site.hosts[1].name})"
    assert f"Added The Ledger to {path}" in told[0].stdout
    assert host.url("/atom.xml") in told[0].stdout
    assert "already" in again.stdout
    assert "2 of 2 sources alive" in checked.stdout


def test_an_entry_is_completed_and_turned_on(command: Onrecord) -> None:
    path = command.folder / "seeds" / "sources.toml"
    path.parent.mkdir()
    with Site().in_thread() as site:
        ledger(site.hosts[0])
        feed = site.hosts[0].url("/rss.xml")
        path.write_text(f'[[source]]\noutlet = "Mine"\nfeeds = "{feed}" # best\nenabled = false # for now\n')
        told = command("sources", "add", site.hosts[0].url(), "--delay", "0s")
    assert "Completed Mine in" in told.stdout
    (entry,) = entries(path)
    assert (entry["outlet"], entry["enabled"]) == ("Mine", True)
    assert entry["feeds"] == [feed, site.hosts[0].url("/atom.xml"), site.hosts[0].url("/feed.json")]
    assert "# for now" in path.read_text()


def test_where_there_is_no_list_one_is_made_at_its_usual_place(command: Onrecord) -> None:
    with Site().in_thread() as site:
        ledger(site.hosts[0])
        told = command("sources", "add", site.hosts[0].url(), "--outlet", "Lindby", "--delay", "0s")
    assert told.returncode == 0
    assert [entry["outlet"] for entry in entries(command.folder / "seeds" / "sources.toml")] == ["Lindby"]
    listed = command("sources", "list")
    assert listed.returncode == 0
    assert [word in listed.stdout for word in ("Lindby", "3 feeds, 2 sitemaps", "30m", "1 turned on")] == [
        True
    ] * 4


def test_a_site_without_feeds_is_not_added(command: Onrecord) -> None:
    with Site().in_thread() as site:
        site.hosts[0].pages["/"] = text("Nothing here.")
        told = command("sources", "add", site.hosts[0].url(), "--delay", "0s")
    assert told.returncode == 1
    assert "Nothing was found" in told.stderr
    assert "/sitemap.xml: The server answered 404" in told.stderr
    assert not (command.folder / "seeds").exists()


def test_check_tells_the_living_from_the_dead(command: Onrecord) -> None:
    path = command.folder / "mine.toml"
    with Site().in_thread() as site:
        host = site.hosts[0]
        ledger(host)
        host.pages["/page"] = Answer(FRONT.encode())
        host.pages["/empty"] = xml("<rss><channel></channel></rss>")
        places = [host.url(path) for path in ("/rss.xml", "/gone", "/page", "/empty")]
        path.write_text(
            f'[[source]]\noutlet = "Alive"\nfeeds = {places}\ndelay = "0s"\nskip = ["mill"]\n'
            'max_age = "9999d"\n'
            f'[[source]]\noutlet = "Dead"\nfeeds = "{host.url("/nothing")}"\ndelay = "0s"\n'
            f'[[source]]\noutlet = "Off"\nfeeds = "{host.url("/atom.xml")}"\nenabled = false\n'
        )
        both = command("sources", "check", "--sources", path)
        one = command("sources", "check", "alive", "--sources", path)
    assert (both.returncode, one.returncode) == (1, 0)
    lines = {line.split()[1].rpartition("/")[2]: line for line in both.stdout.splitlines() if "http" in line}
    assert lines["rss.xml"].split()[2:5] == ["rss", "6", "2"]
    assert "2026-05-04 07:30" in lines["rss.xml"]
    assert "404" in lines["gone"]
    assert "web page" in lines["page"]
    assert "no entries" in lines["empty"]
    assert "1 of 2 sources alive" in both.stdout
    assert "Nothing can be learnt from Dead." in both.stdout
    assert "/atom.xml" not in host.paths()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list",), "There is no seeds/sources.toml here"),
        (("check", "--sources", "none.toml"), "There is no source list none.toml"),
        (("add", "file:///etc/passwd"), "is no address"),
        (("add", "ledger.example", "--delay", "soon"), "--delay is 'soon'"),
        (("add", "ledger.example", "--sources", "onrecord.toml"), "only [[source]] is known"),
        (("frobnicate",), "No such command"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(words: tuple[str, ...], says: str, command: Onrecord) -> None:
    told = command("sources", *words)
    assert told.returncode == 2
    assert says in told.stderr
    assert "Traceback" not in told.stderr


def test_check_of_an_unknown_name_and_of_nothing_that_is_on(command: Onrecord) -> None:
    (command.folder / "seeds").mkdir()
    (command.folder / "seeds" / "sources.toml").write_text(BEFORE)
    nothing, unknown = command("sources", "check"), command("sources", "check", "Ledger")
    assert (nothing.returncode, unknown.returncode) == (0, 2)
    assert "No source in seeds/sources.toml is turned on" in nothing.stdout
    assert "No source is called Ledger" in unknown.stderr


def test_a_private_address_is_not_asked_unless_it_is_allowed(command: Onrecord) -> None:
    (command.folder / "onrecord.toml").unlink()
    with Site().in_thread() as site:
        ledger(site.hosts[0])
        told = command("sources", "add", site.hosts[0].url())
    assert told.returncode == 1
    assert "no public address" in told.stderr
    assert site.hosts[0].log == []


def called(told: CompletedProcess[str]) -> list[str]:
    """The commands that a help names."""
    return [line.split()[0] for line in told.stdout.partition("Commands:")[2].splitlines() if line.strip()][
        :3
    ]


def test_help_names_the_commands_with_examples(command: Onrecord) -> None:
    told = command("sources", "--help")
    assert called(told) == ["add", "check", "list"]
    for name in ("add", "check", "list"):
        assert f"onrecord sources {name}" in command("sources", name, "--help").stdout
