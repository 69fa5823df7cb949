"""Takes gzip off a body that is itself a compressed file (`sitemap.xml.gz`), within a bound.

Called by `read_listing`. The coding of the transfer is the fetcher's to undo.
"""

from __future__ import annotations

import zlib

from tasks.errors import DocumentError

GZIP = b"\x1f\x8b"
WITH_GZIP_HEADER = zlib.MAX_WBITS | 16
MOST_BYTES = 50 * 1024 * 1024  # of a listing; the sitemap protocol allows no more


def unpacked(body: bytes, most: int = MOST_BYTES) -> bytes:
    """The bytes, decompressed where they are gzip; of several members all are.

    What is broken off or damaged is used as far as it goes. Raises DocumentError (`too_large`,
    `bad_compression`: nothing could be decompressed, or it is gzip again).
    """
    plain = _inflated(body, most) if body.startswith(GZIP) else body
    if len(plain) > most:
        raise DocumentError(f"It has more than {most >> 20} MB, decompressed.", reason="too_large")
    if plain is not body and plain.startswith(GZIP):
        raise DocumentError("It is compressed twice.", reason="bad_compression")
    return plain


def _inflated(body: bytes, most: int) -> bytes:
    """All members, cut off one byte above the bound."""
    held = bytearray()
    while body.startswith(GZIP) and len(held) <= most:
        member = zlib.decompressobj(WITH_GZIP_HEADER)
        try:
            held += member.decompress(body, most + 1 - len(held))
        except zlib.error:
            break
        body = member.unused_data
    if not held:
        raise DocumentError("It is called gzip and cannot be decompressed.", reason="bad_compression")
    return bytes(held)
