"""When a host may be asked again: one request at a time, a delay between two, more after trouble.

`HostState` and the functions on it are pure; `Turns` holds those of all hosts of a run, for one
event loop. A host is name and port.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

DELAY = 2.0  # seconds between two requests to a host that asks for nothing else
FIRST_BACK_OFF = 5.0  # seconds after the first trouble; doubled each time
LONGEST_BACK_OFF = 24 * 3600.0  # seconds; a host that is gone is asked once a day
TROUBLES_THAT_OPEN = 3  # in a row; then nothing is asked until the back-off is over, and then once
BUSY_SECONDS = 0.2  # until a host that another worker is asking is looked at again


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of a host from run to run. `troubles` are those in a row; moments are naive UTC."""

    host: str
    next_at: datetime | None = None
    troubles: int = 0
    last_trouble: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether its circuit is open: it is left alone until `next_at`, then asked once."""
        return self.troubles >= TROUBLES_THAT_OPEN


def after_answer(state: HostState, now: datetime, delay: float) -> HostState:
    """It answered: the circuit closes, and the delay holds from now."""
    return replace(state, next_at=now + timedelta(seconds=delay), troubles=0, last_trouble=None)


def after_trouble(
    state: HostState, now: datetime, delay: float, reason: str, asked: float | None
) -> HostState:
    """It did not, or said that it is too much; `asked` are the seconds of its Retry-After."""
    doubled = FIRST_BACK_OFF * 2.0 ** min(state.troubles, 20)
    wait = max(delay, min(doubled, LONGEST_BACK_OFF) if asked is None else asked)
    return replace(
        state, next_at=now + timedelta(seconds=wait), troubles=state.troubles + 1, last_trouble=reason
    )


@dataclass(slots=True)
class Turns:
    """Who may ask which host when.

    `delays` (seconds) and `slots` (requests at a time; elsewhere one) are those that a person set for hosts.
    """

    delay: float = DELAY
    delays: Mapping[str, float] = field(default_factory=dict)
    slots: Mapping[str, int] = field(default_factory=dict)
    _states: dict[str, HostState] = field(default_factory=dict)
    _asked_for: dict[str, float] = field(default_factory=dict)
    _busy: Counter[str] = field(default_factory=Counter)

    def remember(self, states: Iterable[HostState]) -> None:
        """What earlier runs knew."""
        self._states.update((state.host, state) for state in states)

    def state(self, host: str) -> HostState:
        """What is known of a host now."""
        return self._states.get(host) or HostState(host)

    def states(self) -> list[HostState]:
        """Every host of the run."""
        return list(self._states.values())

    def ask_for(self, host: str, delay: float) -> None:
        """What a host's robots.txt asks for; a person's setting does not go below it."""
        before = self.delay_of(host)
        self._asked_for[host] = delay
        more = self.delay_of(host) - before
        if more > 0 and (next_at := self.state(host).next_at):  # robots.txt itself was a request, too
            self._states[host] = replace(self.state(host), next_at=next_at + timedelta(seconds=more))

    def delay_of(self, host: str) -> float:
        """Seconds between two requests to a host."""
        return max(self.delays.get(host, self.delay), self._asked_for.get(host, 0.0))

    def wait(self, host: str, now: datetime) -> float:
        """0 where it is one's turn, which is then taken until it is given back; else the seconds to wait."""
        if self._busy[host] >= self.slots.get(host, 1):
            return BUSY_SECONDS
        next_at = self.state(host).next_at
        if next_at is not None and next_at > now:
            return (next_at - now).total_seconds()
        self._busy[host] += 1
        if host in self.slots:  # the next may begin before this one ends
            self._states[host] = replace(
                self.state(host), next_at=now + timedelta(seconds=self.delay_of(host))
            )
        return 0.0

    def answered(self, host: str, now: datetime) -> None:
        """Give the turn back after an answer."""
        self._busy[host] -= 1
        state = self.state(host)
        if self.slots.get(host, 1) == 1:
            self._states[host] = after_answer(state, now, self.delay_of(host))
        elif state.troubles:
            self._states[host] = replace(state, troubles=0, last_trouble=None)

    def troubled(self, host: str, now: datetime, reason: str, asked: float | None = None) -> None:
        """Give the turn back after trouble."""
        self._busy[host] -= 1
        state = self.state(host)
        self._states[host] = after_trouble(state, now, self.delay_of(host), reason, asked)

    def given_back(self, host: str) -> None:
        """Give a turn back in which nothing was asked."""
        self._busy[host] -= 1
