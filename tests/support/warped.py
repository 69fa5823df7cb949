"""An event loop whose time jumps: where nothing is left to do but to wait, the wait is over at once.

Client and test site live in one such loop, so that deadlines, delays and a server of one byte a second are
tested to the second, and no test sleeps.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC).replace(tzinfo=None)
GRACE = 0.002  # seconds of real time for the kernel to bring what was sent; on loopback it is there at once


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing that only time would bring."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        found = super().select(GRACE if timeout is not None else None)
        if not found and timeout is not None:
            self.elapsed += timeout
        return found


class WarpedLoop(asyncio.SelectorEventLoop):
    """Its time is what was waited for, and nothing else."""

    def __init__(self) -> None:
        self.jumping = _JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Seconds that were waited for."""
        return self.jumping.elapsed


class WarpedClock:
    """The time of the loop that runs."""

    def now(self) -> datetime:
        """Naive UTC."""
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    async def sleep(self, seconds: float) -> None:
        """Jump."""
        await asyncio.sleep(seconds)


def warped(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in such a loop."""
    with asyncio.Runner(loop_factory=WarpedLoop) as runner:
        return runner.run(work)
