"""The statements of a story: those that several voices have, worded by outlet, and what each has alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from flows.report import words
from flows.report.model import Alone, Statement, Wording
from warehouse.story_lookup import StoryPage

Row = Mapping[str, Any]

MOST_WORDINGS: Final = 12  # of one statement, the same words of several outlets being one
MOST_ALONE: Final = 6  # statements of one voice


def shared(page: StoryPage) -> tuple[Statement, ...]:
    """What several voices have, also where one only translates or retells it."""
    facts = {row["statement_id"]: row for row in page.statements}
    voices = list(dict.fromkeys(row["voice"] for row in page.board))
    return tuple(
        _statement(rows, facts.get(statement_id, {}), voices)
        for statement_id, group in groupby(page.wordings, key=lambda row: row["statement_id"])
        for rows in [list(group)]
        if rows[0]["voices"] > 1
    )


def _statement(rows: Sequence[Row], facts: Row, voices: Sequence[str]) -> Statement:
    wordings = _wordings(rows)
    quoted, reworded = set(facts.get("quoted_by") or ()), set(facts.get("reworded_by") or ())
    left_out = set(facts.get("left_out_by") or ())
    told = f"Quoted by {len(quoted):,} of {len(voices):,} voices"
    if reworded:
        told += f", retold by {len(reworded):,}"
    return Statement(
        speaker=words.name(rows[0]["speaker"], "Somebody"),
        wordings=wordings[:MOST_WORDINGS],
        more=max(len(wordings) - MOST_WORDINGS, 0),
        squares=tuple((words.name(voice), _state(voice, quoted, reworded, left_out)) for voice in voices),
        told=told,
        left_out_by=words.listed([voice for voice in voices if voice in left_out]),
    )


def _state(voice: str, quoted: set[str], reworded: set[str], left_out: set[str]) -> str:
    if voice in quoted:
        return "quoted"
    if voice in reworded:
        return "reworded"
    return "left-out" if voice in left_out else "unknown"


def _wordings(rows: Sequence[Row]) -> tuple[Wording, ...]:
    """One for each way of putting it, with the outlets that do."""
    same: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        same.setdefault((row["wording"].casefold(), row["kind"] == "reworded"), []).append(row)
    head = words.quoted(next((row["wording"] for row in rows if row["kind"] == "head"), ""))
    groups = sorted(same.values(), key=lambda group: ORDER.index(_kind(group)))
    return tuple(
        Wording(
            outlets=tuple(dict.fromkeys(words.name(row["outlet"], "Unknown outlet") for row in group)),
            kind=_kind(group),
            words=_compared(group[0], head),
            in_marks=group[0]["marked"],
        )
        for group in groups
    )


ORDER: Final = ("head", "same", "variant", "fragment", "reworded")


def _kind(group: Sequence[Row]) -> str:
    return "head" if any(row["kind"] == "head" for row in group) else str(group[0]["kind"])


def _compared(row: Row, head: str) -> tuple[tuple[str, bool], ...]:
    """The words; of an edited statement with what was changed in it."""
    wording = words.quoted(row["wording"])
    return words.differing(wording, head) if row["kind"] == "variant" else ((wording, False),)


def alone(page: StoryPage) -> tuple[Alone, ...]:
    """What one voice alone has, words in quote marks first."""
    lonely = [row for row in page.statements if row["voices"] == 1 and not row["reworded_by"]]
    voices = list(dict.fromkeys(row["voice"] for row in page.board))
    by_voice = {voice: [row for row in lonely if row["quoted_by"][0] == voice] for voice in voices}
    return tuple(
        Alone(
            voice=words.name(voice, "Unknown outlet"),
            statements=tuple(
                (words.name(row["speaker"], "Somebody"), words.quoted(row["statement"]), row["marked"])
                for row in rows[:MOST_ALONE]
            ),
            more=max(len(rows) - MOST_ALONE, 0),
        )
        for voice, rows in by_voice.items()
        if rows
    )
