"""Terminal sessions in the docs: fenced as `console`, commands after `$ `, what they print below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FENCED = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
PROMPT = "$ "
# What differs from run to run: how long it took.
VARIES = ((re.compile(r"\bin \d+(\.\d+)? s\b"), "in 1.2 s"),)


@dataclass(frozen=True)
class Step:
    """A command and what stands below it."""

    command: str
    shown: str


def steps(page: str) -> Iterator[Step]:
    """All commands of a page's sessions, in order."""
    for _, session, _ in FENCED.findall(page):
        yield from session_steps(session)


def session_steps(session: str) -> Iterator[Step]:
    """The commands of one session; a line that ends in a backslash goes on."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield Step(command, shown)


def settled(printed: str) -> str:
    """Output without what differs from run to run, and without spaces at line ends."""
    for pattern, steady in VARIES:
        printed = pattern.sub(steady, printed)
    return "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())


def rewritten(page: str, printed: Callable[[str], str]) -> str:
    """The page with what its commands print now; the commands stay as they are written."""

    def session(found: re.Match[str]) -> str:
        parts = re.split(r"^(?=\$ )", found[2], flags=re.MULTILINE)
        written = []
        for part in parts:
            if not part.startswith(PROMPT):
                continue
            (step,) = session_steps(part)
            typed = re.match(r"(?:[^\n]*\\\n)*[^\n]*\n", part)
            assert typed
            gap = "\n" if part is not parts[-1] else ""
            written.append(f"{typed[0]}{settled(printed(step.command))}{gap}")
        return f"{found[1]}{''.join(written)}{found[3]}"

    return FENCED.sub(session, page)
