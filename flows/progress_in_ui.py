"""How far a run is, as an artifact of the flow run that changes while somebody looks at it.

A thread of its own sends it: what does the work never waits for the server, and says far more often how far
it is than anybody looks.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate

from flows.artifacts import told_all_the_same
from flows.markdown import whole
from flows.progress import Progress, current_progress, show_progress
from flows.server_errors import SERVER_ERRORS

PROGRESS_KEY = "progress"
SEND_SECONDS = 2.0  # the UI asks about as often
# At most some 20 times a stage, however long it takes: an update costs 20 ms, here and at the server.
SEND_PERCENT = 5.0
END_SECONDS = 10.0  # for the last update, where the server is busy


class ProgressInUI:
    """Hands on to `shown`, and keeps the artifact as it should be."""

    def __init__(self, shown: Progress, artifact: UUID) -> None:
        self.shown, self._artifact = shown, artifact
        self._lock, self._over = threading.Lock(), threading.Event()
        self._name, self._total, self._done, self._last = "", 0, 0, ""
        self._sent: tuple[str, float] | None = None
        self._thread = threading.Thread(target=self._send_now_and_then, name="progress", daemon=True)
        self._thread.start()

    def say(self, sentence: str) -> None:
        """Hand the sentence on."""
        self.shown.say(sentence)

    def stage(self, name: str, total: int) -> None:
        """Begin at nought."""
        self.shown.stage(name, total)
        with self._lock:
            self._name, self._total, self._done = name, total, 0

    def advance(self, steps: int = 1) -> None:
        """Move on."""
        self.shown.advance(steps)
        with self._lock:
            self._done += steps

    def end(self, sentence: str, *, is_whole: bool) -> None:
        """Say how it ended, and stop sending; a run that stopped stays where it was."""
        with self._lock:
            at = f" (at: {self._name}, {self._done:,} of {self._total:,})" if self._name else ""
            self._last = sentence if is_whole else f"{sentence}{at}"
            self._done = self._total = self._total or 1 if is_whole else self._done
        self._over.set()
        self._thread.join(END_SECONDS)

    def now(self) -> tuple[str, float]:
        """What to show: the stage in words, and percent of it."""
        with self._lock:
            percent = 100 * min(1.0, self._done / self._total) if self._total else 0.0
            counted = f"{self._name}: {self._done:,} of {self._total:,}" if self._name else "Starting"
            return self._last or counted, percent

    def _send_now_and_then(self) -> None:
        with get_client(sync_client=True) as client:
            is_over = False
            while not is_over:
                is_over = self._over.wait(SEND_SECONDS)
                words, percent = self.now()
                if is_over or self._is_news(words, percent):
                    self._sent = (words.partition(":")[0], percent)
                    with suppress(*SERVER_ERRORS):  # the next one may come through
                        update = ArtifactUpdate(description=whole(words), data=percent)
                        client.update_artifact(self._artifact, update)

    def _is_news(self, words: str, percent: float) -> bool:
        name, sent = self._sent or ("", 0.0)
        return words.partition(":")[0] != name or percent - sent >= SEND_PERCENT


def begin_in_ui() -> None:
    """From now on what `current_progress` is told is seen in the UI, too."""
    shown = current_progress()
    with told_all_the_same():
        artifact = cast("UUID", create_progress_artifact(0.0, PROGRESS_KEY, "Starting"))
        show_progress(ProgressInUI(shown.shown if isinstance(shown, ProgressInUI) else shown, artifact))


def end_in_ui(sentence: str, *, is_whole: bool = True) -> None:
    """Say how the run ended; it stopped on the way where it is not `is_whole`."""
    shown = current_progress()
    if isinstance(shown, ProgressInUI):
        shown.end(sentence, is_whole=is_whole)
        show_progress(shown.shown)
