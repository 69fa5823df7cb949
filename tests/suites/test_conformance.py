"""Conformance suites of other projects: no file crashes or hangs a reader, and feeds say what is stated.

The folder is named by ONRECORD_TEST_SUITES (`python3 dev.py suites FOLDER`). It holds `feeds/feedparser`,
`feeds/gofeed`, `sitemaps`, `charset/ENCODING-language`, `robots`, `compressed` and `text/blns.json`; what is
not there is passed over. Prints the shares.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tasks.annotate import annotate
from tasks.clean import clean
from tasks.discover import read_listing
from tasks.discover.site import read_front_page
from tasks.errors import DocumentError, FetchError
from tasks.expendable import ExpendableProcess
from tasks.fetch.body import Decoder
from tasks.fetch.robots import robots_of
from tasks.model import Given, SourceDocument
from tasks.read.decode import decode
from tests.support.expected_values import (
    Statement,
    Verdict,
    feedparser_statements,
    gofeed_pairs,
    gofeed_statements,
    verdict,
)

SUITES = os.environ.get("ONRECORD_TEST_SUITES")
FOLDER = Path(SUITES or ".")
pytestmark = [
    pytest.mark.suites,
    pytest.mark.skipif(SUITES is None, reason="ONRECORD_TEST_SUITES names no folder with suites"),
]

NOW = datetime(2026, 5, 4, 12, 0)  # noqa: DTZ001 - naive UTC by contract
PLACE = "https://ledger.example/feed"
LEAST_SHARE = 0.97  # of the well-formed feeds whose stated values are read
SLOW = 5.0  # seconds of CPU for one small file: that is a hang in the making


@pytest.fixture(scope="module")
def process() -> Iterator[ExpendableProcess]:
    made = ExpendableProcess()
    yield made
    made.end()


def files(*parts: str) -> list[Path]:
    found = sorted(path for path in FOLDER.joinpath(*parts).rglob("*") if path.is_file())
    if not found:
        pytest.skip(f"{'/'.join(parts)} is not in the folder")
    return found


def told(line: str) -> None:
    print(f"\n{line}", end="")


def feedparser_feeds(part: str) -> Iterator[tuple[Path, list[Statement], str | None]]:
    for path in files("feeds", "feedparser", part):
        statements, content_type = feedparser_statements(path)
        if statements:
            yield path, statements, content_type


def judged(name: str, verdicts: list[Verdict]) -> float:
    """Print what holds, by field, and what does not; the share of files in which all holds."""
    broken = [one for one in verdicts if one.broken]
    fields = Counter(field for one in verdicts for field in one.held)
    share = 1 - len(broken) / len(verdicts)
    told(
        f"{name}: {len(verdicts) - len(broken)} of {len(verdicts)} feeds as stated ({share:.1%}); "
        + ", ".join(f"{field} {count}" for field, count in fields.most_common())
    )
    for one in broken:
        told(f"    {one.path.relative_to(FOLDER)}: {one.broken[0][:200]}")
    return share


@pytest.mark.parametrize("part", ["wellformed", "encoding", "entities", "illformed"])
def test_feeds_say_what_feedparsers_suite_states(part: str) -> None:
    verdicts = [verdict(*feed) for feed in feedparser_feeds(part)]
    assert judged(f"feedparser, {part}", verdicts) >= (LEAST_SHARE if part == "wellformed" else 0.9)


def test_feeds_say_what_gofeeds_suite_states() -> None:
    files("feeds", "gofeed")
    pairs = [(feed, gofeed_statements(expected)) for feed, expected in gofeed_pairs(FOLDER / "feeds/gofeed")]
    verdicts = [verdict(feed, statements) for feed, statements in pairs if statements]
    assert judged("gofeed", verdicts) >= LEAST_SHARE


@pytest.mark.parametrize("part", ["feeds", "sitemaps", "charset", "robots", "compressed", "text"])
def test_no_file_crashes_or_hangs_a_reader(part: str, process: ExpendableProcess) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for path in files(part):
        body = path.read_bytes()
        for read in (listing_of, front_page_of, page_of, robots_from):
            outcome, seconds = attempted(process, read, body)
            outcomes[f"{read.__name__.partition('_')[0]}: {outcome}"] += 1
            slowest = max(slowest, seconds)
    told(f"{part}, slowest {slowest:.2f} CPU s: {dict(outcomes.most_common())}")
    assert slowest < SLOW
    assert not {"timeout", "worker_died", "out_of_memory"} & {key.partition(": ")[2] for key in outcomes}


def attempted(process: ExpendableProcess, read: Callable[[bytes], str], body: bytes) -> tuple[str, float]:
    """What a reader said; anything but a document's error is raised."""
    began = process.cpu_seconds
    try:
        outcome = process(read, body)
    except DocumentError as error:
        outcome = error.reason
    return outcome, process.cpu_seconds - began


