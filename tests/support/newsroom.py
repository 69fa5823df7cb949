"""News sites on loopback: a feed, robots.txt, and articles with quotes, each of which can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.support.site import Answer, Host, Site, conditional, text

SENTENCES = (
    "The regional council of {place} voted on Tuesday to rebuild the bridge, after a debate of five hours.",
    "“We have waited for this bridge for {number} years,” said Maria Lindqvist, the mayor of {place}.",
    "Construction is to begin in the spring and will cost {number} million euros, according to the council.",
    "Lindqvist said that the ferry would keep running until the bridge is open to traffic.",
    "Opponents had argued that the money was needed for schools, and they collected {number} signatures.",
    "“Nobody will have to wait for the ferry in winter any more,” Lindqvist added.",
)
PLACES = (
    "Ostersund",
    "Granville",
    "Harlow Bay",
    "Norrtalje",
    "Westport",
    "Kilmore",
    "Aldershaw",
    "Lunenburg",
)


def article_title(number: int) -> str:
    """The headline of an article."""
    return f"Council of {PLACES[number % len(PLACES)]} votes for bridge number {number}"


def article_page(number: int, *more: str) -> Answer:
    """An article as a page; `more` are paragraphs behind it."""
    said = [line.format(place=PLACES[number % len(PLACES)], number=number + 10) for line in SENTENCES]
    body = "\n".join(f"<p>{line}</p>" for line in (*said, *more))
    title = article_title(number)
    page = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:site_name" content="The Loopback Ledger">
<meta property="article:published_time" content="2026-02-{1 + number % 27:02}T08:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"""
    return Answer(page.encode())


def rss(host: Host, paths: Sequence[str], titles: Sequence[str]) -> Answer:
    """A feed that names these paths."""
    items = "".join(
        f"<item><title>{title}</title><link>{host.url(path)}</link>"
        f"<pubDate>Mon, 02 Mar 2026 0{number % 10}:00:00 GMT</pubDate></item>"
        for number, (path, title) in enumerate(zip(paths, titles, strict=True))
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ledger</title>{items}</channel></rss>'
    return Answer(feed.encode(), media="application/rss+xml")


def open_newsroom(host: Host, articles: int, first: int = 0, robots: str = "") -> None:
    """Let a host publish so many articles, named by /feed.xml."""
    numbers = range(first, first + articles)
    for number in numbers:
        host.pages[f"/news/{number}"] = article_page(number)
    paths = [f"/news/{number}" for number in numbers]
    host.pages["/feed.xml"] = conditional(rss(host, paths, [article_title(number) for number in numbers]))
    if robots:
        host.pages["/robots.txt"] = text(robots)


def source_list(path: Path, site: Site, delay: str = "0s") -> Path:
    """A source list that follows every host of a site."""
    entries = (
        f'[[source]]\noutlet = "Ledger {number}"\nfeeds = ["{host.url("/feed.xml")}"]\ndelay = "{delay}"\n'
        f'max_age = "9999d"\n'
        for number, host in enumerate(site.hosts)
    )
    path.write_text("\n".join(entries), encoding="utf-8")
    return path
