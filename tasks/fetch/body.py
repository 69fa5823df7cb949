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

    `is_full` tells that there was more, `is_damaged` that the rest is missing or could not be decoded.
    Raises FetchError (`unsupported_coding`) when made.
    """

    def __init__(self, coding: str, most: int) -> None:
        self.is_full = False
        self.is_damaged = False
        self._coding = _known(coding)
        self._most = most
        self._begun = b""
        self._inflate: zlib._Decompress | None = None
        self._members = 0
        self._is_done = False
        self._pieces: list[bytes] = []
        self._length = 0

    @property
    def body(self) -> bytes:
        """What was decoded so far."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> None:
        """The next bytes of the wire."""
        if self.is_full or self.is_damaged or self._is_done:
            return
        if not self._coding:
            self._keep(data)
            return
        if self._inflate is None:
            self._begun += data
            if len(self._begun) < 2:
                return
            data, self._begun = self._begun, b""
            self._inflate = self._opened(data[:2])
        if self._inflate is None:  # says it is packed, and is not
            self._coding = ""
            self._keep(data)
        else:
            self._unpack(data)

    def end(self) -> None:
        """No more bytes come: a body of one byte is taken as it is, a stream without its end is damaged."""
        if self._begun:
            self._keep(self._begun)
        elif self._inflate is not None and not self.is_full:
            self.is_damaged = True

    def _opened(self, head: bytes) -> zlib._Decompress | None:
        if self._coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS) if head == GZIP else None
        # "deflate" is zlib by the specification and raw by many servers (RFC 9110, 8.4.1.2).
        is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)

    def _unpack(self, data: bytes) -> None:
        while self._inflate is not None and not self.is_full:
            try:
                piece = self._inflate.decompress(data, PIECE)
            except zlib.error:
                self.is_damaged = True
                return
            self._keep(piece)
            data = self._inflate.unconsumed_tail
            if self._inflate.eof:
                data = self._inflate.unused_data
                self._inflate = self._next_member(data)
                self._is_done = self._inflate is None
            elif not data and not piece:
                return

    def _next_member(self, rest: bytes) -> zlib._Decompress | None:
        """Several gzip members make one body; anything else behind one is padding, and ends it."""
        self._members += 1
        if self._coding == "gzip" and self._members < MEMBERS and rest.startswith(GZIP):
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        return None

    def _keep(self, data: bytes) -> None:
        room = self._most - self._length
        if len(data) > room:
            self.is_full = True
            data = data[:room]
        if data:
            self._pieces.append(data)
            self._length += len(data)


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
