"""One exchange: bounded in bytes, in memory and in time, whatever the other side does."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from tasks.errors import FetchError
from tasks.fetch.body import Decoder, Limits
from tasks.web import Exchange
from tests.support.fetching import AGENT, a_client
from tests.support.site import Answer, Site, packed, zip_bomb
from tests.support.tls import made_certificate
from tests.support.warped import warped

PAGE = "<p>Der Außenminister sagte: „Ja.“</p>".encode() * 50
MB = 1 << 20


def exchange(answer: Answer, limits: Limits | None = None) -> tuple[Exchange, float]:
    """The exchange with a host that answers so, and the seconds that it took."""

    async def asked() -> tuple[Exchange, float]:
        async with Site() as site, a_client() as client:
            site.hosts[0].pages["/"] = answer
            found = await client.get(site.hosts[0].url(), limits=limits or Limits())
            return found, asyncio.get_running_loop().time()

    return warped(asked())


def refusal(answer: Answer, limits: Limits | None = None) -> str:
    """The reason why there is no exchange."""
    with pytest.raises(FetchError) as refused:
        exchange(answer, limits)
    assert refused.value.message.endswith(".")
    return refused.value.reason


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate"])
def test_what_is_packed_is_read_and_kept_as_it_came(coding: str) -> None:
    found, _ = exchange(packed(PAGE, coding))
    assert (found.body, found.truncated) == (PAGE, None)
    assert found.wire_body == packed(PAGE, coding).body


def test_all_of_an_exchange_is_told() -> None:
    found, _ = exchange(Answer(PAGE, 404, (("X-Thing", "one"), ("Set-Cookie", "a=b"))))
    assert (found.status, found.body, found.ip_address, found.method) == (404, PAGE, "127.0.0.1", "GET")
    assert ("X-Thing", "one") in found.response_headers
    sent = dict(found.request_headers)
    assert sent["User-Agent"] == AGENT
    assert sent["Accept-Encoding"] == "gzip"


def test_what_says_it_is_packed_and_is_not_is_read_as_it_is() -> None:
    assert exchange(Answer(PAGE, headers=(("Content-Encoding", "gzip"),)))[0].body == PAGE


def test_several_gzip_members_are_one_body() -> None:
    twice = packed(PAGE).body * 2
    assert exchange(Answer(twice, headers=(("Content-Encoding", "gzip"),)))[0].body == PAGE * 2


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100])
def test_members_may_be_cut_anywhere(piece: int) -> None:
    decoder = Decoder("gzip", 10 * MB)
    wire = packed(b"one ").body + packed(b"two").body + bytes(9)
    for at in range(0, len(wire), piece):
        decoder.feed(wire[at : at + piece])
    decoder.end()
    assert (decoder.body, decoder.is_damaged, decoder.is_full) == (b"one two", False, False)


def test_padding_behind_a_packed_body_is_no_part_of_it() -> None:
    padded = packed(PAGE).body + bytes(512)
    found, _ = exchange(Answer(padded, headers=(("Content-Encoding", "gzip"),)))
    assert (found.body, found.truncated) == (PAGE, None)


def test_half_a_packed_body_is_half_a_body() -> None:
    half = packed(PAGE).body[:60]
    found, _ = exchange(Answer(half, headers=(("Content-Encoding", "gzip"),)))
    assert found.truncated == "disconnect"
    assert PAGE.startswith(found.body)
    assert found.body


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip, br", "compress", "exotic"])
def test_codings_that_have_no_bound_are_refused(coding: str) -> None:
    assert refusal(Answer(PAGE, headers=(("Content-Encoding", coding),))) == "unsupported_coding"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_ends_at_the_limit(coding: str) -> None:
    bomb = zip_bomb(coding)
    assert len(bomb.body) < 2 * MB
    tracemalloc.start()
    found, seconds = exchange(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.truncated, len(found.body)) == ("length", MB)  # its beginning
    assert peak < 100 * MB
    assert seconds < Limits().seconds


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
def test_a_bomb_of_another_coding_is_not_opened(coding: str) -> None:
    assert refusal(zip_bomb(coding)) == "unsupported_coding"


def test_an_endless_body_ends_at_the_limit() -> None:
    found, _ = exchange(Answer(bytes(1 << 16), endless=True))
    assert (found.truncated, len(found.wire_body)) == ("length", Limits().wire)


def test_one_byte_a_second_ends_at_the_deadline() -> None:
    found, seconds = exchange(Answer(PAGE, piece=1, drip=1.0))
    assert found.truncated == "time"
    assert 25 <= len(found.body) <= 31
    assert seconds == pytest.approx(Limits().seconds, abs=0.1)


def test_a_server_that_says_nothing_ends_at_the_deadline() -> None:
    assert refusal(Answer(PAGE, pause=3600)) == "timeout"


def test_a_head_of_one_byte_a_second_ends_at_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100
    assert refusal(Answer(raw=head, piece=1, drip=1.0)) == "timeout"


def test_a_body_that_breaks_off_is_kept_and_marked() -> None:
    found, _ = exchange(Answer(PAGE, cut=100))
    assert (found.body, found.truncated) == (PAGE[:100], "disconnect")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"220 smtp.example ESMTP\r\n", "protocol_error"),
        (b"HTTP/9.9 what\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 300_000 + b"\r\n\r\n", "protocol_error"),
        (b"", "protocol_error"),
    ],
)
def test_what_is_no_http_is_refused(raw: bytes, reason: str) -> None:
    assert refusal(Answer(raw=raw)) == reason


def test_nobody_listens() -> None:
    async def asked() -> str:
        async with Site() as site:
            address = site.hosts[0].url()
        async with a_client() as client:
            with pytest.raises(FetchError) as refused:
                await client.get(address)
            return refused.value.reason

    assert warped(asked()) == "connect_failed"


def test_cookies_are_not_sent_back() -> None:
    async def asked() -> list[dict[str, str]]:
        async with Site() as site, a_client() as client:
            site.hosts[0].pages["/"] = Answer(PAGE, headers=(("Set-Cookie", "visit=1; Path=/"),))
            await client.get(site.hosts[0].url())
            await client.get(site.hosts[0].url())
            return [asked.headers for asked in site.log]

    assert all("cookie" not in headers for headers in warped(asked()))


def test_a_path_goes_over_the_wire_as_browsers_write_it() -> None:
    async def asked() -> list[str]:
        async with Site() as site, a_client() as client:
            await client.get(site.hosts[0].url("/a|b/%7Ex/ä?q=[1]&p='x'#part"))
            return site.hosts[0].paths()

    assert warped(asked()) == ["/a|b/%7Ex/%C3%A4?q=[1]&p=%27x%27"]


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert exchange(Answer(PAGE))[0].body == PAGE


# --- TLS --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed."""
    return made_certificate(tmp_path_factory.mktemp("tls"))


