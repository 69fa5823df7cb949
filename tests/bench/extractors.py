"""What extractors of articles cost on the same pages, each alone: `python extractors.py PAGES NAME…`.

Run in an environment that has the named ones (test_real_pages.py makes it): it imports nothing of ours.
PAGES is a JSONL of rows with `html` and `url`. Prints a JSON object: CPU seconds by name, start-up apart.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

WARMING = 3  # pages that are extracted before the clock runs: imports, patterns, tables

Extractor = Callable[[str, str], object]


def trafilatura() -> Extractor:
    """Text and metadata, as its users want them for news; comments are no part of an article."""
    from trafilatura import bare_extraction

    return lambda html, url: bare_extraction(html, url=url, with_metadata=True, include_comments=False)


def trafilatura_text() -> Extractor:
    """The text alone, at its default setting."""
    from trafilatura import extract

    return lambda html, url: extract(html, url=url)


def newspaper4k() -> Extractor:
    """What its users call for a page that they have: parsed, no keywords, no summary."""
    from newspaper import Article

    def parsed(html: str, url: str) -> object:
        article = Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return article

    return parsed


def news_please() -> Extractor:
    """What its users call for a page that they have."""
    from newsplease import NewsPlease

    return lambda html, url: NewsPlease.from_html(html, url=url)


EXTRACTORS: dict[str, Callable[[], Extractor]] = {
    "trafilatura": trafilatura,
    "trafilatura, text alone": trafilatura_text,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
}


def cpu_seconds(extract: Extractor, pages: Sequence[tuple[str, str]]) -> float:
    """CPU seconds for all the pages; one that an extractor refuses costs what it costs."""
    for page in pages[:WARMING]:
        attempted(extract, page)
    began = time.process_time()
    for page in pages:
        attempted(extract, page)
    return time.process_time() - began


def attempted(extract: Extractor, page: tuple[str, str]) -> None:
    """One page."""
    try:
        extract(*page)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is theirs
        print(f"{page[1]}: {error!r}", file=sys.stderr)


def main(file: str, names: Sequence[str]) -> None:
    """Print what each of them costs."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    rows = map(json.loads, Path(file).read_text(encoding="utf-8").splitlines())
    pages = [(row["html"], row.get("url") or "https://news.example/") for row in rows]
    print(json.dumps({name: cpu_seconds(EXTRACTORS[name](), pages) for name in names}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
