"""The setting that says where batches are extracted."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, cast, get_args

from tasks.errors import UsageError

Kind = Literal["process", "dask", "ray"]
PACKAGES: dict[Kind, str] = {"dask": "distributed", "ray": "ray"}
PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Runner:
    """Processes of this machine, or a cluster; one without an address is started here, for a run."""

    kind: Kind
    address: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.address}" if self.address else self.kind


def runner_of(written: str) -> Runner:
    """`process`, `dask`, `ray`, or a cluster with its address: `dask:tcp://10.0.0.5:8786`.

    Raises UsageError for anything else, and where the package of the cluster is not installed.
    """
    kind, _, address = written.strip().partition(":")
    if kind not in get_args(Kind) or (kind == PROCESS and address):
        raise UsageError(
            f"There is no runner {written!r}; it is process, dask:ADDRESS or ray:ADDRESS "
            "(dask:tcp://10.0.0.5:8786, ray:ray://10.0.0.5:10001)."
        )
    runner = Runner(cast("Kind", kind), address or None)
    package = PACKAGES.get(runner.kind)
    if package and find_spec(package) is None:
        raise UsageError(f"The runner {kind} needs its package: pip install 'onrecord[{kind}]'.")
    return runner