def listing_of(body: bytes) -> str:
    """The kind of the listing that it is."""
    return read_listing(body, PLACE, NOW).kind


def front_page_of(body: bytes) -> str:
    """Whether a front page was read."""
    read_front_page(body, PLACE)
    return "read"


def page_of(body: bytes) -> str:
    """Whether an article was read, cleaned and annotated."""
    text = decode(body, "html").text
    annotate(clean(SourceDocument("x", "x", "x", "html", text, Given(), "x")))
    return "read"


def robots_from(body: bytes) -> str:
    """Whether a robots.txt was read."""
    found = robots_of("https://ledger.example", 200, body, NOW)
    _ = found.delay, found.sitemaps
    return "read"


def test_pages_are_decoded_by_the_charset_that_they_are_in() -> None:
    """Only pages: a text that says nothing of its charset can but be guessed."""
    right, seen = 0, 0
    for path in files("charset"):
        body, encoding = path.read_bytes(), path.parent.name.split("-")
        truth = decoded_truth(body, path.parent.name)
        if truth is None or not encoding:
            continue
        seen += 1
        try:
            right += decode(body, "html").text.lstrip("\ufeff") == truth.lstrip("\ufeff")
        except DocumentError:
            continue
    told(f"charset: {right} of {seen} texts to the letter ({right / seen:.1%})")
    assert right / seen > 0.8


def decoded_truth(body: bytes, folder: str) -> str | None:
    """The text by the charset that the folder is named after, less its language."""
    for name in (folder, folder.rpartition("-")[0]):
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return None


def test_naughty_strings_are_titles_authors_and_texts_like_others(process: ExpendableProcess) -> None:
    strings = json.loads((files("text")[0].parent / "blns.json").read_text("utf-8"))
    items = "".join(
        f"<item><title>{escape(string)}</title><author>{escape(string)}</author>"
        f"<link>https://ledger.example/{number}</link><pubDate>{escape(string)}</pubDate></item>"
        for number, string in enumerate(strings)
    )
    body = f"<rss><channel><title>x</title>{items}</channel></rss>".encode("utf-8", "replace")
    began = time.process_time()
    found = process(read_listing, body, PLACE, NOW)
    for string in strings:
        page = f"<html><title>{string}</title><body><article><p>{string}</p></article></body></html>"
        attempted(process, page_of, page.encode("utf-8", "replace"))
        attempted(process, listing_of, string.encode("utf-8", "replace"))
    told(f"naughty strings: {len(found.candidates)} candidates of {len(strings)} strings as feed entries")
    # One carries what no XML can: the feed is ill-formed then, and some of its entries are lost with it.
    assert len(found.candidates) == len(strings)
    assert all("\n" not in (candidate.title or "") for candidate in found.candidates)
    assert time.process_time() - began < 60


CODINGS = {
    "html-gzip.bin": "gzip",
    "html-zlibdeflate.bin": "deflate",
    "html-rawdeflate.bin": "deflate",
    "html-br.bin": "br",
    "html-zstd-static-content-size.bin": "zstd",
    "html-gzip-deflate.bin": "gzip, deflate",
    "html-gzip-deflate-gzip.bin": "gzip, deflate, gzip",
    "unexpected-eof.gz": "gzip",
}


def test_bodies_in_each_coding_come_out_whole_or_are_refused() -> None:
    found: dict[str, bytes] = {}
    refused = []
    for path in files("compressed"):
        if coding := CODINGS.get(path.name):
            try:
                decoder = Decoder(coding, 1 << 20)
            except FetchError as error:
                refused.append((path.name, error.reason))
                continue
            decoder.feed(path.read_bytes())
            decoder.end()
            found[path.name] = decoder.body
    told(f"codings: {', '.join(found)} come out; refused are {', '.join(name for name, _ in refused)}")
    html = {name: body for name, body in found.items() if name.startswith("html")}
    # It is one page, but that each names its coding.
    pages = {body.replace(CODINGS[name].encode(), b"CODING") for name, body in html.items()}
    assert len(pages) == 1
    assert b"</html>" in next(iter(pages))
    assert {reason for _, reason in refused} == {"unsupported_coding"}
    if "unexpected-eof.gz" in found:
        expected = (FOLDER / "compressed" / "unexpected-eof-output.txt").read_bytes()
        assert found["unexpected-eof.gz"].decode("latin-1").encode() == expected