def served_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_signed_is_refused(certificate: Path) -> None:
    async def asked() -> tuple[str, int]:
        async with Site(trust=served_with(certificate)) as site, a_client() as client:
            with pytest.raises(FetchError) as refused:
                await client.get(site.hosts[0].url())
            return refused.value.reason, len(site.log)

    assert asyncio.run(asked()) == ("tls_failed", 0)


def test_a_certificate_that_is_trusted_is_accepted(certificate: Path) -> None:
    async def asked() -> bytes:
        trust = ssl.create_default_context(cafile=str(certificate))
        async with Site(trust=served_with(certificate)) as site, a_client(trust=trust) as client:
            site.hosts[0].pages["/"] = Answer(PAGE)
            return (await client.get(site.hosts[0].url())).body

    assert asyncio.run(asked()) == PAGE


def test_plain_words_where_tls_is_expected_are_refused() -> None:
    async def asked() -> str:
        async with Site() as site, a_client() as client:
            with pytest.raises(FetchError) as refused:
                await client.get(f"https://{site.hosts[0].name}/")
            return refused.value.reason

    assert warped(asked()) == "tls_failed"


# --- memory of a whole process -----------------------------------------------------------

BOMBED = """
import asyncio, resource
from tests.support.fetching import a_client
from tests.support.site import Answer, Site, zip_bomb
from tests.support.warped import warped
async def asked():
    async with Site() as site, a_client() as client:
        site.hosts[0].pages = {{"/": zip_bomb({coding!r}), "/first": Answer(b"x")}}
        await client.get(site.hosts[0].url("/first"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            await client.get(site.hosts[0].url())
        except Exception as error:
            assert error.reason == "unsupported_coding", error
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
warped(asked())
"""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_no_bomb_costs_a_process_a_hundred_megabytes(coding: str) -> None:
    root = Path(__file__).resolve().parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", BOMBED.format(coding=coding)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert int(ran.stdout) < 100 * 1024  # kilobytes on Linux
