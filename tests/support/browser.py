"""Headless Chromium for the tests that are marked `browser`, over its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/ - no driver is needed for what these tests ask.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

# Nothing of the browser's own goes out: no updates, no look-ups, and no name is found.
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
    *("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--remote-debugging-port=0"),
)
START_UP_SECONDS = 60.0
ANSWER_SECONDS = 60.0


def chromium() -> str | None:
    """The program, where it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page of a browser: what it asks for and what its console says is kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._asked: dict[str, str] = {}
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come meanwhile are kept."""
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=ANSWER_SECONDS))
            if message.get("id") == self._number:
                assert "error" not in message, message["error"]
                result: dict[str, Any] = message["result"]
                return result
            self._keep(message)

    def _keep(self, message: dict[str, Any]) -> None:
        match message.get("method"), message.get("params", {}):
            case "Network.requestWillBeSent", {"request": {"url": url}, "requestId": identity}:
                self.requests.append(url)
                self._asked[identity] = url
            case "Network.loadingFailed", {"blockedReason": "csp", "requestId": identity}:
                self.requests.remove(self._asked[identity])  # it never left
            case "Runtime.exceptionThrown", {"exceptionDetails": details}:
                self.complaints.append(str(details))
            case "Page.javascriptDialogOpening", asked:
                self.complaints.append(str(asked))
            case "Log.entryAdded", {"entry": {"level": "error" | "warning"} as entry}:
                self.complaints.append(str(entry))
            case "Runtime.consoleAPICalled", {"type": "error" | "warning" | "assert"} as called:
                self.complaints.append(str(called))

    def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Be a window of this size in pixels, of a person who prefers light or dark."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str) -> None:
        """Load a page and wait until it is there; what an earlier page did is forgotten."""
        self.forget()
        self.ask("Page.navigate", url=address)
        deadline = time.monotonic() + START_UP_SECONDS
        while self.value("document.readyState") != "complete":
            assert time.monotonic() < deadline, "the page did not load"
            time.sleep(0.05)

    def forget(self) -> None:
        """Forget what was asked for and complained of so far."""
        self.requests.clear()
        self.complaints.clear()

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives; a promise is awaited."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def shows(self, text: str, seconds: float = START_UP_SECONDS) -> bool:
        """Whether the text is to be seen, at the latest after so long: pages of scripts take their time."""
        deadline = time.monotonic() + seconds
        seen = f"document.body.innerText.includes({json.dumps(text)})"
        while not self.value(seen):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def click(self, words: str) -> None:
        """Click on the innermost element that reads so."""
        place = self.value(
            f"(() => {{ const words = {json.dumps(words)};"
            "const all = [...document.querySelectorAll('*')];"
            "const one = all.filter((one) => one.innerText?.trim() === words).at(-1);"
            "if (!one) return null;"
            "one.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const at = one.getClientRects()[0];"
            "return [at.left + at.width / 2, at.top + at.height / 2]; })()"
        )
        assert place, f"nothing reads {words!r}"
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    def press(self, key: str) -> None:
        """Press a key and let it go: Tab, Escape, Enter."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=codes[key])

    def point(self, selector: str) -> None:
        """Move the pointer onto the first element that a selector finds."""
        place = self.value(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            "one.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const at = one.getClientRects()[0];"
            "return [at.left + at.width / 2, at.top + at.height / 2]; })()"
        )
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])

    def picture(self, target: Path, *, whole: bool = False) -> None:
        """A picture of the window, or of the whole page, as PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with an empty page; its profile is in an empty folder, and it ends with the block."""
    program = chromium()
    assert program
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(_page_address(profile), max_size=None, open_timeout=START_UP_SECONDS) as connection:
            yield Browser(connection)
    finally:
        process.terminate()
        process.wait(timeout=START_UP_SECONDS)


def _page_address(profile: Path) -> str:
    """The address of the one page, as soon as the browser has told its port."""
    import httpx

    told = profile / "DevToolsActivePort"
    deadline = time.monotonic() + START_UP_SECONDS
    while time.monotonic() < deadline:
        if told.exists() and (lines := told.read_text("utf-8").splitlines()):
            pages = httpx.get(f"http://127.0.0.1:{lines[0]}/json/list", timeout=ANSWER_SECONDS).json()
            for page in pages:
                if page["type"] == "page":
                    return str(page["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise AssertionError("Chromium did not start")
