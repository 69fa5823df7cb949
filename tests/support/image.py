"""The steps of a Dockerfile, carried out in a copy-on-write copy of this system: a trial without Docker.

FROM is taken to be this system with the Python that runs the tests, and all stages share one root: what the
steps do is tried, not what the base image lacks. Linux and root only.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECONDS_FOR_A_STEP = 900.0


@dataclass
class Image:
    """A root file system under way: environment, folder and user as the steps have set them."""

    root: Path
    context: Path
    environment: dict[str, str]
    folder: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)

    def step(self, word: str, rest: str) -> None:
        """Carry out one instruction."""
        match word:
            case "RUN":
                ended = self.run(["/bin/sh", "-c", rest])
                assert ended.returncode == 0, f"RUN {rest}\n{ended.stdout}{ended.stderr}"
            case "COPY" if not rest.startswith("--from"):
                self.copy([part for part in shlex.split(rest) if not part.startswith("--")])
            case "ENV":
                self.environment |= {
                    name: value.replace("$PATH", self.environment["PATH"])
                    for name, value in (pair.split("=", 1) for pair in shlex.split(rest))
                }
            case "WORKDIR":
                self.folder = rest
                (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "USER":
                self.user = rest
            case "ENTRYPOINT":
                self.entrypoint = json.loads(rest)

    def copy(self, places: Sequence[str]) -> None:
        """Copy files and folders of the context into the root."""
        *sources, target = places
        into = self.root / Path(self.folder, target).as_posix().lstrip("/")
        for source in sources:
            subprocess.run(["cp", "-a", self.context / source, into], check=True)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command inside, as the user and in the folder of this step."""
        inside = f"cd {shlex.quote(self.folder)} && exec {shlex.join(map(str, command))}"
        return subprocess.run(
            ["chroot", f"--userspec={self.user}", self.root, "/bin/sh", "-c", inside],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_A_STEP,
            check=False,
        )


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Word and rest of each instruction, without comments and with its lines joined."""
    lines = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [(word, rest.strip()) for word, _, rest in (x.partition(" ") for x in joined.splitlines() if x)]


@contextmanager
def tried(dockerfile: Path, context: Path, folder: Path) -> Iterator[Image]:
    """The image that the steps make of this system, until the block ends. The folder must be empty."""
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for made in (upper, work, root):
        made.mkdir()
    told = f"lowerdir=/,upperdir={upper},workdir={work}"
    mounts: list[list[str | Path]] = [
        ["-t", "overlay", "-o", told, "overlay", root],
        ["-t", "proc", "proc", root / "proc"],
        ["--bind", "/dev", root / "dev"],
    ]
    mounted: list[str | Path] = []
    try:
        for mount in mounts:
            subprocess.run(["mount", *mount], check=True)
            mounted.insert(0, mount[-1])
        python = Path(sys.base_prefix, "bin")
        for outer in python.parents:  # so that another user gets to it, be it in the home of root
            (root / outer.relative_to("/")).chmod(0o755)
        kept = {
            name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "UV_", "SSL_", "LANG"))
        }
        image = Image(root, context, {**kept, "PATH": f"{python}:/usr/sbin:/usr/bin:/sbin:/bin"})
        for word, rest in instructions(dockerfile.read_text(encoding="utf-8")):
            image.step(word, rest)
        yield image
    finally:
        for place in mounted:
            subprocess.run(["umount", place], check=True)
        shutil.rmtree(upper)  # some 600 MB
