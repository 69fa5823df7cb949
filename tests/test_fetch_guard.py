"""Nothing but public addresses is connected to, however an address is written and wherever it comes from."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import httpcore
import pytest

from tasks.errors import FetchError, UsageError
from tasks.fetch.dialer import GuardedDialer
from tasks.fetch.guard import Guard, guard_of
from tests.support.fetching import LOOPBACK, Kept, a_client, a_fetcher
from tests.support.site import Answer, Site, redirect
from tests.support.warped import warped

ROOT = Path(__file__).resolve().parent.parent
NOBODY = guard_of("")

# Every one of them leads to this machine, to a network of one's own, or to no place on the web.
HOSTILE = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.255.255.254:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://127。0。0。1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http:127.0.0.1:{port}/",
    "http:////127.0.0.1:{port}/",
    "http://\t127.0.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd12:3456:789a::1]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://[100::1]:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://192.168.1.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://100.64.0.1:{port}/",
    "http://192.0.0.192:{port}/",
    "http://192.0.2.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://192.88.99.1:{port}/",
    "http://user:secret@127.0.0.1:{port}/",
    "http://example.org@127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "unix:///var/run/docker.sock",
    "data:text/html,<p>hello",
    "//127.0.0.1:{port}/",
]
REFUSALS = {"blocked_address", "bad_address", "name_not_found"}


def test_there_are_enough_hostile_forms() -> None:
    assert len(set(HOSTILE)) >= 40


def test_none_of_them_is_connected_to() -> None:
    async def asked() -> tuple[list[str], int]:
        reasons = []
        async with Site() as site, a_client(NOBODY) as client:
            site.hosts[0].pages["/"] = Answer(b"secret")
            for form in HOSTILE:
                with pytest.raises(FetchError) as refused:
                    await client.get(form.format(port=site.hosts[0].port))
                reasons.append(refused.value.reason)
            return reasons, len(site.log)

    reasons, requests = asyncio.run(asked())
    assert requests == 0
    assert set(reasons) <= REFUSALS
    assert reasons.count("blocked_address") > 40


def test_redirects_to_them_are_not_followed() -> None:
    kept = Kept()

    async def asked() -> list[str]:
        async with Site(2) as site:
            public, private = site.hosts
            private.pages["/"] = Answer(b"secret")
            guard = Guard(frozenset({public.name}))
            forms = [form.format(port=private.port) for form in HOSTILE if "@" not in form]
            async with a_fetcher(kept, guard=guard) as fetcher:
                for number, form in enumerate(forms):
                    public.pages[f"/{number}"] = redirect(form.replace("\\", "/").replace("\t", ""))
                    await fetcher.get(public.url(f"/{number}"))
            assert private.log == []
            return forms

    forms = warped(asked())
    refused = [one for one in kept.attempts if one.outcome == "refused" and one.kind == "page"]
    assert len(refused) + sum(one.reason == "name_not_found" for one in kept.attempts) >= len(forms) - 3


class Resolver:
    """Gives a public address when it is first asked, and this machine's the second time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, *_: object) -> list[str]:
        """The next answer; the last for ever."""
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


class Network(httpcore.AsyncNetworkBackend):
    """Remembers which address it was to connect to, and connects to none."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        """Note it and fail."""
        self.dialled.append(host)
        raise httpcore.ConnectError


def dialled(guard: Guard, resolver: Resolver, times: int = 1) -> tuple[list[str], list[str]]:
    """The addresses that were dialled for a name, and the reasons why others were not."""
    network, reasons = Network(), []

    async def dial() -> None:
        dialer = GuardedDialer(guard, resolver, network)
        for _ in range(times):
            try:
                await dialer.connect_tcp("news.example", 443)
            except FetchError as error:
                reasons.append(error.reason)
            except httpcore.ConnectError:
                pass

    asyncio.run(dial())
    return network.dialled, reasons


def test_the_address_that_was_checked_is_the_one_that_is_dialled() -> None:
    resolver = Resolver(["93.184.215.14"], ["127.0.0.1"])
    assert dialled(NOBODY, resolver) == (["93.184.215.14"], [])
    assert resolver.asked == 1  # a second answer would have been another


def test_a_name_that_leads_elsewhere_the_second_time_is_refused_then() -> None:
    resolver = Resolver(["93.184.215.14"], ["127.0.0.1"])
    assert dialled(NOBODY, resolver, times=2) == (["93.184.215.14"], ["blocked_address"])


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    assert dialled(NOBODY, Resolver(["93.184.215.14", "10.0.0.7"])) == ([], ["blocked_address"])


def test_the_client_dials_through_the_guard() -> None:
    # httpx has no public way to bring a network of one's own: this fails when its private one moves.
    async def asked() -> str:
        async with Site() as site, a_client(NOBODY, Resolver(["127.0.0.1"])) as client:
            with pytest.raises(FetchError) as refused:
                await client.get(f"http://news.example:{site.hosts[0].port}/")
            assert site.log == []
            return refused.value.reason

    assert warped(asked()) == "blocked_address"


def test_the_answer_says_which_address_was_dialled() -> None:
    async def asked() -> str | None:
        async with Site() as site, a_client(LOOPBACK, Resolver(["127.0.0.1"])) as client:
            site.hosts[0].pages["/"] = Answer(b"hello")
            return (await client.get(f"http://news.example:{site.hosts[0].port}/")).ip_address

    assert warped(asked()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("allowed", "name", "port", "address", "passes"),
    [
        ("127.0.0.0/8", "127.0.0.1", 80, "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", 80, "127.0.0.1", True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1", True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, "127.0.0.1", False),
        ("intranet.example", "intranet.example", 80, "10.0.0.1", True),
        ("intranet.example", "other.example", 80, "10.0.0.1", False),
        ("[::1]:8080", "[::1]", 8080, "::1", True),
        ("10.0.0.0/8, 192.168.0.0/16", "x.example", 80, "192.168.3.4", True),
        ("", "x.example", 80, "93.184.215.14", True),
        ("10.0.0.0/8", "x.example", 80, "127.0.0.1", False),
    ],
)
def test_the_allow_list_lets_through_what_it_names(
    allowed: str, name: str, port: int, address: str, passes: bool
) -> None:
    guard = guard_of(allowed)
    if passes:
        assert guard.vetted(name, port, [address]) == [address]
    else:
        with pytest.raises(FetchError, match="no public address"):
            guard.vetted(name, port, [address])


@pytest.mark.parametrize("written", ["10.0.0.0/99", "a host"])
def test_an_allow_list_that_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="ONRECORD_FETCH_ALLOW"):
        guard_of(written)


def test_httpx_is_imported_in_one_module() -> None:
    knowing = [
        path.relative_to(ROOT).as_posix()
        for floor in ("flows", "tasks", "warehouse")
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "httpx" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "httpx")
    ]
    # The other names the errors of Prefect's client, and no more.
    assert knowing == ["flows/server_errors.py", "tasks/fetch/client.py"]
    assert "import httpx" not in (ROOT / "flows/server_errors.py").read_text("utf-8")
