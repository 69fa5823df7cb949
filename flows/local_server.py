"""The Prefect server that a run reports to: the one that answers, else a temporary one of our own.

Prefect would start such a temporary ("ephemeral") server by itself, but one whose parent is killed
outright stays behind with its 200 MB. Ours holds a pipe to its parent and ends when that closes.
Called by `flows.cli` before prefect is imported; run as a module it is the server. `onrecord serve` starts
the same with the UI and the scheduler (`start_lasting`): it ends with its parent, too.
"""

from __future__ import annotations

import atexit
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tasks.errors import OnrecordError

LOCAL_API = "http://127.0.0.1:4200/api"  # where `prefect server start` listens unless told otherwise
OUR_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - names; we bind where we are told
PROBE_SECONDS = 1.0  # a local server that is up answers within milliseconds
START_UP_SECONDS = 180.0  # 10 s on an idle machine, 40 s seen on a busy one
POLL_SECONDS = 0.05
CHORES_SECONDS = 5.0
STOP_SECONDS = 10.0  # the server flushes its last events within this time

# What Prefect sets for its own temporary server: no UI, no scheduler, no telemetry. And nobody has
# automations there.
TEMPORARY = {
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
# The server of `onrecord serve`: everything is on, but nothing is told to anybody.
LASTING = {
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # SQLite has one writer at a time; three flows behind it met "database is locked" at Prefect's 5 and 10 s.
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
}


def use_server(say: Callable[[str], None]) -> None:
    """Point Prefect to a server: the one that was chosen, else a local one that answers, else a temporary.

    Chosen is what `PREFECT_API_URL` or Prefect's active profile names. `say` gets one sentence: a temporary
    server takes seconds to start. Raises OnrecordError where the chosen one does not answer or none starts.
    """
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    chosen = os.environ.get("PREFECT_API_URL") or profile_address()
    if chosen:
        refuse_silent(chosen)
    elif answers(LOCAL_API):
        os.environ["PREFECT_API_URL"] = LOCAL_API
        say(f"Using the Prefect server at {LOCAL_API}.")
    else:
        say("Starting Prefect's temporary server, about 10 seconds (with a server running it is immediate).")
        start_temporary()


def profile_address() -> str | None:
    """The server of Prefect's active profile, where somebody has chosen one."""
    try:
        profiles = tomllib.loads((prefect_home() / "profiles.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    profile = profiles.get("profiles", {}).get(active, {})
    return profile.get("PREFECT_API_URL") if isinstance(profile, dict) else None


def refuse_silent(api: str) -> None:
    """Raise OnrecordError where a server on this machine was chosen and does not answer."""
    if urlsplit(api).hostname in OUR_NAMES and not answers(api):
        raise OnrecordError(
            f"The Prefect server at {api} does not answer; start it (prefect server start), or unset "
            "PREFECT_API_URL to use a temporary one."
        )


def answers(api: str) -> bool:
    """Whether a Prefect server answers at this address."""
    place = urlsplit(api)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", f"{place.path}/health")
        return connection.getresponse().read().strip() == b"true"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start_temporary() -> None:
    """Start a server that lives as long as this process, and return when it answers."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    os.environ["PREFECT_API_URL"] = api  # before prefect is imported: it reads its settings then
    # Loaded while the server comes up, on the other core; the run needs it anyway.
    threading.Thread(target=__import__, args=("prefect",), daemon=True).start()
    server = launch("127.0.0.1", port, TEMPORARY)
    atexit.register(stop, server)
    wait_for(server, api, "Prefect's temporary server did not start; try: prefect server start")


def start_lasting(host: str, port: int) -> subprocess.Popen[bytes]:
    """Start a server with UI and scheduler that lives until `stop`, or as long as this process.

    What it says goes to `server_log`: SQLite has it complain at length of what it simply does again.
    Raises OnrecordError where the port is taken, or it does not come up.
    """
    refuse_taken(host, port)
    shown = "127.0.0.1" if host in EVERY_INTERFACE else host
    api = f"http://{shown}:{port}/api"
    ours = {**LASTING, "PREFECT_SERVER_API_HOST": host, "PREFECT_SERVER_API_PORT": str(port)}
    if host in EVERY_INTERFACE:
        ours["PREFECT_UI_API_URL"] = "/api"  # whoever looks from another machine asks the one they look at
    log = server_log()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        server = launch(host, port, ours, errors)
    try:
        wait_for(
            server, api, f"The Prefect server did not start on port {port}; what it said stands in {log}."
        )
    except BaseException:
        stop(server)
        raise
    return server


def server_log() -> Path:
    """Where the server of `onrecord serve` says what troubles it, anew each time it starts."""
    return prefect_home() / "onrecord-server.log"


def prefect_home() -> Path:
    """The folder of Prefect's own files."""
    return Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()


def launch(
    host: str, port: int, environment: Mapping[str, str], errors: IO[str] | None = None
) -> subprocess.Popen[bytes]:
    """A process that is a server and ends with this one; what it says goes where ours does, or to a file.

    In a session of its own: Ctrl-C is for us, who end it when its runs have said how they ended.
    """
    without_address = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "flows.local_server", host, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={**without_address, **environment},
        start_new_session=True,
    )


def wait_for(server: subprocess.Popen[bytes], api: str, otherwise: str) -> None:
    """Return when the server answers. Raises OnrecordError, saying `otherwise`, where it does not."""
    deadline = time.monotonic() + START_UP_SECONDS
    while not answers(api):
        if server.poll() is not None or time.monotonic() > deadline:
            raise OnrecordError(otherwise)
        time.sleep(POLL_SECONDS)


def refuse_taken(host: str, port: int) -> None:
    """Raise OnrecordError where somebody else listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror or error
            raise OnrecordError(
                f"Port {port} of {host} is not to be had ({why}); choose another: --port N."
            ) from error


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: the closed pipe tells it to, as the death of its parent would."""
    if server.stdin is not None:
        server.stdin.close()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()


def serve_until_parent_ends(host: str, port: int) -> None:
    """Run the server until standard input closes."""
    import uvicorn

    is_temporary = "PREFECT__SERVER_EPHEMERAL" in os.environ
    if is_temporary:
        look_seldom()
    application = "prefect.server.api.server:create_app" if is_temporary else "flows.ui_guard:guarded_app"
    config = uvicorn.Config(application, factory=True, host=host, port=port, log_level="error")
    server = uvicorn.Server(config)

    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True
        time.sleep(STOP_SECONDS / 2)
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    server.run()


def look_seldom() -> None:
    """Let the server's worker for chores look for work every few seconds, not every quarter of one.

    It takes more of a core than all the task runs of an ingest do, and a server that lives for one run has no
    chores that are urgent. Prefect has no setting for it; where its inside has changed, nothing is lost.
    """
    from datetime import timedelta
    from functools import partial

    from prefect.server.api import background_workers

    worker = getattr(background_workers, "Worker", None)
    if worker is not None:
        seldom = timedelta(seconds=CHORES_SECONDS)
        chores = partial(worker, minimum_check_interval=seldom, scheduling_resolution=seldom)
        vars(background_workers)["Worker"] = chores


if __name__ == "__main__":
    serve_until_parent_ends(sys.argv[1], int(sys.argv[2]))
