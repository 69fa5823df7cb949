"""Reading inputs: what is found, what is refused and why, and how bytes become text."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import DocumentError
from tasks.model import DocumentRef, SourceDocument
from tasks.read.decode import decode
from tasks.read.discover import discover
from tasks.read.document import read_document
from tasks.timestamps import parse_timestamp


def reasons(*inputs: Path | str) -> list[str]:
    return [failure.reason for failure in discover([str(given) for given in inputs]).failures]


def names(*inputs: Path | str) -> list[str]:
    return [ref.path.name for ref in discover([str(given) for given in inputs]).refs]


def read_text(path: Path, data: bytes) -> SourceDocument:
    path.write_bytes(data)
    return read_document(DocumentRef(path, "html" if path.suffix == ".html" else "text"))


def read_rows(path: Path, *rows: object) -> list[SourceDocument]:
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return [read_document(ref) for ref in discover([str(path)]).refs]


def refusal(ref: DocumentRef) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(ref)
    assert caught.value.message
    return caught.value.reason


# --- discovery -------------------------------------------------------------------


def test_a_folder_is_searched_in_sorted_order_without_hidden_and_other_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.HTML", ".hidden.txt", "picture.jpg", "sources.toml", "sub/c.htm"):
        (tmp_path / name).write_text("x")
    found = discover([str(tmp_path)])
    assert [ref.path.name for ref in found.refs] == ["a.HTML", "b.txt", "c.htm"]
    assert found.failures == ()


def test_a_file_reached_twice_is_read_once_and_link_loops_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "a.txt")
    assert len(names(tmp_path, tmp_path / "a.txt", tmp_path)) == 1
    assert reasons(tmp_path, tmp_path) == []


def test_every_input_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.docx").write_text("x")
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "old.warc.gz").write_text("")
    (tmp_path / "dangling.txt").symlink_to("nowhere.txt")
    (tmp_path / "blank.jsonl").write_text("\n \n")
    given = [
        "missing.txt",
        "empty",
        "notes.docx",
        "sources.toml",
        "old.warc.gz",
        "dangling.txt",
        "blank.jsonl",
    ]
    assert reasons(*(tmp_path / name for name in given), "https://news.example/feed", "a\0b", "") == [
        "input_missing", "nothing_usable", "unsupported_kind", "not_yet", "empty", "unreadable", "empty",
        "not_yet", "input_missing", "input_missing",
    ]  # fmt: skip


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(tmp_path) == ["unreadable"]
    assert refusal(DocumentRef(tmp_path / "pipe.txt", "text")) == "unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    assert reasons(tmp_path / "secret.txt") == ["unreadable"]


def test_rows_carry_their_place_and_blank_lines_are_none(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text":"one"}\r\n\n   \n{"text":"two"}')
    refs = discover([str(path)]).refs
    assert [(ref.offset, ref.length, ref.line) for ref in refs] == [(0, 15, 1), (21, 14, 4)]
    assert [read_document(ref).content for ref in refs] == ["one", "two"]


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line), max_size=8))
def test_rows_lie_where_the_lines_of_the_file_lie(lines: list[bytes]) -> None:
    import io

    from tasks.read.discover import _lines

    data = b"\n".join(lines)
    found = [data[start : start + length] for start, length, _ in _lines(io.BytesIO(data))]
    assert found == data.split(b"\n")[: len(found)]
    assert b"".join(data.split(b"\n")[len(found) :]) == b""


# --- documents -------------------------------------------------------------------


def test_a_broken_line_costs_itself_and_names_its_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text":"one"}\n{"text": broken\n{"id":"x"}\n{"text":"  "}\n[1]\n{"text":"two"}\n')
    outcomes, messages = [], []
    for ref in discover([str(path)]).refs:
        try:
            outcomes.append(read_document(ref).content)
        except DocumentError as error:
            outcomes.append(error.reason)
            messages.append(error.message)
    assert all("ine " in message for message in messages)
    assert outcomes == ["one", "bad_json", "no_text", "empty", "bad_json", "two"]


def test_the_fields_of_a_row_are_trusted_and_coerced(tmp_path: Path) -> None:
    [document] = read_rows(
        tmp_path / "rows.jsonl",
        {"id": 7, "url": " https://a.example/x ", "outlet": "The A", "title": 1984, "language": "en",
         "published_at": "2020-05-04T01:00:00+03:00", "text": "Some words.", "other": [1]},
    )  # fmt: skip
    given = document.given
    assert (document.input_id, document.natural_key) == ("7", "url:https://a.example/x")
    assert (given.title, given.outlet, str(given.published_at)) == ("1984", "The A", "2020-05-03 22:00:00")


def test_a_malformed_field_is_left_out_and_the_row_stays(tmp_path: Path) -> None:
    [document] = read_rows(
        tmp_path / "rows.jsonl", {"text": "Words.", "published_at": "soon", "title": {"a": 1}, "url": None}
    )
    assert (document.given.published_at, document.given.title, document.given.url) == (None, None, None)


def test_natural_keys_tell_articles_apart(tmp_path: Path) -> None:
    first, second, third = read_rows(
        tmp_path / "rows.jsonl",
        {"id": "1", "outlet": "A", "text": "x"},
        {"id": "1", "text": "x"},
        {"text": "x"},
    )
    assert first.natural_key == "id:A\x1f1"
    assert second.natural_key == "id:\x1f1"
    assert third.natural_key.startswith("text:")
    assert third.input_id == f"rows.jsonl#{third.digest[:12]}"
    text = read_text(tmp_path / "a.txt", b"\n\n  A  Headline \nBody.")
    assert text.natural_key == "file:a.txt\x1fa headline"
    page = read_text(tmp_path / "p.html", b"<title>Cats &amp; dogs</title><p>Body.")
    assert page.natural_key == "file:p.html\x1fcats & dogs"


def test_the_digest_follows_content_and_given_fields(tmp_path: Path) -> None:
    rows = [{"id": "1", "text": "x"}, {"id": "1", "text": "y"}, {"id": "1", "text": "x", "title": "T"}]
    digests = {document.digest for document in read_rows(tmp_path / "rows.jsonl", *rows, rows[0])}
    assert len(digests) == 3


def test_fifty_megabytes_of_spaces_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.seek(50_000_000)
        stream.write(b" ")
    assert refusal(DocumentRef(path, "text")) == "too_large"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        ("\u00a0\u2003\ufeff ".encode(), "empty"),
        (b"%PDF-1.7 and so on", "binary"),
        (bytes(range(256)) * 40, "binary"),
    ],
)
def test_files_that_hold_no_text_are_refused_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert refusal(DocumentRef(tmp_path / "a.txt", "text")) == reason


# --- decoding --------------------------------------------------------------------

SENTENCE = "“Çelik said no,” naïve as he was — £5 for a café."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_in_unicode_is_read_as_it_was_written(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)).text == SENTENCE


def test_utf_16_without_a_mark_is_told_by_its_nuls() -> None:
    assert decode("Plain words and more of them.".encode("utf-16-le")).encoding == "utf-16-le"


def test_mixed_encodings_are_mended_and_said_so() -> None:
    data = "The café was shut, said Çelik. ".encode() * 3 + b"\x93Never,\x94 he added \x96 twice."
    decoded = decode(data)
    assert decoded.encoding == "utf-8+windows-1252"
    assert decoded.text.endswith("“Never,” he added – twice.")
    assert decoded.text.startswith("The café was shut, said Çelik.")


def test_windows_1252_is_read_as_browsers_do() -> None:
    decoded = decode(b"The minister said \x93no\x94 and left the room without a further word. " * 3)
    assert (decoded.encoding, decoded.text[:25]) == ("windows-1252", "The minister said “no” an")


def test_a_page_is_read_by_the_charset_it_declares() -> None:
    page = '<meta charset="windows-1251"><p>Министр сказал, что нет.</p>'
    assert decode(page.encode("cp1251"), "html").text == page
    xhtml = '<?xml version="1.0" encoding="ISO-8859-2"?>\n<p>Żółta łódź stoi w porcie od rana.</p>'
    assert "łódź" in decode(xhtml.encode("iso-8859-2"), "html").text
    odd = b'<meta charset="rot13"><p>caf\xe9 and more plain words that follow it to the end</p>'
    assert "café" in decode(odd, "html").text


def test_a_few_leaked_nuls_do_not_make_a_text_binary() -> None:
    assert decode(b"The minister\0 said nothing of the kind to the papers.").text.startswith("The minister\0")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with suppress(DocumentError):
        decode(data, "text")
    with suppress(DocumentError):
        decode(data, "html")


# --- moments ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "moment", "precision"),
    [
        ("2019-11-22", "2019-11-22 00:00:00", "day"),
        ("20191122", "2019-11-22 00:00:00", "day"),
        ("2019-11-22T10:15:00Z", "2019-11-22 10:15:00", "second"),
        ("2019-11-22T10:15:00.1234567+0300", "2019-11-22 07:15:00", "second"),
        ("2019-11-22 10:15 GMT", "2019-11-22 10:15:00", "second"),
        ("2019/11/22 10:15:00 -05:00", "2019-11-22 15:15:00", "second"),
        ("Fri, 22 Nov 2019 10:15:00 +0100", "2019-11-22 09:15:00", "second"),
        (1574417700, "2019-11-22 10:15:00", "second"),
        ("1574417700000", "2019-11-22 10:15:00", "second"),
    ],
)
def test_moments_in_their_common_spellings_become_utc(written: object, moment: str, precision: str) -> None:
    stamp = parse_timestamp(written)
    assert stamp is not None
    assert (str(stamp.moment), stamp.precision) == (moment, precision)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2019-13-40", "2019-11", "0001-01-01T00:00:00+14:00", True, None, -3, [], "9" * 5000],
)
def test_what_is_no_moment_is_none(written: object) -> None:
    assert parse_timestamp(written) is None


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_no_field_makes_the_parser_of_moments_fail(value: object) -> None:
    parse_timestamp(value)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("January 2, 2020", "2020-01-02"),
        ("2 January 2020, morning edition", "2020-01-02"),
        ("2020-01-02 10:00:00 EST", "2020-01-02"),
        ("01/02/2020", None),
        ("sometime in 2020", None),
        ("soon", None),
    ],
)
def test_a_given_day_is_read_as_people_write_it_where_it_is_plain(
    tmp_path: Path, written: str, day: str | None
) -> None:
    [document] = read_rows(tmp_path / "rows.jsonl", {"text": "Text.", "published_at": written})
    moment = document.given.published_at
    assert (moment and moment.date().isoformat()) == day


def test_given_fields_carry_nothing_that_steers_and_no_address_that_is_none(tmp_path: Path) -> None:
    given = {"title": "a\x1b[31m b\x9b c\u202e", "url": "javascript:alert(1)", "text": "Text."}
    [document] = read_rows(tmp_path / "rows.jsonl", given)
    assert document.given.title == "a [31m b c"
    assert document.given.url is None


def test_campaigns_and_fragments_make_no_other_article(tmp_path: Path) -> None:
    addresses = ("https://A.example/x?id=1&utm_source=tw#top", "https://a.example/x?id=1")
    found = read_rows(tmp_path / "rows.jsonl", *({"text": "Text.", "url": url} for url in addresses))
    keys = {document.natural_key for document in found}
    assert keys == {"url:https://a.example/x?id=1"}
    [kept] = read_rows(tmp_path / "rows.jsonl", {"text": "T.", "url": "https://a.example/x?b=&a=1"})
    assert kept.natural_key.endswith("?b=&a=1")


def test_a_page_without_a_word_gives_way_to_the_text_of_its_row(tmp_path: Path) -> None:
    [document] = read_rows(
        tmp_path / "rows.jsonl", {"html": "<html><body></body></html>", "text": "The text."}
    )
    assert (document.form, document.content) == ("text", "The text.")


def test_a_page_by_its_name_alone_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.htm").write_text("A headline\n\nThe text of it.")
    assert read_document(DocumentRef(tmp_path / "a.htm", "html")).form == "text"


def test_the_charset_that_the_server_names_goes_before_that_of_the_page() -> None:
    russian = '<meta charset="windows-1252"><p>Министр заявил</p>'.encode("windows-1251")
    assert "Министр" in decode(russian, "html", "windows-1251").text
    assert "Министр" not in decode(russian, "html").text
    declared = '<meta charset="windows-1251"><p>Министр заявил</p>'.encode("windows-1251")
    assert "Министр" in decode(declared, "html", "UTF-8").text  # which it plainly is not
    assert "Министр" in decode("<p>Министр</p>".encode(), "html", "iso-8859-1").text  # plainly UTF-8


def test_encodings_of_seven_bits_are_told_from_ascii() -> None:
    assert (
        decode("<p>大臣が述べた</p>".encode("iso2022_jp"), "html", "ISO-2022-JP").text
        == "<p>大臣が述べた</p>"
    )
