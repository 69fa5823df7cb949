"""One exchange as the records of a WARC 1.1 file (ISO 28500), each in a gzip member of its own.

Pure but for the random record ids: values in, bytes out. Called by `writer`.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import quote, urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.archive.hints import written
from tasks.model import NO_HINTS, Hints
from tasks.read.warc.page import CANDIDATE
from tasks.web import Exchange, Headers

# zlib's levels: 6 takes half the time of warcio's 9 for pages, and 1 % more room.
LEVEL = 6
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]+")  # what would end a line or a URI
# Taken off before archiving, so said under the name that Common Crawl uses: readers would look for chunks.
TAKEN_OFF = {"transfer-encoding": "X-Crawl-Transfer-Encoding"}
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Original:
    """The record that keeps a payload: what a revisit record says of it."""

    file: str
    offset: int
    length: int
    url: str
    fetched_at: datetime
    record_id: str


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of an exchange's records: the request, and the answer with what was known of it."""

    request: bytes
    answer: bytes
    record_id: str  # of the answer


def payload_digest(body: bytes) -> str:
    """The digest of a body as it came (WARC-Payload-Digest).

    SHA-256, since a site may make two pages with the same SHA-1, and one of them would not be kept.
    """
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode()


def warcinfo(name: str, software: str) -> bytes:
    """The record at the head of a file."""
    info = {"software": software, "format": "WARC File Format 1.1", "robots": "obey"}
    return _member(_writer().create_warcinfo_record(name, info))


def records_of(
    exchange: Exchange, digest: str, original: Original | None = None, hints: Hints | None = None
) -> Written:
    """The records of an exchange: a response, or a revisit where its payload is kept by `original`.

    `hints` are given for what may be an article; a metadata record keeps them.
    """
    response = _response(exchange, digest, original)
    record_id = response.rec_headers.get_header("WARC-Record-ID")
    request = _request(exchange, record_id)
    more = b"" if hints is None else _member(_metadata(exchange, record_id, hints))
    return Written(_member(request), _member(response) + more, record_id)


def _writer() -> WARCWriter:
    return WARCWriter(BytesIO(), gzip=False, warc_version="1.1")


def _member(record: ArcWarcRecord) -> bytes:
    """A record compressed into one gzip member."""
    writer = _writer()
    writer.write_record(record)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(writer.out.getvalue()) + packer.flush()


def _response(exchange: Exchange, digest: str, original: Original | None) -> ArcWarcRecord:
    told = _told(exchange)
    told["WARC-Payload-Digest"] = digest
    if exchange.http_version.upper() in {"HTTP/2", "HTTP/2.0"}:
        told["WARC-Protocol"] = "h2"  # written as 1.1 below: few readers know a head of HTTP/2
    if exchange.truncated:
        told["WARC-Truncated"] = exchange.truncated
    status = f"{exchange.status} {_plain(exchange.reason)}".strip()
    head = StatusAndHeaders(status, _headers(exchange.response_headers), protocol="HTTP/1.1")
    if original is not None:
        told.update(_refers_to(exchange, original))
        return _writer().create_warc_record(
            _address(exchange.url), "revisit", http_headers=head, warc_headers_dict=told
        )
    return _writer().create_warc_record(
        _address(exchange.url),
        "response",
        payload=BytesIO(exchange.wire_body),
        length=len(exchange.wire_body),
        http_headers=head,
        warc_headers_dict=told,
    )


def _refers_to(exchange: Exchange, original: Original) -> Mapping[str, str]:
    """Whose payload it is. The place (fields of Heritrix's) lets a reader go there without any index."""
    writer = _writer()
    return {
        "WARC-Profile": SERVER_NOT_MODIFIED if exchange.status == 304 else writer.REVISIT_PROFILE_1_1,
        "WARC-Refers-To": original.record_id,
        "WARC-Refers-To-Target-URI": _address(original.url),
        "WARC-Refers-To-Date": written_date(original.fetched_at),
        "WARC-Refers-To-Filename": original.file,
        "WARC-Refers-To-File-Offset": str(original.offset),
    }


def _request(exchange: Exchange, record_id: str) -> ArcWarcRecord:
    parts = urlsplit(_address(exchange.url))
    line = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
    head = StatusAndHeaders(line, _headers(exchange.request_headers), protocol=_plain(exchange.method))
    told = {**_told(exchange), "WARC-Concurrent-To": record_id}
    return _writer().create_warc_record(
        _address(exchange.url), "request", http_headers=head, warc_headers_dict=told
    )


def _metadata(exchange: Exchange, record_id: str, hints: Hints) -> ArcWarcRecord:
    lines = [] if hints == NO_HINTS else [f"{CANDIDATE}: {written(hints)}"]
    content = "".join(f"{line}\r\n" for line in ["role: article", *lines]).encode()
    told = {"WARC-Date": written_date(exchange.fetched_at), "WARC-Concurrent-To": record_id}
    return _writer().create_warc_record(
        _address(exchange.url),
        "metadata",
        payload=BytesIO(content),
        length=len(content),
        warc_headers_dict=told,
    )


def _told(exchange: Exchange) -> dict[str, str]:
    told = {"WARC-Date": written_date(exchange.fetched_at)}
    return told | ({"WARC-IP-Address": exchange.ip_address} if exchange.ip_address else {})


def written_date(moment: datetime) -> str:
    """A moment (naive UTC) as WARC 1.1 writes it."""
    return f"{moment.isoformat(timespec='microseconds')}Z"


def _headers(headers: Headers) -> list[tuple[str, str]]:
    """Header lines that cannot break out of their lines."""
    lines = ((_plain(name), _plain(value)) for name, value in headers)
    return [(TAKEN_OFF.get(name.lower(), name), value) for name, value in lines if name]


def _plain(text: str) -> str:
    return CONTROLS.sub(" ", text).strip()


def _address(url: str) -> str:
    """An address that cannot break out of its line."""
    return NOT_IN_ADDRESS.sub(lambda run: quote(run[0]), url)
