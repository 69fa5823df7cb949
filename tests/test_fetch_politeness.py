"""Politeness, as the other side sees it: delays, robots.txt, Retry-After, back-off, redirects, retries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tasks.fetch.attempt import Validators, body_digest
from tasks.fetch.choose import Wanted
from tasks.fetch.fetcher import PATIENCE, Fetched
from tasks.fetch.politeness import DELAY, HostState, Turns, after_answer, after_trouble
from tasks.fetch.retry_after import LONGEST, retry_after
from tasks.fetch.robots import robots_of
from tasks.fetch.web import fetch_queue
from tasks.web import Candidate
from tests.support.fetching import Kept, a_fetcher, gaps, without_robots
from tests.support.site import Answer, Handler, Site, busy, conditional, in_turn, redirect, text
from tests.support.warped import START, warped

PAGE = Answer(b"<p>hello</p>")
DAY = 24 * 3600.0


def fetch(
    *pages: tuple[str, Answer | Handler], ask: list[str], turns: Turns | None = None
) -> tuple[Site, Kept]:
    """Ask one host for several paths, one after the other."""
    kept = Kept()

    async def asked() -> Site:
        async with Site() as site, a_fetcher(kept, turns=turns) as fetcher:
            site.hosts[0].pages.update(pages)
            for path in ask:
                await fetcher.get(site.hosts[0].url(path))
            return site

    return warped(asked()), kept


# --- delays -----------------------------------------------------------------------------


def test_two_requests_to_a_host_are_a_delay_apart() -> None:
    site, _ = fetch(("/a", PAGE), ask=["/a"] * 5)
    assert len(site.log) == 6  # robots.txt is a request, too
    assert min(gaps(site.hosts[0].times())) >= DELAY


def test_many_at_once_are_a_delay_apart_all_the_same() -> None:
    async def asked() -> Site:
        async with Site() as site, a_fetcher() as fetcher:
            site.hosts[0].pages["/a"] = PAGE
            await asyncio.gather(*(fetcher.get(site.hosts[0].url("/a")) for _ in range(6)))
            return site

    site = warped(asked())
    assert len(site.log) == 7
    assert min(gaps(site.hosts[0].times())) >= DELAY


def test_the_delay_counts_from_the_end_of_a_slow_answer() -> None:
    slow = Answer(b"x" * 10, piece=1, drip=1.0)
    site, _ = fetch(("/slow", slow), ("/a", PAGE), ask=["/slow", "/a"])
    assert gaps(site.hosts[0].times())[-1] >= 9 + DELAY  # the first of ten bytes comes at once


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 7.0),
        ("User-agent: onrecord\nCrawl-delay: 11\n\nUser-agent: *\nCrawl-delay: 1\n", 11.0),
        ("User-agent: *\nCrawl-delay: 0.1\n", DELAY),
        ("User-agent: *\nRequest-rate: 1/9\n", 9.0),
        ("User-agent: *\nCrawl-delay: 86400\n", 120.0),
    ],
)
def test_a_crawl_delay_is_kept_from_robots_txt_on(robots: str, delay: float) -> None:
    site, _ = fetch(("/robots.txt", text(robots)), ("/a", PAGE), ask=["/a"] * 3)
    assert min(gaps(site.hosts[0].times())) >= delay
    assert max(gaps(site.hosts[0].times())) < delay + 1


def test_a_person_may_set_a_delay_for_all_and_for_one_host() -> None:
    site, _ = fetch(("/a", PAGE), ask=["/a"] * 3, turns=Turns(delay=0.5))
    assert gaps(site.hosts[0].times()) == pytest.approx([0.5, 0.5, 0.5], abs=0.01)


def test_a_host_with_slots_is_asked_several_at_a_time_a_delay_apart() -> None:
    async def asked() -> tuple[list[float], float]:
        async with Site() as site, a_fetcher(turns=Turns(delay=1.0)) as fetcher:
            host = site.hosts[0]
            fetcher.turns.slots = {host.name: 3}
            host.pages["/slow"] = Answer(b"x" * 6, piece=1, drip=1.0)
            queue = [Wanted(Candidate(host.url("/slow"), "feed")) for _ in range(9)]
            pages = await fetch_queue(fetcher, host.name, queue, lambda _: None)
            assert [page.attempt.outcome for page in pages] == ["fetched"] * 9
            return host.times(), asyncio.get_running_loop().time()

    times, end = warped(asked())
    assert min(gaps(times)) >= 1.0
    assert end < 9 * 6  # as one after the other would have taken


def test_hosts_are_asked_at_the_same_time() -> None:
    hosts, pages = 200, 50

    async def asked() -> Site:
        async with Site(hosts) as site, a_fetcher() as fetcher:
            for host in site.hosts:
                host.pages["/a"] = PAGE

            async def all_of(number: int) -> None:
                for _ in range(pages):
                    await fetcher.get(site.hosts[number].url("/a"))

            await asyncio.gather(*(all_of(number) for number in range(hosts)))
            return site

    site = warped(asked())
    assert len(site.log) == hosts * (pages + 1)
    assert all(min(gaps(host.times())) >= DELAY for host in site.hosts)
    # One after the other they would take 200 times as long; together, as long as one.
    assert max(asked.at for asked in site.log) < (pages + 1) * DELAY * 1.1


# --- robots.txt -------------------------------------------------------------------------


def test_robots_txt_is_asked_for_once_and_first() -> None:
    site, _ = fetch(("/a", PAGE), ("/b", PAGE), ask=["/a", "/b", "/a"])
    assert site.hosts[0].paths() == ["/robots.txt", "/a", "/b", "/a"]


def test_robots_txt_is_asked_for_again_after_a_day_not_before() -> None:
    async def asked() -> list[str]:
        async with Site() as site, a_fetcher() as fetcher:
            site.hosts[0].pages["/a"] = PAGE
            for pause in (0.0, DAY * 0.9, DAY * 0.2):
                await asyncio.sleep(pause)
                await fetcher.get(site.hosts[0].url("/a"))
            return site.hosts[0].paths()

    assert warped(asked()) == ["/robots.txt", "/a", "/a", "/robots.txt", "/a"]


def test_what_is_disallowed_is_not_asked_for() -> None:
    robots = text("User-agent: *\nDisallow: /private\nAllow: /private/open\n")
    ask = ["/private/x", "/private/open", "/a", "/PRIVATE/x"]
    site, kept = fetch(("/robots.txt", robots), *((path, PAGE) for path in ask), ask=ask)
    assert without_robots(site) == ["/private/open", "/a", "/PRIVATE/x"]
    assert kept.outcomes()[0] == ("refused", "robots")


def test_rules_for_us_come_before_those_for_all() -> None:
    robots = text("User-agent: *\nDisallow: /\n\nUser-agent: OnRecord\nDisallow: /b\n")
    site, _ = fetch(("/robots.txt", robots), ("/a", PAGE), ("/b", PAGE), ask=["/a", "/b"])
    assert without_robots(site) == ["/a"]


@pytest.mark.parametrize(
    ("status", "reads"), [(404, True), (401, True), (410, True), (429, False), (500, False), (503, False)]
)
def test_a_robots_txt_that_is_not_there_opens_and_one_that_fails_closes(status: int, reads: bool) -> None:
    site, kept = fetch(("/robots.txt", text("", status)), ("/a", PAGE), ask=["/a"])
    assert without_robots(site) == (["/a"] if reads else [])
    assert reads or kept.outcomes() == [("refused", "robots_unreachable")]


def test_a_redirected_robots_txt_is_followed() -> None:
    rules = text("User-agent: *\nDisallow: /a\n")
    site, _ = fetch(("/robots.txt", redirect("/r.txt")), ("/r.txt", rules), ("/a", PAGE), ask=["/a"])
    assert "/a" not in site.hosts[0].paths()


def test_half_a_megabyte_of_robots_txt_is_read() -> None:
    rules = "User-agent: *\nDisallow: /first\n" + "# nothing\n" * 60_000 + "Disallow: /last\n"
    site, _ = fetch(("/robots.txt", text(rules)), ("/first", PAGE), ("/last", PAGE), ask=["/first", "/last"])
    assert without_robots(site) == ["/last"]


def test_where_a_redirect_leads_robots_txt_is_asked_too() -> None:
    kept = Kept()

    async def asked() -> tuple[list[str], list[str]]:
        async with Site(2) as site, a_fetcher(kept) as fetcher:
            one, other = site.hosts
            one.pages["/a"] = redirect(other.url("/private"))
            other.pages.update({"/robots.txt": text("User-agent: *\nDisallow: /private"), "/private": PAGE})
            await fetcher.get(one.url("/a"))
            return one.paths(), other.paths()

    assert warped(asked()) == (["/robots.txt", "/a"], ["/robots.txt"])
    assert kept.outcomes() == [("redirected", None), ("refused", "robots")]


# --- trouble ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", [30, START + timedelta(seconds=40)])
def test_retry_after_is_waited_for(status: int, after: object) -> None:
    later = busy(status, after)  # type: ignore[arg-type]
    site, kept = fetch(("/a", in_turn(later, PAGE)), ask=["/a"])
    assert kept.outcomes() == [("failed", f"http_{status}"), ("fetched", None)]
    assert gaps(site.hosts[0].times())[-1] >= 30
    assert gaps(site.hosts[0].times())[-1] < 45


def test_a_host_that_wants_an_hour_is_left_for_the_next_run() -> None:
    site, kept = fetch(("/a", busy(503, 3600)), ("/b", PAGE), ask=["/a", "/b"])
    assert without_robots(site) == ["/a"]
    assert kept.outcomes() == [("failed", "http_503"), ("refused", "backing_off"), ("refused", "backing_off")]


def test_trouble_doubles_the_wait() -> None:
    site, kept = fetch(("/a", text("", 500)), ask=["/a"])
    assert kept.outcomes() == [("failed", "http_500")] * 3
    assert gaps(site.hosts[0].times())[-2:] == pytest.approx([5.0, 10.0], abs=0.1)


def test_the_circuit_of_a_dead_host_opens_and_closes_again() -> None:
    down = [text("", 500)] * 5
    ask = [f"/{number}" for number in range(40)]

    async def asked() -> tuple[list[float], list[str], HostState]:
        kept = Kept()
        async with Site() as site, a_fetcher(kept) as fetcher:
            answers = in_turn(*down, PAGE)
            site.hosts[0].pages.update((path, answers) for path in ask)
            for path in ask:
                await fetcher.get(site.hosts[0].url(path))
            requests = len(site.log)
            await asyncio.sleep(3600)
            found = await fetcher.get(site.hosts[0].url("/0"))
            after = await fetcher.get(site.hosts[0].url("/1"))
            assert requests == 1 + len(down)  # robots.txt and what it failed at
            outcomes: list[str] = [found.attempt.outcome, after.attempt.outcome]
            return site.hosts[0].times(), outcomes, fetcher.turns.state(site.hosts[0].name)

    times, outcomes, state = warped(asked())
    assert outcomes == ["fetched", "fetched"]
    assert state.troubles == 0
    assert gaps(times)[-1] == pytest.approx(DELAY, abs=0.1)


def test_not_found_is_no_trouble() -> None:
    site, kept = fetch(ask=["/gone", "/gone2"])
    assert kept.outcomes() == [("failed", "http_404")] * 2
    assert max(gaps(site.hosts[0].times())) < DELAY + 0.1


def test_a_broken_answer_is_asked_for_again() -> None:
    _, kept = fetch(("/a", in_turn(Answer(b"x" * 100, cut=10), PAGE)), ask=["/a"])
    assert kept.outcomes() == [("failed", "truncated"), ("fetched", None)]


def test_what_is_too_long_is_not_asked_for_again() -> None:
    _, kept = fetch(("/a", Answer(bytes(6 << 20))), ask=["/a"])
    assert kept.outcomes() == [("failed", "too_large")]


# --- redirects --------------------------------------------------------------------------


def test_redirects_are_followed_five_times() -> None:
    chain = [(f"/{number}", redirect(f"/{number + 1}", 301 + number % 2)) for number in range(5)]
    _, kept = fetch(*chain, ("/5", PAGE), ask=["/0"])
    assert kept.outcomes() == [("redirected", None)] * 5 + [("fetched", None)]
    assert kept.attempts[-1].url.endswith("/0")
    assert kept.attempts[-1].final_url.endswith("/5")


def test_a_sixth_redirect_is_too_much() -> None:
    chain = [(f"/{number}", redirect(f"/{number + 1}")) for number in range(9)]
    _, kept = fetch(*chain, ask=["/0"])
    assert kept.outcomes()[-1] == ("refused", "too_many_redirects")


def test_a_circle_is_left() -> None:
    site, kept = fetch(("/a", redirect("/b")), ("/b", redirect("/a")), ask=["/a"])
    assert without_robots(site) == ["/a", "/b"]
    assert kept.outcomes()[-1] == ("refused", "redirect_loop")


@pytest.mark.parametrize("to", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "//user:pw@x/"])
def test_a_redirect_to_no_page_is_refused(to: str) -> None:
    _, kept = fetch(("/a", redirect(to)), ask=["/a"])
    assert kept.outcomes() == [("redirected", None), ("refused", "bad_address")]


# --- what we have already -----------------------------------------------------------------


def again(
    page: Answer | Handler, pause: float, changed: Answer | None = None
) -> tuple[Fetched, list[dict[str, str]]]:
    """Fetch a page, and again after a pause with what was learned."""

    async def asked() -> tuple[Fetched, list[dict[str, str]]]:
        async with Site() as site, a_fetcher() as fetcher:
            site.hosts[0].pages["/a"] = page
            first = (await fetcher.get(site.hosts[0].url("/a"))).attempt
            known = Validators(first.etag, first.last_modified, first.digest, first.started_at)
            await asyncio.sleep(pause)
            site.hosts[0].pages["/a"] = changed or page
            found = await fetcher.get(site.hosts[0].url("/a"), known=known)
            return found, [asked.headers for asked in site.log if asked.path == "/a"]

    return warped(asked())


def test_what_has_not_changed_is_not_sent_again() -> None:
    found, headers = again(conditional(PAGE), 3600)
    assert (found.attempt.outcome, found.attempt.status) == ("not modified", 304)
    assert "if-none-match" not in headers[0]
    assert "if-none-match" in headers[1]


def test_what_is_sent_again_and_is_the_same_is_known_by_its_digest() -> None:
    found, _ = again(PAGE, 3600)
    assert (found.attempt.outcome, found.attempt.reason) == ("not modified", "same_content")
    assert found.attempt.digest == body_digest(PAGE.body)


def test_what_has_changed_is_fetched() -> None:
    assert again(conditional(PAGE), 3600, Answer(b"<p>other</p>"))[0].is_new


def test_a_server_that_never_changes_its_etag_is_asked_for_the_whole_once_a_day() -> None:
    _, headers = again(conditional(PAGE), DAY + 1)
    assert "if-none-match" not in headers[1]


# --- pure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 02 Mar 2026 08:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 09:00:00 +0100", 0.0),
        ("Mon, 02 Mar 2020 08:01:00 GMT", 0.0),
        ("99999999999999", LONGEST),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("Mon, 99 Foo 2026 08:01:00 GMT", None),
    ],
)
def test_retry_after_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, START) == seconds


def test_back_off_doubles_up_to_a_day_and_an_answer_ends_it() -> None:
    state = HostState("x")
    waits = []
    for _ in range(30):
        state = after_trouble(state, START, 2.0, "timeout", None)
        assert state.next_at is not None
        waits.append((state.next_at - START).total_seconds())
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == DAY
    assert state.is_open
    assert not after_answer(state, START, 2.0).is_open


def test_patience_is_longer_than_the_usual_delay() -> None:
    assert PATIENCE > 10 * DELAY


def test_nonsense_in_robots_txt_allows() -> None:
    for body in (b"\xff\xfe\x00nonsense", b"<html>404</html>", b"\x00" * 1000, b"Disallow: /a"):
        robots_of("http://x", 200, body, START).refuse("http://x/a")
