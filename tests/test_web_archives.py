"""Any maker's WARC files are read: whole, torn, lying or hostile; what is no article is counted."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import brotli
import pytest

from tasks.archive.writer import open_archive
from tasks.errors import DocumentError
from tasks.model import DocumentRef
from tasks.read.discover import discover
from tasks.read.document import read_document
from tasks.read.warc import walk as walking
from tasks.read.warc.articles import Originals, contents_of
from tests.support.command_line import Onrecord
from tests.support.exchanges import candidate, exchange, page
from tests.support.made_archives import Maker, articles, found, readable, url_of, urls


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path / "news.warc.gz")


# --- what is an article ---------------------------------------------------------


def test_what_is_no_article_is_counted(maker: Maker) -> None:
    maker.add(url_of(0), page(0))
    maker.add("https://n.example/old", status="301 Moved", media=None)
    maker.add("https://n.example/gone", b"<html>gone</html>", status="404 Not Found")
    maker.add("https://n.example/a.jpg", b"\xff\xd8\xff", media="image/jpeg")
    maker.add("https://n.example/a.css", b"p {}", media="text/css")
    maker.add("https://n.example/feed", b"<?xml version='1.0'?><rss></rss>", media="application/rss+xml")
    maker.add("https://n.example/feed2", b"<?xml version='1.0'?>\n<rss></rss>", media="text/html")
    maker.add("https://n.example/robots.txt", b"User-agent: *", media="text/html")
    maker.add("https://n.example/report.pdf", b"%PDF-1.7", media="application/pdf")
    maker.add("dns:n.example", b"1.2.3.4", media="text/dns", kind="resource")
    maker.add(url_of(1), b"GET", kind="request", media=None, status="/1.html HTTP/1.1")
    maker.add(url_of(2), page(2), media=None)
    discovery = found(maker.save())
    assert readable(discovery) == urls(0, 2)
    assert discovery.failures == ()
    assert discovery.skipped == {
        "redirects": 1,
        "errors and other answers without a page": 1,
        "images": 1,
        "scripts, styles and fonts": 1,
        "feeds and sitemaps": 2,
        "robots.txt": 1,
        "other documents": 1,
        "notes of the crawler": 1,
    }


def test_an_archive_without_any_page_says_so(maker: Maker) -> None:
    maker.add("https://n.example/a.jpg", b"\xff\xd8\xff", media="image/jpeg")
    discovery = found(maker.save())
    assert [failure.reason for failure in discovery.failures] == ["nothing_usable"]
    assert discovery.skipped == {"images": 1}


def test_a_page_kept_as_a_resource_is_read(maker: Maker) -> None:
    maker.add(url_of(3), page(3), kind="resource", media="text/html")
    assert readable(found(maker.save())) == urls(3)


def test_our_own_archive_is_read_with_what_feeds_said(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive") as archive:
        for number in range(3):
            archive.append(exchange(number), candidate(number, title=f"Said of {number}"))
        archive.append(exchange(1, minutes=99), candidate(1))
    read = [read_document(ref) for ref in discover([str(tmp_path / "archive")]).refs]
    assert [source.hints.title for source in read] == ["Said of 0", "Said of 1", "Said of 2", "Said of 1"]
    assert read[3].content == page(1).decode()


# --- the same page as before -----------------------------------------------------


def revisit(maker: Maker, number: int, **told: str) -> None:
    names = {name.replace("_", "-"): value for name, value in told.items()}
    maker.add(url_of(number), kind="revisit", told={"WARC-Profile": "x", **names})


def test_a_revisit_is_followed_by_address_and_time_or_by_digest(maker: Maker, tmp_path: Path) -> None:
    date = "2026-03-01T06:00:00Z"
    maker.add(url_of(0), page(0), told={"WARC-Date": date, "WARC-Payload-Digest": "sha1:AAA"})
    revisit(maker, 0, WARC_Refers_To_Target_URI=url_of(0), WARC_Refers_To_Date=date)
    revisit(maker, 0, WARC_Payload_Digest="sha1:AAA")
    revisit(maker, 0, WARC_Payload_Digest="sha1:UNKNOWN")
    maker.save()
    later = Maker(tmp_path / "other.warc.gz")
    revisit(later, 0, WARC_Payload_Digest="sha1:AAA")
    discovery = discover([str(maker.path), str(later.save())])
    assert readable(discovery) == urls(0, 0, 0, 0)
    assert discovery.skipped == {"pages kept in another archive": 1}


def test_a_revisit_names_no_file_outside_its_folder(maker: Maker, tmp_path: Path) -> None:
    secret = Maker(tmp_path.parent / "secret.warc.gz")
    secret.add(url_of(1), page(1))
    secret.save()
    for name in ("../secret.warc.gz", str(secret.path), "..", ""):
        revisit(maker, 0, WARC_Refers_To_Filename=name, WARC_Refers_To_File_Offset="0")
    discovery = found(maker.save())
    assert not discovery.refs
    assert discovery.skipped == {"pages kept in another archive": 4}


# --- shapes of files ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz"])
@pytest.mark.parametrize("shape", ["by record", "plain", "as a whole", "in two"])
def test_whatever_the_compression_and_the_name(tmp_path: Path, name: str, shape: str) -> None:
    maker = articles(Maker(tmp_path / name, zipped=shape == "by record"), 30)
    pack: dict[str, Callable[[bytes], bytes]] = {
        "as a whole": gzip.compress,
        "in two": lambda data: (
            gzip.compress(data[: maker.starts[15]]) + gzip.compress(data[maker.starts[15] :])
        ),
    }
    discovery = found(maker.save(pack.get(shape, bytes)))
    assert readable(discovery) == urls(*range(30))
    assert [read_document(ref).input_id for ref in reversed(discovery.refs)] == urls(*reversed(range(30)))
    assert discovery.failures == ()


def test_bare_line_feeds_and_filling_at_the_end(tmp_path: Path) -> None:
    plain = articles(Maker(tmp_path / "plain.warc", zipped=False), 2)
    body = page(7)
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + body
    plain.raw(
        f"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: <{url_of(7)}>\nWARC-Date: 2026-03-01T06:00:00Z\n"
        f"content-length: {len(block)}\n\n".encode()
        + block
        + b"\n\n"
    )
    assert readable(found(plain.save(lambda data: data + b"\0" * 5000))) == urls(0, 1, 7)
    zipped = articles(Maker(tmp_path / "zipped.warc.gz"), 2)
    discovery = found(zipped.save(lambda data: data + b"\0" * 5000))
    assert readable(discovery) == urls(0, 1)
    assert discovery.failures == ()


def test_an_empty_file_and_one_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "text.warc").write_text("Once upon a time")
    (tmp_path / "zip.warc.gz").write_bytes(gzip.compress(b"Once upon a time"))
    reasons = {Path(f.input.partition(":")[0]).name: f.reason for f in found(tmp_path).failures}
    assert reasons == {"empty.warc.gz": "empty", "text.warc": "not_a_warc", "zip.warc.gz": "no_record"}


# --- what is broken -----------------------------------------------------------------


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def test_a_damaged_member_costs_itself_only(maker: Maker) -> None:
    articles(maker)
    middle = (maker.starts[1] + maker.starts[2]) // 2
    discovery = found(maker.save(lambda data: flipped(data, middle)))
    assert readable(discovery) == urls(0, 2, 3)
    [failure] = discovery.failures
    assert (failure.input, failure.reason) == (f"{maker.path}:{maker.starts[1]}", "broken_gzip")


def test_a_record_cut_in_the_middle_costs_itself_only(maker: Maker) -> None:
    articles(maker)
    middle = (maker.starts[1] + maker.starts[2]) // 2
    discovery = found(maker.save(lambda data: data[:middle] + data[maker.starts[2] :]))
    assert readable(discovery) == urls(0, 2, 3)
    assert len(discovery.failures) == 1


@pytest.mark.parametrize("cut", [3, 9, 60, 200])
def test_a_torn_end_costs_the_last_record_only(maker: Maker, cut: int) -> None:
    articles(maker)
    discovery = found(maker.save(lambda data: data[:-cut]))
    assert readable(discovery) == urls(0, 1, 2)
    assert [failure.reason for failure in discovery.failures] == ["cut"]


def test_rubbish_between_records(maker: Maker) -> None:
    maker.add(url_of(0), page(0))
    maker.raw(b"rubbish " * 1000 + b"\x1f\x8b\x08" + b"more rubbish" * 20)
    maker.add(url_of(1), page(1))
    maker.raw(gzip.compress(b"a member without a record" * 10))
    maker.add(url_of(2), page(2))
    discovery = found(maker.save())
    assert readable(discovery) == urls(0, 1, 2)
    assert [failure.reason for failure in discovery.failures] == ["no_record", "no_record"]


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("told", ["1", "100000000", "99999999999999999999", "-5", "many", None])
def test_a_wrong_length_costs_the_record_only(tmp_path: Path, zipped: bool, told: str | None) -> None:
    good = Maker(tmp_path / "good.warc", zipped=False)
    articles(good, 5)
    whole = good.out.getvalue()
    edges = [*good.starts, len(whole)]
    records = [whole[start:end] for start, end in pairwise(edges)]
    lines = [line for line in records[2].split(b"\r\n") if not line.startswith(b"Content-Length: ")]
    head = [lines[0], *([f"Content-Length: {told}".encode()] if told else []), *lines[1:]]
    records[2] = b"\r\n".join(head)
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record) if zipped else record for record in records))
    discovery = found(path)
    assert readable(discovery) == urls(0, 1, 3, 4)
    assert [failure.reason for failure in discovery.failures] == [
        "wrong_length" if told == "1" else "cut" if told == "100000000" else "no_length"
    ]


def test_a_head_without_an_end_is_passed_over(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "a.warc", zipped=False)
    maker.add(url_of(0), page(0))
    maker.raw(b"WARC/1.0\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n")
    maker.add(url_of(1), page(1))
    discovery = found(maker.save())
    assert readable(discovery) == urls(0, 1)
    assert [failure.reason for failure in discovery.failures] == ["no_record"]


def test_what_is_broken_everywhere_ends_soon(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "a.warc.gz")
    one = gzip.compress(b"WARC/1.0\r\nContent-Length: 5\r\n\r\nabc")
    maker.raw(one * 5000)
    contents = contents_of(maker.save(), Originals())
    assert len(contents.troubles) == walking.MOST_TROUBLES + 1
    assert contents.troubles[-1][1] == "too_broken"
    far = b"".join(
        b"WARC/1.0\r\nContent-Length: 900000\r\n\r\n" + b"x" * 50 + b"\r\n\r\n" for _ in range(20_000)
    )
    (tmp_path / "b.warc").write_bytes(far)
    assert contents_of(tmp_path / "b.warc", Originals()).troubles[-1][1] == "too_broken"


def test_nothing_that_was_cut_or_changed_at_random_stops_the_reading(tmp_path: Path) -> None:
    for zipped in (True, False):
        maker = articles(Maker(tmp_path / "a.warc.gz", zipped=zipped), 6)
        rnd = random.Random(7)  # noqa: S311 - the same every time
        for _ in range(60):
            spoilt = bytearray(maker.out.getvalue())
            for _ in range(rnd.randrange(1, 4)):
                at = rnd.randrange(len(spoilt))
                spoilt[at : at + rnd.randrange(1, 40)] = rnd.randbytes(rnd.randrange(40))
            maker.path.write_bytes(spoilt)
            discovery = found(maker.path)
            assert len(discovery.refs) + len(discovery.failures) >= 3
            for ref in discovery.refs:
                try:
                    read_document(ref)
                except DocumentError:
                    continue


# --- codings and bombs --------------------------------------------------------------


def coded(maker: Maker, body: bytes, *headers: tuple[str, str]) -> DocumentRef:
    maker.add(url_of(1), body, headers=headers)
    [ref] = found(maker.save()).refs
    return ref


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda body: gzip.compress(body[:300]) + gzip.compress(body[300:])),
        ("deflate", zlib.compress),
        ("deflate", bare_deflate),
        ("br", brotli.compress),
        ("identity", bytes),
        ("gzip", bytes),  # decoded by the crawler, which kept the header
        ("br", bytes),
    ],
)
def test_codings_are_taken_off(maker: Maker, coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert (
        read_document(coded(maker, pack(page(1)), ("Content-Encoding", coding))).content == page(1).decode()
    )


def test_chunks_are_put_together(maker: Maker) -> None:
    headers = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    ref = coded(maker, chunked(gzip.compress(page(1))), *headers)
    assert read_document(ref).content == page(1).decode()


def test_chunks_that_were_put_together_before(maker: Maker) -> None:
    assert read_document(coded(maker, page(1), ("Transfer-Encoding", "chunked"))).content == page(1).decode()


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(page(1))), "unsupported_coding"),
        ("zstd", b"\x28\xb5\x2f\xfd1234", "unsupported_coding"),
        ("gzip", gzip.compress(page(1))[:-20], "broken_coding"),
        ("gzip", flipped(gzip.compress(page(1)), 60), "broken_coding"),
        ("br", brotli.compress(page(1))[:-20], "broken_coding"),
        ("br", b"\xff" * 50, "broken_coding"),
        ("deflate", b"\xff" * 50, "broken_coding"),
    ],
)
def test_a_coding_that_cannot_be_taken_off(maker: Maker, coding: str, body: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(coded(maker, body, ("Content-Encoding", coding)))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", lambda body: brotli.compress(body, quality=1)),
    ],
)
def test_a_bomb_ends_at_the_limit(maker: Maker, coding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(coded(maker, pack(b"\0" * 200_000_000), ("Content-Encoding", coding)))
    assert refused.value.reason == "too_large"


def test_a_bomb_of_a_record_is_passed_over(maker: Maker) -> None:
    maker.add(url_of(0), page(0))
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url_of(8)}\r\nContent-Length: 100\r\n\r\n"
    maker.raw(gzip.compress(head.encode() + block + b"x" * 150_000_000))
    maker.add(url_of(1), page(1))
    discovery = found(maker.save())
    assert readable(discovery) == urls(0, 1)
    assert discovery.failures


def test_an_address_that_is_none_is_counted(maker: Maker) -> None:
    maker.add("https://[broken", page(1))
    maker.add("javascript:alert(1)", page(1))
    assert found(maker.save()).skipped == {"notes of the crawler": 2}


def test_the_charset_of_the_answer_is_used(maker: Maker) -> None:
    maker.add(
        url_of(1), "<p>Министр заявил</p>".encode("windows-1251"), media="text/html; charset=windows-1251"
    )
    [ref] = found(maker.save()).refs
    assert read_document(ref).content == "<p>Министр заявил</p>"


def test_a_large_file_is_read_in_little_memory(maker: Maker) -> None:
    filling = b"<script>" + random.Random(3).randbytes(300_000).hex().encode() + b"</script>"  # noqa: S311
    for number in range(40):
        maker.add(url_of(number), page(number).replace(b"</body>", filling + b"</body>"))
    path = maker.save()
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    contents = contents_of(path, Originals())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(contents.refs) == 40
    assert peak < 3_000_000  # some steps of reading and inflating; the pages are 24 MB


@pytest.mark.prefect
def test_the_command_loads_what_can_be_read_and_tells_of_the_rest(onrecord: Onrecord, maker: Maker) -> None:
    articles(maker, 3)
    maker.add("https://n.example/old", status="301 Moved", media=None)
    maker.save(lambda data: data[: maker.starts[1] + 300] + data[maker.starts[2] :])
    run = onrecord("ingest", maker.path, "--warehouse", "news.duckdb")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("2 articles")
    assert "Skipped   1 record of web archives, no articles: redirects (1)" in run.stdout
    failed = onrecord(
        "sql", "SELECT reason, input FROM failures", "--csv", "--warehouse", "news.duckdb"
    ).stdout
    assert f"{maker.path}:{maker.starts[1]}" in failed
