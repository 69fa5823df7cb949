"""The flow that keeps the page of the latest stories up to date: `report/index.html` beside the warehouse.

Prefect loads this file by its module's name, so it holds no state.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.artifacts import leave_link
from flows.page_address import served_at
from flows.report.build import overview_page
from flows.report.page import html
from flows.report_command import put_page, told
from flows.serving.alone import end_with_runner
from flows.serving.jobs import PAGE
from tasks.settings import DEFAULT_WAREHOUSE
from warehouse.connect import utc_now
from warehouse.readonly import is_absent


@task(name="write page", task_run_name="write {page.name}", cache_policy=NO_CACHE)
def write_page(warehouse: Path, page: Path) -> str:
    """Write the page of the latest stories; what is on it, in a line."""
    shown = overview_page(warehouse, utc_now())
    put_page(html(shown), page)
    return told(shown)


@flow(name="report", flow_run_name="report {page.name}", validate_parameters=True)
def report(
    warehouse: Path = Path(DEFAULT_WAREHOUSE), page: Path = Path(DEFAULT_WAREHOUSE).parent / PAGE
) -> State[None]:
    """Write the page of the latest stories, where something was loaded since it was written.

    Args:
        warehouse: The published warehouse file.
        page: The HTML file; it is replaced in one step.

    """
    end_with_runner()
    if is_absent(warehouse):
        return Completed(name="NothingDue", message=f"There is no warehouse at {warehouse} yet.")
    if page.exists() and page.stat().st_mtime >= warehouse.stat().st_mtime:
        return Completed(name="NothingDue", message="Nothing was loaded since the page was written.")
    told_of_it = f"{page}: {write_page(warehouse, page)}"
    if address := served_at():
        leave_link(address)
    return Completed(message=told_of_it)
