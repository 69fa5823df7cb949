"""What feeds, JSON feeds, sitemaps and lists say of articles is understood, and hostile ones cost nothing."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.discover import Listing, read_listing
from tasks.discover.addresses import cleaned, joined
from tasks.errors import DocumentError
from tasks.expendable import ExpendableProcess
from tests.support.listings import ATOM, INDEX, NEWS, RSS

PLACE = "https://ledger.example/feeds/all.xml"
NOW = datetime(2026, 5, 4, 12, 0)  # noqa: DTZ001 - naive UTC by contract


def listing(body: str | bytes, content_type: str | None = None) -> Listing:
    return read_listing(body.encode() if isinstance(body, str) else body, PLACE, NOW, content_type, "Ledger")


def reasons(found: Listing) -> dict[str, int]:
    return {trouble.reason: trouble.count for trouble in found.troubles}


def test_a_feed_tells_address_title_author_and_moment_with_its_zone() -> None:
    found = listing(RSS)
    first = found.candidates[0]
    assert (found.kind, found.entries, found.title, found.language) == (
        "rss",
        6,
        "The Ledger of Lindby",
        "en",
    )
    assert first.url == "https://ledger.example/news/harbour?id=7"
    assert first.as_written == "/news/harbour?utm_source=rss&id=7#top"
    assert first.title == "Harbour & ice: open all winter"
    assert first.authors == ("Maj Lind",)
    assert (first.published_at, first.published_offset) == (datetime(2026, 5, 4, 7, 30), 120)  # noqa: DTZ001
    assert (first.found_in, first.place, first.source, first.language) == ("feed", PLACE, "Ledger", "en")
    assert found.newest == first.published_at


def test_what_is_wrong_with_entries_is_told_and_costs_no_other_entry() -> None:
    found = listing(RSS)
    assert [candidate.url.rpartition("/")[2] for candidate in found.candidates] == [
        "harbour?id=7",
        "mill",
        "far",
    ]
    assert [candidate.published_at for candidate in found.candidates[1:]] == [None, None]
    assert reasons(found) == {"bad_date": 1, "no_address": 1, "bad_address": 1, "future_date": 1}
    told = {trouble.reason: trouble.message for trouble in found.troubles}
    assert "some day soon" in told["bad_date"]
    assert "javascript:alert(1)" in told["bad_address"]
    assert "No address" in told["no_address"]


def test_atom_is_read_with_all_its_authors_and_an_address_that_only_its_id_gives() -> None:
    found = listing(ATOM)
    first, second = found.candidates
    assert (found.kind, found.title) == ("atom", "Herald")
    assert (first.url, first.title) == ("https://ledger.example/2026/ice", "Ice again")
    assert first.authors == ("Bo Ek", "Siv Ask")
    assert (first.published_at, first.published_offset) == (datetime(2026, 5, 4, 3, 0), -300)  # noqa: DTZ001
    assert first.modified_at == datetime(2026, 5, 4, 6, 0)  # noqa: DTZ001
    assert first.language == "sv"
    assert second.url == "https://herald.example/by-id"
    assert (second.published_at, second.published_offset) == (datetime(2026, 5, 1), None)  # noqa: DTZ001


@pytest.mark.parametrize(
    "broken",
    [
        RSS.replace("</item>", "", 1),
        RSS[: RSS.index("Tomorrow")],
        "\n\n " + RSS,
        "PHP Warning: deprecated\n" + RSS,
        RSS.replace("&amp;id", "&id"),
        RSS.replace("Harbour", "Harbour \x00\x08 &nbsp; &bogus;"),
        RSS.replace("xmlns:dc", "xmlns:dd"),
        RSS.replace("<channel>", "<channel><rights>© <b>unclosed</rights>"),
    ],
    ids=["unclosed", "cut off", "blanks", "prefix", "bare ampersand", "controls", "no namespace", "markup"],
)
def test_a_feed_that_is_not_well_formed_still_gives_its_entries(broken: str) -> None:
    found = listing(broken)
    assert {"https://ledger.example/news/harbour?id=7", "https://ledger.example/news/mill"} <= {
        candidate.url for candidate in found.candidates
    }


@pytest.mark.parametrize(
    "name", ["", "utf-9", "\x80", "utf-8\x00", "hex", "rot13", "idna", "x" * 3000, "utf-16"]
)
def test_an_encoding_that_there_is_not_costs_no_entry(name: str) -> None:
    body = RSS.encode().replace(b'"utf-8"', b'"' + name.encode("latin-1") + b'"')
    assert len(listing(body).candidates) == 3
    assert len(listing(RSS, f"text/xml; charset={name}").candidates) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_feed_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    text = RSS.replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    found = listing(text.replace("Harbour", "Hafen für").encode(encoding))
    assert (found.candidates[0].title or "").startswith("Hafen für")


def test_a_document_type_that_only_names_itself_is_passed_over() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://ledger.example/rss-0.91.dtd"><rss '
    )
    assert len(listing(RSS.replace("<rss ", doctype)).candidates) == 3
    assert len(listing(RSS.replace("The mill<", "The <![CDATA[<!DOCTYPE html [x]>]]> mill<")).candidates) == 3


def test_json_feed_is_read_in_both_versions() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ledger",
        "language": "da",
        "authors": [{"name": "The Desk"}],
        "items": [
            {"id": "1", "url": "/a", "title": " Ice\n again ", "date_published": "2026-05-04T10:00:00+02:00"},
            {"id": "https://ledger.example/b", "author": {"name": "Bo Ek"}, "date_modified": "2026-05-03"},
            {"id": "3", "content_text": "no address"},
            "no item",
        ],
    }  # fmt: skip
    found = listing(json.dumps(feed), "application/feed+json")
    first, second = found.candidates
    assert (found.kind, found.entries, found.language, reasons(found)) == (
        "json feed",
        3,
        "da",
        {"no_address": 1},
    )
    assert (first.url, first.title, first.authors) == ("https://ledger.example/a", "Ice again", ("The Desk",))
    assert (first.published_at, first.published_offset) == (datetime(2026, 5, 4, 8, 0), 120)  # noqa: DTZ001
    assert (second.url, second.authors) == ("https://ledger.example/b", ("Bo Ek",))
    with pytest.raises(DocumentError, match="no JSON"):
        listing(json.dumps(feed)[:-1])


def test_a_news_sitemap_tells_title_moment_and_language_and_images_are_no_pages() -> None:
    found = listing(NEWS)
    first, second = found.candidates
    assert (found.kind, found.entries) == ("news sitemap", 2)
    assert (first.url, first.title, first.language) == ("https://ledger.example/news/ice", "Ice & more", "nb")
    assert (first.published_at, first.published_offset) == (datetime(2026, 5, 4, 6, 0), 120)  # noqa: DTZ001
    assert (first.modified_at, first.found_in) == (datetime(2026, 5, 4), "news sitemap")  # noqa: DTZ001
    assert second.url == "https://ledger.example/news/mill?a=1&b=2"


@pytest.mark.parametrize("packed", [False, True])
def test_an_index_names_its_sitemaps(packed: bool) -> None:
    found = listing(gzip.compress(INDEX.encode()) if packed else INDEX)
    assert (found.kind, found.candidates) == ("sitemap index", ())
    assert [(sitemap.url, sitemap.modified_at) for sitemap in found.onward] == [
        ("https://ledger.example/sitemap-2026-05.xml.gz", datetime(2026, 5, 4, 1, 0)),  # noqa: DTZ001
        ("https://ledger.example/sitemap-old.xml", None),
    ]
    assert found.newest == datetime(2026, 5, 4, 1, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("broken", "is_told"),
    [
        (NEWS[: NEWS.index("</urlset>")], True),
        (NEWS.replace("a=1&b=2", "a=1&amp;b=2"), False),
        ("\n" + NEWS, False),
        (NEWS.replace("http://www.google.com/schemas/sitemap-news/0.9", "news"), False),
        (NEWS.replace("http://www.sitemaps.org/schemas/sitemap/0.9", "http://google.example/0.84"), False),
        (NEWS.replace("</news>", ""), False),
        (NEWS.replace("<urlset", "<urlset a='1' a='2'", 1), True),
    ],
)
def test_a_sitemap_that_is_not_well_formed_still_gives_its_pages(broken: str, is_told: bool) -> None:
    found = listing(broken)
    assert len(found.candidates) == 2
    assert ("ill_formed" in reasons(found)) is is_told


def test_a_cut_off_gzip_gives_what_came_before() -> None:
    urls = "".join(f"<url><loc>https://ledger.example/{n * 7919 % 10007:05}</loc></url>" for n in range(4000))
    packed = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    found = listing(packed[: len(packed) // 2])
    assert 1000 < len(found.candidates) < 4000


def test_a_list_of_addresses_is_read_line_by_line() -> None:
    found = listing("\ufeff# ours\n\nhttps://ledger.example/a\r\nhttps://ledger.example/b\n  # theirs\n")
    assert (found.kind, [candidate.found_in for candidate in found.candidates]) == (
        "list",
        ["list", "list"],
    )
    assert [candidate.url for candidate in found.candidates] == [
        "https://ledger.example/a",
        "https://ledger.example/b",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"<!doctype html><html><body>A page", "no_listing"),
        (b"\x89PNG\r\n\x1a\n", "no_listing"),
        (b"Just words.", "no_listing"),
        (b'{"a": 1}', "no_listing"),
        (b"\x1f\x8b\x08garbage", "bad_compression"),
        (gzip.compress(gzip.compress(RSS.encode())), "bad_compression"),
        (gzip.compress(bytes(60 << 20)), "too_large"),
        (b'{"items": [' * 100_000, "bad_json"),
    ],
)  # fmt: skip
def test_what_is_no_listing_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as told:
        listing(body)
    assert told.value.reason == reason


LAUGHS = "".join(f'<!ENTITY a{n} "{10 * ("&a" + str(n - 1) + ";")}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]><rss><channel><item><title>&a9;</title></item>'
THEFT = (
    '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'
)
ATTRIBUTES = 'a="" ' * 20_000


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        THEFT.encode(),
        THEFT.encode("utf-16"),
        THEFT.replace("<!DOCTYPE", "<!-- x --><!doctype").encode(),
        f"<rss {ATTRIBUTES}><channel></channel></rss>".encode(),
        f'<urlset x="{"y" * 100_000}"><url><loc>https://a.example/</loc></url></urlset>'.encode(),
    ],
    ids=["laughs", "theft", "theft in utf-16", "behind a comment", "attributes", "a long tag"],
)
def test_markup_that_only_hurts_is_refused(body: bytes) -> None:
    with pytest.raises(DocumentError) as told:
        listing(body)
    assert told.value.reason == "hostile_markup"


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel>" + "<item><title>x</title><link>https://a.example/</link></item>" * 30_000,
        "<rss>" + "<channel>" * 200_000,
        "<rss><channel><item><title>" + "&lt;" * 500_000,
        "<rss><channel><item><title><![CDATA[" + "<b>" * 300_000,
        "<rss><channel>" + "<![CDATA[" * 200_000,
        "<feed>" + "<!--" * 300_000,
        "<urlset>" + "<url>" * 300_000,
        "<urlset>" + "<url><loc>https://a.example/1</loc></url>" * 60_000,
        '{"items": [' + '{"url": "https://a.example/"},' * 60_000 + "{}]}",
        "https://a.example/\n" * 60_000,
    ],
    ids=lambda body: body[:20].replace("\n", " "),
)
def test_a_flood_is_read_or_refused_within_the_limits_of_a_lost_process(body: str) -> None:
    process = ExpendableProcess(deadline=20, memory=1 << 30)
    reason, candidates = "read", 0
    try:
        candidates = len(process(read_listing, body.encode(), PLACE, NOW).candidates)
    except DocumentError as error:
        reason = error.reason
    finally:
        process.end()
    assert reason in {"read", "hostile_markup"}
    assert candidates <= 1


@given(
    st.sampled_from([RSS, ATOM, NEWS, INDEX]),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=6)), max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_no_damage_raises_anything_but_a_documents_error(text: str, damage: list[tuple[int, bytes]]) -> None:
    body = text.encode()
    for at, put in damage:
        body = body[:at] + put + body[at + len(put) // 2 :]
    try:
        found = listing(body)
    except DocumentError:
        return
    assert all(joined(candidate.url, PLACE) == candidate.url for candidate in found.candidates)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_a_title_of_any_letters_is_one_line_without_controls(title: str) -> None:
    body = f"<rss><channel><item><title>{escape(title)}</title><link>https://a.example/</link></item></channel></rss>"
    (candidate,) = listing(body.encode("utf-8", "replace")).candidates
    assert candidate.title is None or candidate.title.isprintable() or not candidate.title.isascii()
    assert "\n" not in (candidate.title or "")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("../a b?q=1#x", "https://ledger.example/a%20b?q=1"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("HTTPS://LEDGER.example:443/./a/../b", "https://ledger.example/b"),
        ("https://ледгер.example/", "https://xn--c1abcc0a8a.example/"),
        ("https://ledger.example/a&amp;b", "https://ledger.example/a&b"),
        ("<![CDATA[https://ledger.example/c]]>", "https://ledger.example/c"),
        ("mailto:a@b.example", None),
        ("file:///etc/passwd", None),
        ("https://user:secret@ledger.example/", None),
        ("http://", None),
        ("", None),
        ("https://ledger.example/" + "x" * 3000, None),
    ],
)
def test_links_are_joined_as_browsers_do_or_are_none(link: str, address: str | None) -> None:
    assert joined(link, PLACE) == address


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/x?id=7&UTM_Source=rss&b=", "https://a.example/x?id=7&b="),
        ("https://a.example/x?4711", "https://a.example/x?4711"),
        ("https://a.example/x?cid=3&ref=b&source=c", "https://a.example/x?cid=3&ref=b&source=c"),
        ("https://a.example/x?at_medium=RSS&at_campaign=rss", "https://a.example/x"),
        ("https://a.example/x?fbclid=1&b=2&a=1", "https://a.example/x?b=2&a=1"),
    ],
)
def test_only_what_tells_where_a_reader_came_from_is_taken_off(before: str, after: str) -> None:
    assert cleaned(before) == after
