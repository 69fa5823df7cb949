"""A run that failed and is retried in Prefect repeats only the batches that failed.

What a batch came to is kept by Prefect under what it is made of, for runs of deployments: only those can be
retried. The rows themselves lie staged beside the warehouse.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from prefect import Task
from prefect.context import TaskRunContext
from prefect.runtime import deployment

from tasks.batch import Batch, StagedBatch
from warehouse.load import ABANDONED_SECONDS

# Staged rows that nobody loaded are removed after ABANDONED_SECONDS; a day less is never too long.
KEPT = timedelta(seconds=ABANDONED_SECONDS) - timedelta(days=1)


def kept_for_retry(task: Task[..., Any]) -> Task[..., Any]:
    """The task, with its results kept where a deployment has started the run."""
    if deployment.id is None:
        return task
    return task.with_options(persist_result=True, cache_key_fn=batch_key, cache_expiration=KEPT)


def batch_key(context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """The flow run and what the batch is made of: of a retry, the same documents by the same taggers."""
    batch: Batch = parameters["batch"]
    made_of = repr((batch.refs, batch.failures, batch.naming, parameters["sources"]))
    return f"{context.task_run.flow_run_id}-{hashlib.sha256(made_of.encode()).hexdigest()}"


def is_gone(staged: StagedBatch) -> bool:
    """Whether the rows of a batch are not staged any more."""
    return staged.path is not None and not staged.path.is_dir()
