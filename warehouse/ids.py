"""Ids that are functions of content: the same thing has the same id in every run, batch and warehouse."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Final

SEPARATOR: Final = "\x1f"  # ASCII unit separator: stands in no natural key
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def stable_id(*parts: str) -> uuid.UUID:
    r"""The first 16 bytes of sha256 of the parts joined by "\x1f".

    SQL says the same: `(sha256(concat_ws(chr(31), a, b))[:32])::UUID`.
    """
    content = storable(SEPARATOR.join(parts)).encode()
    return uuid.UUID(bytes=hashlib.sha256(content).digest()[:16])


def storable(text: str) -> str:
    """The text with each lone surrogate replaced by one character, so that no offset moves.

    UTF-8 cannot hold them; an undecodable file name brings some.
    """
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
