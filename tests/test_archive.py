"""What was fetched is kept as WARC files that others can read, each payload once, and can be read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tasks.archive.writer import ArchiveError, Kept, open_archive
from tasks.errors import DocumentError
from tasks.read.document import read_document
from tests.support.exchanges import BEGAN, address, candidate, exchange, page, zipped


def kept(folder: Path, count: int = 3) -> list[Kept]:
    with open_archive(folder) as archive:
        return [archive.append(exchange(number), candidate(number)) for number in range(1, count + 1)]


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.warc.gz"))


def kinds(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]


def test_an_exchange_is_read_again_as_it_was(tmp_path: Path) -> None:
    said = candidate(1, title="Ship one", authors=("Ann Berg",), published_at=BEGAN - timedelta(minutes=30))
    with open_archive(tmp_path) as archive:
        one = archive.append(exchange(1), said)
    source = read_document(one.ref)
    assert source.content == page(1).decode()
    assert (source.input_id, source.given.url, source.natural_key) == (
        address(1),
        address(1),
        f"url:{address(1)}",
    )
    assert source.observed_at == exchange(1).fetched_at
    assert source.location == f"{one.place.path}:{one.place.offset}"
    assert (source.hints.found_in, source.hints.title, source.hints.authors, source.hints.published_at) == (
        "feed",
        "Ship one",
        ("Ann Berg",),
        BEGAN - timedelta(minutes=30),
    )


def test_others_can_read_the_files(tmp_path: Path) -> None:
    kept(tmp_path, 2)
    [path] = files(tmp_path)
    assert kinds(path) == ["warcinfo"] + ["request", "response", "metadata"] * 2
    with path.open("rb") as stream:
        records = [record for record in ArchiveIterator(stream) if record.rec_type == "response"]
        assert [record.rec_headers.get_header("WARC-Target-URI") for record in records] == [
            address(1),
            address(2),
        ]
        assert records[0].rec_headers.protocol == "WARC/1.1"
        assert records[0].rec_headers.get_header("WARC-Date") == "2026-03-01T06:01:00.000000Z"
        assert records[0].rec_headers.get_header("WARC-IP-Address") == "192.0.2.7"


def test_a_body_is_kept_as_it_came(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        one = archive.append(zipped(4), candidate(4))
    assert read_document(one.ref).content == page(4).decode()
    with files(tmp_path)[0].open("rb") as stream:
        [body] = [r.raw_stream.read() for r in ArchiveIterator(stream) if r.rec_type == "response"]
    assert body == zipped(4).wire_body


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        first = archive.append(exchange(1), candidate(1))
        again = archive.append(exchange(1, minutes=60), candidate(1))
        elsewhere = archive.append(exchange(2, page(1), minutes=61), candidate(2))
    assert not first.is_revisit
    assert again.is_revisit
    assert elsewhere.original == first.place
    assert kinds(files(tmp_path)[0]).count("response") == 1
    assert kinds(files(tmp_path)[0]).count("revisit") == 2
    read = [read_document(one.ref) for one in (first, again, elsewhere)]
    assert len({source.content for source in read}) == 1
    assert [source.input_id for source in read] == [address(1), address(1), address(2)]
    assert read[1].observed_at == exchange(1, minutes=60).fetched_at
    assert read[0].digest == read[1].digest


def test_the_same_bytes_are_known_to_a_later_run_and_without_the_index(tmp_path: Path) -> None:
    [first] = kept(tmp_path, 1)
    with open_archive(tmp_path) as archive:
        assert archive.append(exchange(1, minutes=5)).original == first.place
    for part in tmp_path.glob("index.sqlite*"):
        part.unlink()
    with open_archive(tmp_path) as archive:
        later = archive.append(exchange(1, minutes=9), candidate(1))
    assert later.original == first.place
    assert len(files(tmp_path)) == 1


def test_a_revisit_is_followed_by_what_it_says_itself(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        archive.append(exchange(1))
        again = archive.append(exchange(1, minutes=60)).ref
    bare = type(again)(again.path, "record", again.offset)
    assert read_document(bare).content == page(1).decode()


def test_not_modified_stands_for_the_page_before(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        archive.append(exchange(1), candidate(1))
        same = archive.append(exchange(1, b"", minutes=30, status=304, reason="Not Modified"), candidate(1))
    assert same.is_revisit
    assert read_document(same.ref).content == page(1).decode()


def test_what_a_feed_said_once_stays_with_the_address(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        first = archive.append(exchange(1), candidate(1, title="Told once"))
        later = archive.append(exchange(1, page(1, "It stays shut"), minutes=90), candidate(1))
    assert read_document(first.ref).hints == read_document(later.ref).hints
    assert read_document(later.ref).hints.title == "Told once"


def test_files_are_begun_anew_at_a_size_and_sort_by_time(tmp_path: Path) -> None:
    moments = iter([BEGAN, BEGAN.replace(hour=5), BEGAN.replace(hour=9), *[BEGAN] * 20])
    with open_archive(tmp_path, most_bytes=6000, clock=lambda: next(moments)) as archive:
        places = [archive.append(exchange(number)).place for number in range(1, 21)]
    names = [path.name for path in files(tmp_path)]
    assert len(names) > 3
    assert [place.path.name for place in places] == sorted(place.path.name for place in places)
    assert all(path.stat().st_size <= 6000 for path in files(tmp_path))
    assert names[0] == "onrecord-20260301060000-000001.warc.gz"
    assert all(kinds(path)[0] == "warcinfo" for path in files(tmp_path))


def test_a_later_run_goes_on_in_the_same_file(tmp_path: Path) -> None:
    kept(tmp_path, 1)
    with open_archive(tmp_path) as archive:
        later = archive.append(exchange(2), candidate(2))
    [path] = files(tmp_path)
    assert kinds(path).count("warcinfo") == 1
    assert read_document(later.ref).content == page(2).decode()


def test_two_writers_are_one_too_many(tmp_path: Path) -> None:
    with (
        open_archive(tmp_path),
        pytest.raises(ArchiveError, match="is being written by process") as refused,
        open_archive(tmp_path),
    ):
        pass
    assert refused.value.reason == "archive_locked"


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ArchiveError, match="cannot be written"), open_archive(tmp_path / "file"):
        pass


def test_half_a_page_is_no_document_and_keeps_no_other(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        half = archive.append(exchange(1, page(1), truncated="disconnect"), candidate(1))
        whole = archive.append(exchange(1, page(1), minutes=3), candidate(1))
        long = archive.append(exchange(2, page(2), truncated="length"), candidate(2))
    with pytest.raises(DocumentError, match="in part") as refused:
        read_document(half.ref)
    assert refused.value.reason == "truncated"
    assert read_document(whole.ref).content == page(1).decode()
    assert read_document(long.ref).content == page(2).decode()


def test_headers_cannot_break_out_of_their_lines(tmp_path: Path) -> None:
    evil = (("Content-Type", "text/html\r\nWARC-Type: warcinfo\r\n\r\n"), ("X\r\nY", "\x00z"))
    with open_archive(tmp_path) as archive:
        one = archive.append(
            exchange(1, url=f"{address(1)}\r\nWARC-Type: request", response_headers=evil), candidate(1)
        )
    assert kinds(files(tmp_path)[0]) == ["warcinfo", "request", "response", "metadata"]
    assert read_document(one.ref).content == page(1).decode()
