"""A press to ingest from, on this machine alone: the made outlets of `newsroom/`, each a site with a feed.

    python3 dev.py site            until Ctrl-C; what to type beside it is printed

The outlets listen on five ports of 127.0.0.1. Some articles are out at the start; every minute (`--every`)
one more appears, and in the end one of them is corrected, so that a schedule has something to find. Nothing
but the standard library is used.
"""

from __future__ import annotations

import argparse
import html
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER = Path(__file__).resolve().parent
ARTICLES = FOLDER / "newsroom" / "first-fortnight.jsonl"
CORRECTED = FOLDER / "newsroom" / "the-week-after.jsonl"
FIRST_PORT = 8101  # the ports in sources.toml
OUT_AT_THE_START = 12
EVERY_SECONDS = 60.0
HOST = "127.0.0.1"

Row = dict[str, Any]


@dataclass
class Outlet:
    """One outlet: what it has published so far, by path."""

    name: str
    port: int
    published: dict[str, Row] = field(default_factory=dict)

    def publish(self, row: Row) -> None:
        """Publish an article, or put a corrected one in its place."""
        self.published[urlsplit(row["url"]).path] = row

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, type and body of an answer."""
        if path in {"/", "/index.html"}:
            return 200, "text/html", self.front_page()
        if path == "/feed.xml":
            return 200, "application/rss+xml", self.feed()
        if path == "/robots.txt":
            return 200, "text/plain", "User-agent: *\nAllow: /\n"
        if path in self.published:
            return 200, "text/html", self.page(self.published[path])
        return 404, "text/html", "<!DOCTYPE html><title>Not found</title><p>There is no such page.</p>"

    def front_page(self) -> str:
        """The headlines, the newest first."""
        links = "\n".join(f"<li>{self.link(path, row)}</li>" for path, row in self.newest_first())
        return self.framed(self.name, f"<h1>{html.escape(self.name)}</h1>\n<ul>\n{links}\n</ul>")

    def page(self, row: Row) -> str:
        """An article with what a site puts around it."""
        title = html.escape(row["title"])
        paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in row["text"].split("\n\n"))
        others = [item for item in self.newest_first() if item[1] is not row][:3]
        more = "\n".join(f"<li>{self.link(*item)}</li>" for item in others)
        time_of = f'<time datetime="{row["published_at"]}">{when(row):%d %B %Y, %H:%M} UTC</time>'
        article = f"<article>\n<h1>{title}</h1>\n<p>{time_of}</p>\n{paragraphs}\n</article>"
        around = f"<aside><h2>More from {html.escape(self.name)}</h2>\n<ul>\n{more}\n</ul></aside>"
        meta = f'<meta property="article:published_time" content="{row["published_at"]}">'
        return self.framed(row["title"], f"{article}\n{around}", meta)

    def framed(self, title: str, body: str, meta: str = "") -> str:
        """A whole page."""
        name = html.escape(self.name)
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        head = f'<meta charset="utf-8"><title>{html.escape(title)}</title>{feed}{meta}'
        site = f'<meta property="og:site_name" content="{name}">'
        around = f'<nav><a href="/">{name}</a></nav>\n{body}\n<footer>{name} is made up.</footer>'
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head>{head}{site}</head>\n<body>\n{around}\n</body></html>\n'
        )

    def feed(self) -> str:
        """The articles as RSS."""
        items = "\n".join(
            f"<item><title>{html.escape(row['title'])}</title><link>http://{HOST}:{self.port}{path}</link>"
            f"<pubDate>{format_datetime(when(row))}</pubDate></item>"
            for path, row in self.newest_first()
        )
        channel = f"<title>{html.escape(self.name)}</title><link>http://{HOST}:{self.port}/</link>\n{items}"
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{channel}</channel></rss>\n'
        )

    def newest_first(self) -> list[tuple[str, Row]]:
        """What is out, by day and hour."""
        return sorted(self.published.items(), key=lambda item: item[1]["published_at"], reverse=True)

    @staticmethod
    def link(path: str, row: Row) -> str:
        """A headline that leads to its article."""
        return f'<a href="{path}">{html.escape(row["title"])}</a>'


def when(row: Row) -> datetime:
    """When an article was published."""
    return datetime.fromisoformat(row["published_at"])


def rows(path: Path) -> list[Row]:
    """The articles of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def serve(outlet: Outlet) -> ThreadingHTTPServer:
    """Answer for an outlet in threads of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, media, body = outlet.answer(urlsplit(self.path).path)
            sent = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{media}; charset=utf-8")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Nothing: the terminal tells what is published."""

    server = ThreadingHTTPServer((HOST, outlet.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(words: Sequence[str] | None = None) -> None:
    """Serve the outlets, and publish one article after another."""
    parser = argparse.ArgumentParser(description="Five made outlets on 127.0.0.1, to ingest from.")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first of five (default 8101)")
    parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds between two articles")
    told = parser.parse_args(words)
    articles = sorted(rows(ARTICLES), key=lambda row: row["published_at"])
    names = list(dict.fromkeys(row["outlet"] for row in articles))
    outlets = {name: Outlet(name, told.port + number) for number, name in enumerate(names)}
    for row in articles[:OUT_AT_THE_START]:
        outlets[row["outlet"]].publish(row)
    for outlet in outlets.values():
        serve(outlet)
        print(f"http://{HOST}:{outlet.port}/  {outlet.name}", flush=True)
    print(BESIDE.format(start=OUT_AT_THE_START, every=told.every), flush=True)
    try:
        for row in [*articles[OUT_AT_THE_START:], *rows(CORRECTED)]:
            time.sleep(told.every)
            outlets[row["outlet"]].publish(row)
            print(f"{row['outlet']}: {row['title']}", flush=True)
        print("Everything is out. Ctrl-C ends the sites.", flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nThe sites are closed.")


BESIDE = """
{start} articles are out, one more comes every {every:g} seconds. Ctrl-C ends the sites. In another terminal:

    source .venv/bin/activate
    export ONRECORD_FETCH_ALLOW=127.0.0.0/8
    onrecord ingest examples/sources.toml              once
    onrecord serve --sources examples/sources.toml     by schedule, with a UI to watch it
"""

if __name__ == "__main__":
    main()
