"""Pages of the warehouse over HTTP, made when they are asked for: what runs in the Prefect UI link to.

`/` is the page of the latest stories, `/story/ID` and `/article/ID` are single ones: the same pages that
`onrecord report` writes into files. Read-only; `onrecord serve` starts it on this machine alone.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

from flows.local_server import EVERY_INTERFACE
from flows.page_address import PAGES_URL, served_at
from flows.report.build import article_page, overview_page, story_page
from flows.report.page import html
from warehouse.errors import WarehouseError

OURSELVES = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_KEPT = 32  # pages, of some 100 kB each, until the warehouse is published anew


class PageServer(ThreadingHTTPServer):
    """Serves the pages of one warehouse."""

    daemon_threads = True

    def __init__(self, warehouse: Path, host: str, port: int) -> None:
        super().__init__((host, port), PageHandler)
        self.warehouse = warehouse
        self.is_for_all = f"[{host}]" not in OURSELVES and host not in OURSELVES
        self._kept: dict[str, bytes] = {}
        self._kept_of = 0  # when the file was published that the kept pages show, in nanoseconds
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Where it is reached from this machine."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def page(self, path: str) -> bytes | None:
        """The page of a path, or None where there is none. Raises WarehouseError where it cannot be made."""
        with self._lock:  # one page at a time: whoever opens ten tabs waits, the loads do not
            published = self.warehouse.stat().st_mtime_ns if self.warehouse.exists() else 0
            if published != self._kept_of or len(self._kept) >= MOST_KEPT:
                self._kept, self._kept_of = {}, published
            if path not in self._kept:
                made = made_page(self.warehouse, path)
                if made is None:
                    return None
                self._kept[path] = made.encode()
            return self._kept[path]


class PageHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and nothing else."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    server_version = "onrecord"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with the page, or with a sentence."""
        if not self._is_meant():
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, sentence("Not a name of this server."))
            return
        try:
            page = self.server.page(self.path.partition("?")[0])
        except WarehouseError as error:
            missing = error.reason in {"no_story", "no_article"}
            status = HTTPStatus.NOT_FOUND if missing else HTTPStatus.SERVICE_UNAVAILABLE
            self._answer(status, sentence(str(error)))
            return
        if page is None:
            self._answer(HTTPStatus.NOT_FOUND, sentence("There is no such page."))
        else:
            self._answer(HTTPStatus.OK, page)

    do_HEAD = do_GET  # noqa: N815

    def _is_meant(self) -> bool:
        """Whether it is us who are asked: a foreign name that leads here is a trick (DNS rebinding)."""
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        return self.server.is_for_all or name in OURSELVES

    def _answer(self, status: HTTPStatus, page: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: who looks at a page is nobody's news."""


def made_page(warehouse: Path, path: str) -> str | None:
    """The page of a path; None where there is none. Raises WarehouseError where there is no warehouse."""
    now = datetime.now(UTC).replace(tzinfo=None)
    match path.strip("/").split("/"):
        case [""]:
            return html(overview_page(warehouse, now))
        case ["story", identity] if is_id(identity):
            return html(story_page(warehouse, identity, now))
        case ["article", identity] if is_id(identity):
            return html(article_page(warehouse, identity, now))
        case _:
            return None


def is_id(text: str) -> bool:
    """Whether it is a whole id of ours."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def sentence(text: str) -> bytes:
    """A page with one sentence."""
    return f'<!doctype html><meta charset="utf-8"><title>onrecord</title><p>{escape(text)}</p>'.encode()


@contextmanager
def pages_for_runs(warehouse: Path, host: str, port: int) -> Iterator[str]:
    """Serve the pages until the block ends, and let runs that begin meanwhile link to them; their address.

    On any free port where `port` is taken. Where the environment says already at which address they are to be
    seen (behind a proxy, say), runs link to that.
    """
    server = started(warehouse, host, port)
    address = served_at() or f"http://{name_of(host)}:{server.server_address[1]}/"
    before, os.environ[PAGES_URL] = os.environ.get(PAGES_URL), address
    try:
        yield address
    finally:
        stop(server)
        if before is None:
            del os.environ[PAGES_URL]
        else:
            os.environ[PAGES_URL] = before


def name_of(host: str) -> str:
    """How others reach what listens at this host: the machine's own name where it listens everywhere."""
    return socket.gethostname() if host in EVERY_INTERFACE else host


def started(warehouse: Path, host: str, port: int) -> PageServer:
    """A server in a thread of its own, on a free port where the wanted one is taken."""
    try:
        server = PageServer(warehouse, host, port)
    except OSError:
        server = PageServer(warehouse, host, 0)
    threading.Thread(target=server.serve_forever, name="pages", daemon=True).start()
    return server


def stop(server: PageServer) -> None:
    """End a server."""
    server.shutdown()
    server.server_close()
