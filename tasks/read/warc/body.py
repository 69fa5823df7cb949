"""The codings of HTTP taken off a body, never beyond a limit: a bomb ends at the limit, not in memory.

Called by `page`. RFC 9110 §8.4 (content codings), RFC 9112 §7 (chunks), RFC 7932 (brotli).
"""

from __future__ import annotations

import re
import zlib

from tasks.errors import DocumentError
from tasks.read.warc.headers import HttpHead

MOST_BYTES = 20 * 1024 * 1024  # of a page, decoded; the same as of a file (tasks.read.document)
STEP = 1 << 16  # bytes that are fed to a decoder at once
GZIP_MAGIC = b"\x1f\x8b"
CHUNK_LINE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
LINE_END = re.compile(rb"\r?\n")
# What crawlers write that store the body decoded but keep the header: such a body begins like a page.
PAGE_START = re.compile(rb"\s{0,1000}(?:\xef\xbb\xbf)?\s{0,1000}<[!?a-zA-Z]")


def decoded_body(head: HttpHead, wire: bytes) -> bytes:
    """The body as its author wrote it.

    Raises `DocumentError`: `too_large` beyond the limit, `broken_coding`, `unsupported_coding`.
    """
    if "chunked" in head.fields.get("transfer-encoding", "").lower():
        wire = _unchunked(wire)
    told = head.fields.get("content-encoding", "").lower()
    codings = [name for part in told.split(",") if (name := part.strip()) not in {"", "identity"}]
    if not codings or PAGE_START.match(wire):
        return _within(wire)
    if len(codings) > 1:
        raise _unsupported(f"several codings, one upon the other ({told[:80]})")
    return _decoded(codings[0], wire)


def _decoded(coding: str, wire: bytes) -> bytes:
    if coding in {"gzip", "x-gzip"}:
        return _gunzipped(wire) if wire.startswith(GZIP_MAGIC) else _within(wire)
    if coding == "deflate":
        return _inflated(wire)
    if coding == "br":
        return _unbrotlied(wire)
    raise _unsupported(f"the coding {coding[:40]!r}")


def _within(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise too_large()
    return data


def too_large() -> DocumentError:
    """The page is beyond the limit."""
    limit = MOST_BYTES // (1024 * 1024)
    return DocumentError(f"Decoded, the page has more than {limit} MB, the limit.", reason="too_large")


def _unsupported(what: str) -> DocumentError:
    return DocumentError(f"The page is in {what}, which is not read.", reason="unsupported_coding")


def _broken(coding: str) -> DocumentError:
    return DocumentError(
        f"The page is said to be {coding}, and is not, or only in part.", reason="broken_coding"
    )


def _unchunked(wire: bytes) -> bytes:
    """The chunks put together; the body as it is where a crawler took the chunks off but kept the header."""
    parts: list[bytes] = []
    at = 0
    while (line := CHUNK_LINE.match(wire, at)) is not None:
        size = int(line[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(wire[line.end() : line.end() + size])
        at = line.end() + size
        end = LINE_END.match(wire, at)
        if end is None:
            break
        at = end.end()
    if not parts:
        return wire
    raise _broken("in chunks")


def _gunzipped(wire: bytes) -> bytes:
    """All members of a gzip body, as browsers read it."""
    found = bytearray()
    while wire.startswith(GZIP_MAGIC):
        wire = _one_stream(wire, zlib.MAX_WBITS | 16, found, "gzip")
    return bytes(found)


def _inflated(wire: bytes) -> bytes:
    """`deflate`: in zlib's wrapper as the standard says, or bare as some servers send it."""
    is_wrapped = len(wire) > 1 and wire[0] & 15 == 8 and int.from_bytes(wire[:2], "big") % 31 == 0
    found = bytearray()
    _one_stream(wire, zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS, found, "deflate")
    return bytes(found)


def _one_stream(wire: bytes, window: int, found: bytearray, coding: str) -> bytes:
    """Add one stream's content to what was found; what lies behind it is returned."""
    decoder = zlib.decompressobj(window)
    data = wire
    try:
        while not decoder.eof and data:
            found += decoder.decompress(data, STEP)
            data = decoder.unconsumed_tail
            if len(found) > MOST_BYTES:
                raise too_large()
    except zlib.error as error:
        raise _broken(coding) from error
    if not decoder.eof:
        raise _broken(coding)
    return decoder.unused_data


def _unbrotlied(wire: bytes) -> bytes:
    import brotli

    decoder = brotli.Decompressor()
    found = bytearray()
    try:
        found += decoder.process(wire, output_buffer_limit=STEP)
        while not decoder.is_finished() and not decoder.can_accept_more_data():
            found += decoder.process(b"", output_buffer_limit=STEP)
            if len(found) > MOST_BYTES:
                raise too_large()
    except brotli.error as error:
        raise _broken("brotli") from error
    if not decoder.is_finished():
        raise _broken("brotli")
    return bytes(found)
