"""A body's content coding, taken off within bounds.

httpx's own decoders have none: 3 kB of brotli become 2 GiB in one piece. Only gzip is asked for; what comes
in any other coding than gzip and deflate, or in several, is refused. Pure.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from tasks.errors import FetchError

PIECE = 1 << 16  # bytes that are decoded at once
GZIP = b"\x1f\x8b"
PLAIN = frozenset({"", "identity", "none", "utf-8", "binary", "8bit"})  # servers write all of these
BEGINNING = 1 << 20  # bytes kept of a body that is longer than it may be: nothing is read of it
MEMBERS = 1_000  # of one gzip body; some servers flush each piece as a member of its own


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one exchange: bytes on the wire, bytes decoded, seconds for all of it.

    The largest of a thousand news pages has 4 MB decoded.
    """

    wire: int = 5 * 1024 * 1024
    decoded: int = 10 * 1024 * 1024
    seconds: float = 30.0


class Decoder:
    """Takes the coding off piece by piece, and holds no more than `most` bytes.

    `is_full` tells that there was more (then only the beginning is kept), `is_damaged` that the rest is
    missing or could not be decoded. Raises FetchError (`unsupported_coding`) when made.
    """

    def __init__(self, coding: str, most: int) -> None:
        self.is_full = False
        self.is_damaged = False
        self._coding = _known(coding)
        self._most = most
        self._body = bytearray()
        self._begun = b""  # a first byte that does not tell yet what follows
        self._inflate: zlib._Decompress | None = None
        self._members = 0
        self._is_done = False

    @property
    def body(self) -> bytes:
        """What was decoded so far."""
        return bytes(self._body)

    def feed(self, data: bytes) -> None:
        """The next bytes of the wire."""
        while data and not (self.is_full or self.is_damaged or self._is_done):
            data = self._take(data)

    def end(self) -> None:
        """No more bytes come: a body of one byte is taken as it is, a stream without its end is damaged."""
        if self._inflate is not None and not self.is_full:
            self.is_damaged = True
        elif self._begun and not self._members:
            self._keep(self._begun)

    def _take(self, data: bytes) -> bytes:
        """Decode what can be decoded at once; what is left of the bytes."""
        if not self._coding:
            self._keep(data)
            return b""
        if self._inflate is None:
            data, self._begun = self._begun + data, b""
            if len(data) < len(GZIP):
                self._begun = data
                return b""
            self._inflate = self._opened(data[:2])
        if self._inflate is not None:
            return self._unpack(self._inflate, data)
        if self._members:
            self._is_done = True  # padding
        else:
            self._coding = ""  # it says that it is packed, and is not
        return data

    def _opened(self, head: bytes) -> zlib._Decompress | None:
        if self._coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS) if head == GZIP else None
        # "deflate" is zlib by the specification and raw by many servers (RFC 9110, 8.4.1.2).
        is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)

    def _unpack(self, inflate: zlib._Decompress, data: bytes) -> bytes:
        """Decode up to the end of the member, piece by piece; the bytes behind it."""
        while not self.is_full:
            try:
                piece = inflate.decompress(data, PIECE)
            except zlib.error:
                self.is_damaged = True
                break
            self._keep(piece)
            data = inflate.unconsumed_tail
            if inflate.eof:
                self._inflate = None
                self._members += 1
                self._is_done = self._coding != "gzip" or self._members >= MEMBERS
                return inflate.unused_data
            if not data and not piece:
                break
        return b""

    def _keep(self, data: bytes) -> None:
        room = self._most - len(self._body)
        self._body += data[:room]
        if len(data) > room:
            self.is_full = True
            del self._body[BEGINNING:]


def _known(coding: str) -> str:
    """`gzip`, `deflate` or nothing."""
    found = [part for part in (one.strip().lower() for one in coding.split(",")) if part not in PLAIN]
    if not found:
        return ""
    if found in (["gzip"], ["x-gzip"]):
        return "gzip"
    if found == ["deflate"]:
        return "deflate"
    raise FetchError(
        f"It is packed as {', '.join(found)[:80]!r}; only one of gzip and deflate is read.",
        reason="unsupported_coding",
    )
