"""Values that Prefect hands to a task without looking into them."""

from __future__ import annotations

from typing import TypeVar, cast

from prefect.utilities.annotations import quote

T = TypeVar("T")


def opaque(value: T) -> T:
    """The same value to the task; Prefect does not search it for futures, which takes long in large ones."""
    return cast("T", quote(value))
