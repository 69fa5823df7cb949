"""Bytes into text: which encoding, and what is no text at all.

Called by `document`. The order: byte order mark, UTF-8, the charset that the server or else the page
declares (WHATWG labels), UTF-8 with stray bytes of windows-1252 among it, then charset-normalizer's guess.
Valid UTF-8 goes before what is declared: no real text of another encoding looks like it, and many servers
declare wrongly.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from tasks.errors import DocumentError
from tasks.model import Form

MARKS = (  # the longer ones first: a UTF-32 mark begins with one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of what people name .txt or .html by mistake.
SIGNATURES = (
    b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90",
    b"\xd0\xcf\x11\xe0", b"{\\rtf", b"BZh9", b"7z\xbc\xaf", b"RIFF", b"\x00\x00\x00\x18ftyp", b"OggS", b"ID3",
    b"SQLite format 3", b"\xfd7zXZ", b"II*\x00", b"MM\x00*", b"PAR1",
)  # fmt: skip
# Control bytes that no text is written with; tabs, line ends, form feeds and escapes are.
CONTROLS = bytes(set(range(32)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1B}) + b"\x7f"
MAX_CONTROL_SHARE = 0.05  # of the bytes; real text with leaked NULs has far less, executables far more
# UTF-16 without a mark: at least this share of the bytes on one side of the pairs is NUL (mostly Latin text).
UTF_16_NUL_SHARE = 0.7
# Stray bytes among UTF-8 are mended up to this share of all bytes; beyond it the text is of another encoding.
MAX_STRAY_SHARE = 0.05
MAX_LOST_SHARE = 0.02  # replacement characters per character; beyond it the guessed encoding was wrong
SAMPLE = 1 << 16  # bytes that charset-normalizer sees
META_WINDOW = 4096  # bytes; browsers look at 1024, real pages often put their charset a little later

META_CHARSET = re.compile(rb"(?i)<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})")
XML_CHARSET = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([\w.:-]{2,40})")
STRAY = re.compile("[\udc80-\udcff]+")
# Anything but blanks, control characters and marks without width.
VISIBLE = re.compile("[^\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")
NON_ASCII = re.compile(r"[^\x00-\x7f]")
# Labels that WHATWG's encoding standard reads differently than their names (and Python) say.
WHATWG = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "x-cp1252": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "utf8": "utf-8",
    "x-mac-cyrillic": "mac-cyrillic", "macintosh": "mac-roman",
}  # fmt: skip
# Python codecs that are no charsets of pages.
NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined"})
# Encodings of seven bits, told by escapes from plain ASCII (and so valid UTF-8 that means something else).
ESCAPING = frozenset({"iso2022_jp", "hz"})
ESCAPE = re.compile(rb"\x1b[$(]|~\{")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and the encoding by which it was read."""

    text: str
    encoding: str


def decode(data: bytes, form: Form = "text", label: str | None = None) -> Decoded:
    """The text that the bytes hold; raises `DocumentError` (`binary`, `undecodable`).

    `label` is the charset that the server named.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _whole(data[len(mark) :], encoding)
    if unmarked := _unmarked_utf_16(data):
        return _whole(data, unmarked)
    refuse_binary(data)
    declared = known_charset(label)
    if form == "html" and declared in {None, "utf-8"}:
        declared = declared_charset(data)
    if declared and declared in ESCAPING and ESCAPE.search(data):
        return _whole(data, declared)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _legacy(data, declared)


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen in a text."""
    return VISIBLE.search(text) is None


def refuse_binary(data: bytes) -> None:
    """Raises `DocumentError` (`binary`) where the bytes are plainly no text."""
    share = (len(data) - len(data.translate(None, CONTROLS))) / max(len(data), 1)
    if data.startswith(SIGNATURES) or share > MAX_CONTROL_SHARE:
        raise DocumentError("This is binary data, not text.", reason="binary")


def _unmarked_utf_16(data: bytes) -> str | None:
    """UTF-16 shows by the NULs on one side of its byte pairs."""
    head = data[:SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nuls, others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if len(head) >= 4 and nuls > UTF_16_NUL_SHARE * (len(head) // 2) and not others:
            return encoding
    return None


def _whole(data: bytes, encoding: str) -> Decoded:
    """All of it by an encoding that is sure; what is broken in it becomes U+FFFD."""
    return Decoded(data.decode(encoding, "replace"), encoding)


def _legacy(data: bytes, declared: str | None) -> Decoded:
    """Text that is not valid UTF-8."""
    if declared and declared != "utf-8":
        return _by_name(data, declared)
    return _mended(data) or _guessed(data)


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page's meta tag, else its XML declaration names; None where none is known."""
    match = META_CHARSET.search(data[:META_WINDOW]) or XML_CHARSET.match(data[:META_WINDOW])
    return known_charset(match[1].decode("ascii", "replace")) if match else None


def known_charset(label: str | None) -> str | None:
    """The encoding of a label as Python calls it; None where none is known."""
    if not label:
        return None
    label = label.strip().lower()
    try:
        known = codecs.lookup(WHATWG.get(label, label))
        "".encode(known.name)  # bytes-to-bytes codecs ("zip", "hex") refuse this
    except (LookupError, ValueError):
        return None
    return None if known.name in NO_CHARSETS else known.name


def _by_name(data: bytes, encoding: str) -> Decoded:
    if encoding == "cp1252":
        return Decoded(_windows_1252(data), "windows-1252")
    return _whole(data, encoding)


def _windows_1252(data: bytes) -> str:
    """Every byte has a reading, as in browsers: the five undefined ones are control characters."""
    return data.decode("latin-1").translate(_HIGH_CONTROLS)


_HIGH_CONTROLS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def _mended(data: bytes) -> Decoded | None:
    """UTF-8 in which some bytes are windows-1252 (pasted quotes, say): those are read as such."""
    text = data.decode("utf-8", "surrogateescape")
    strays = sum(len(run[0]) for run in STRAY.finditer(text))
    if strays > MAX_STRAY_SHARE * len(text):
        return None
    is_mixed = len(NON_ASCII.findall(text)) > strays
    mended = STRAY.sub(lambda run: _windows_1252(run[0].encode("utf-8", "surrogateescape")), text)
    return Decoded(mended, "utf-8+windows-1252" if is_mixed else "windows-1252")


def _guessed(data: bytes) -> Decoded:
    """By charset-normalizer's guess from a sample; raises `DocumentError` (`undecodable`)."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    if best is not None:
        decoded = _by_name(data, best.encoding)
        if decoded.text.count("\ufffd") <= MAX_LOST_SHARE * len(decoded.text):
            return decoded
    raise DocumentError("Its encoding could not be told: save it as UTF-8.", reason="undecodable")
