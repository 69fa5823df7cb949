"""One ingest in a process of its own that tells how much of its CPU time was Prefect's.

`python -m tests.bench.prefect_share ARTICLES.jsonl WAREHOUSE` prints one line of JSON. The bodies of all
tasks are timed where they run; what the process used besides is Prefect's (and a little of the flow's own
code), as is all that the temporary server used. Both are told without their start-up, and with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows import local_server
from flows.ingest_command import quiet_prefect

OF_THREAD = frozenset({"stage"})  # it runs beside others, and has no threads of its own but this one
IN_TICKS = (13, 14)  # utime and stime among the fields of /proc/PID/stat behind the name. (proc(5))


def main(articles: str, warehouse: str) -> None:
    """Ingest, and print what was used."""
    quiet_prefect()
    servers: list[int] = []
    note_servers(servers)
    local_server.use_server(lambda _: None)
    from prefect import Task

    import flows.fetching
    import flows.ingest as flow_module

    bodies: list[float] = []
    for module in (flow_module, flows.fetching):
        for found in vars(module).values():
            if isinstance(found, Task):
                found.fn = timed(found.fn, found.name, bodies)
    server_before, began = used_by(servers[0]), time.process_time()
    state: Any = flow_module.ingest([articles], Path(warehouse), return_state=True)
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()
    ended, server_after = time.process_time(), used_by(servers[0])
    told = {
        "documents": state.result().documents,
        "start": began,
        "server_start": server_before,
        "work": sum(bodies),
        "client": ended - began - sum(bodies),
        "server": server_after - server_before,
    }
    print(json.dumps(told))


def note_servers(servers: list[int]) -> None:
    """Keep the process id of every server that is started."""
    start = subprocess.Popen

    def noted(*words: Any, **more: Any) -> Any:
        process = start(*words, **more)
        servers.append(process.pid)
        return process

    subprocess.Popen = noted  # type: ignore[misc, assignment]


def timed(body: Callable[..., Any], name: str, seconds: list[float]) -> Callable[..., Any]:
    """The same function; what it uses is added to `seconds`."""
    from functools import wraps

    clock = time.thread_time if name in OF_THREAD else time.process_time

    @wraps(body)
    def measured(*args: Any, **kwargs: Any) -> Any:
        began = clock()
        try:
            return body(*args, **kwargs)
        finally:
            seconds.append(clock() - began)

    return measured


def used_by(process: int) -> float:
    """CPU seconds of another process so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(int(fields[at - 2]) for at in IN_TICKS) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(*sys.argv[1:])
