"""A site and a fetcher in processes of their own: what fetching costs, apart from being fetched from."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from tasks.fetch.choose import choose
from tasks.fetch.places import Place
from tasks.fetch.resume import documents
from tasks.fetch.web import FetchSettings, open_web
from tasks.web import Candidate
from tests.support.newsroom import article_page
from tests.support.site import Answer, Site
from warehouse.connect import utc_now

CARD = '<div class="card c{0}"><a href="/section/{1}">Further reading no. {0}</a></div>\n'
# With the article a page of some 40 kB, about the median of news pages.
FILLER = "".join(CARD.format(number, number * 7919 % 1000) for number in range(450))


def large_page(number: int) -> Answer:
    """An article within as much of everything else as news sites put around it."""
    page = article_page(number).body.replace(b"</article>", b"</article>" + FILLER.encode())
    return Answer(page)


def serve(hosts: int, pages: int) -> None:
    """Serve until standard input closes; print the ports."""
    with Site(hosts).in_thread() as site:
        for number, host in enumerate(site.hosts):
            for page in range(pages):
                host.pages[f"/{page}"] = large_page(number * pages + page)
        print(json.dumps([host.url() for host in site.hosts]), flush=True)
        sys.stdin.read()


def fetch(addresses: Sequence[str], pages: int) -> dict[str, float]:
    """Fetch so many pages of every host into an archive; what that cost."""
    with tempfile.TemporaryDirectory() as folder:
        settings = FetchSettings(Path(folder) / "kept", "127.0.0.0/8", delay=0.0)
        named = [
            Candidate(f"{host}{page}", "feed", source="s") for host in addresses for page in range(pages)
        ]
        queues = choose(named, [], {}, {}, utc_now()).queues
        with open_web(settings, Path(folder) / "journals", uuid4(), 0.0) as web:
            web.looks([Place(addresses[0])], lambda _: None)
            began, before = time.monotonic(), web.cpu_seconds
            ended = web.pages(queues, lambda _: None)
            cpu, wall = web.cpu_seconds - before, time.monotonic() - began
            kept = len(documents(web.noted))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in (Path(folder) / "kept").glob("*.warc.gz"))
    return {"pages": len(ended), "kept": kept, "cpu": cpu, "wall": wall, "peak": peak, "archived": size}


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(fetch(json.loads(sys.stdin.read()), int(sys.argv[2]))))
