"""`onrecord story`: a story's outlets side by side, in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord story",
        "onrecord story 91a0ad4f",
        "onrecord story 91a0ad4f --all",
        "onrecord story 91a0ad4f --json | jq '.statements[].statement'",
    )
)
@click.argument("story_id", metavar="[ID]", required=False)
@options.warehouse
@click.option("--all", "everything", is_flag=True, help="Leave nothing out: all stories, or all statements.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a story.")
def story(story_id: str | None, warehouse: Path | None, *, everything: bool, as_json: bool) -> None:
    """Print a story: its outlets, what several of them quote, how each worded it, who left it out.

    ID is a story's id, or its first characters. Without it the latest stories that several publishers tell
    are listed. Copies of one text speak with one voice, and so do outlets of one publisher. What only
    translates or retells a statement is marked ≈ and counts nowhere.
    """
    from flows.story_command import print_latest, print_story
    from tasks.settings import settings

    published = settings({"warehouse": warehouse}).warehouse
    if story_id is None:
        print_latest(published, everything=everything, as_json=as_json)
    else:
        print_story(published, story_id, everything=everything, as_json=as_json)
