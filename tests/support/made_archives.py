"""Makes WARC files as their writers do, or otherwise, and reads them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.read.discover import Discovery, discover
from tasks.read.document import read_document
from tests.support.exchanges import page

HTML = "text/html; charset=utf-8"


class Maker:
    """Writes a WARC file, and remembers where each record begins."""

    def __init__(self, path: Path, *, zipped: bool = True) -> None:
        self.path = path
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=zipped)
        self.starts: list[int] = []

    def add(
        self,
        url: str,
        body: bytes = b"",
        *,
        kind: str = "response",
        status: str = "200 OK",
        media: str | None = HTML,
        headers: tuple[tuple[str, str], ...] = (),
        told: dict[str, str] | None = None,
    ) -> None:
        """A record as its writer should make it."""
        self.starts.append(self.out.tell())
        lines = [*([("Content-Type", media)] if media else []), *headers]
        head = StatusAndHeaders(status, lines, protocol="HTTP/1.1") if kind != "resource" else None
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=head,
            warc_headers_dict=told or {},
            warc_content_type=media if kind == "resource" and media else "",
        )
        self.writer.write_record(record)

    def raw(self, data: bytes) -> None:
        """Whatever bytes."""
        self.starts.append(self.out.tell())
        self.out.write(data)

    def save(self, change: Callable[[bytes], bytes] = bytes) -> Path:
        """The file, changed if need be."""
        self.path.write_bytes(change(self.out.getvalue()))
        return self.path


def url_of(number: int) -> str:
    return f"https://n.example/{number}.html"


def articles(maker: Maker, count: int = 4) -> Maker:
    for number in range(count):
        maker.add(url_of(number), page(number))
    return maker


def found(path: Path) -> Discovery:
    return discover([str(path)])


def readable(discovery: Discovery) -> list[str]:
    """The addresses whose pages can be read, in order; each page is checked for its content."""
    read = [read_document(ref) for ref in discovery.refs]
    for source in read:
        number = int(source.input_id.rpartition("/")[2].removesuffix(".html"))
        assert f"Ship {number} comes home" in source.content
    return [source.input_id for source in read]


def urls(*numbers: int) -> list[str]:
    return [url_of(number) for number in numbers]
