"""Connections to Dask and Ray clusters. Neither is imported before a cluster is asked for."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from tasks.elsewhere.runner import Runner
from tasks.errors import OnrecordError

A = TypeVar("A")
R = TypeVar("R")

PATIENCE = 20  # seconds in which a cluster must answer; one on the other side of the world takes two
ATTEMPTS = 2  # more, on another worker, where one died


class Cluster(Protocol):
    """Calls a function of one argument on a worker; from several threads at once, if need be.

    `slots` is how many calls it works on at a time.
    """

    slots: int

    def __call__(self, work: Callable[[A], R], argument: A, /) -> R:
        """What the function gives, or raises; OnrecordError (`cluster`) where no worker could do it."""


@contextmanager
def connected(runner: Runner, workers: int) -> Iterator[Cluster]:
    """The cluster at the runner's address; without one, a cluster of so many workers on this machine.

    Raises OnrecordError (`cluster`) where it does not answer or has no worker.
    """
    opened = _dask if runner.kind == "dask" else _ray
    with opened(runner, workers) as cluster:
        if cluster.slots == 0:
            raise _trouble(runner, "has no worker yet")
        yield cluster


def _trouble(runner: Runner, what: str) -> OnrecordError:
    return OnrecordError(
        f"The {runner.kind.title()} cluster at {runner.address or 'this machine'} {what}; start it, or "
        "choose --runner process.",
        reason="cluster",
    )


# --- Dask ------------------------------------------------------------------------


@contextmanager
def _dask(runner: Runner, workers: int) -> Iterator[Cluster]:
    distributed: Any = import_module("distributed")
    logging.getLogger("distributed").setLevel(logging.ERROR)
    local = None
    try:
        if runner.address is None:
            local = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0"
            )
        client = distributed.Client(local or runner.address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise _trouble(runner, f"does not answer ({type(error).__name__})") from error
    try:
        yield _Dask(client, runner)
    finally:
        client.close()
        if local is not None:
            local.close()


class _Dask:
    """A Dask cluster; `client` is safe to use from several threads."""

    def __init__(self, client: Any, runner: Runner) -> None:
        self.client, self.runner = client, runner
        self.slots = sum(client.nthreads().values())

    def __call__(self, work: Callable[[A], R], argument: A, /) -> R:
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        future = self.client.submit(work, argument, pure=False, retries=0)
        try:
            return cast("R", future.result())
        except (KilledWorker, FutureCancelledError) as error:
            raise _trouble(self.runner, "lost the workers that tried a batch") from error
        finally:
            future.release()


# --- Ray -------------------------------------------------------------------------


@contextmanager
def _ray(runner: Runner, workers: int) -> Iterator[Cluster]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if runner.address is None:
            ray.init(num_cpus=workers, include_dashboard=False, **quiet)
        else:
            ray.init(address=runner.address, **quiet)
    except (OSError, ValueError, RuntimeError, TimeoutError) as error:
        raise _trouble(runner, f"does not answer ({type(error).__name__})") from error
    try:
        yield _Ray(ray, runner)
    finally:
        ray.shutdown()


class _Ray:
    """A Ray cluster."""

    def __init__(self, ray: Any, runner: Runner) -> None:
        self.ray, self.runner = ray, runner
        self.slots = int(ray.cluster_resources().get("CPU", 0))

    def __call__(self, work: Callable[[A], R], argument: A, /) -> R:
        remote = self.ray.remote(num_cpus=1, max_retries=ATTEMPTS)(work)
        try:
            return cast("R", self.ray.get(remote.remote(argument)))
        except self.ray.exceptions.RayTaskError as error:
            raise (error.cause if isinstance(error.cause, OnrecordError) else error) from error
        except self.ray.exceptions.RayError as error:
            raise _trouble(self.runner, f"lost a batch ({type(error).__name__})") from error
