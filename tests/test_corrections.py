"""What outlets change in their articles shows, by sentence and by quote, and so does who did it."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

import tasks.batch
from tasks.archive.writer import Kept, open_archive
from tests.support.exchanges import BEGAN, candidate, exchange, page
from tests.support.loading import ask, load_inputs, load_refs
from warehouse.files import WarehouseFiles

LATER = "The harbour opens on Friday at the earliest"
NOTE = b"<p>Correction: An earlier version of this article misstated the number of people.</p></article>"
FIRST = page(1)
SECOND = page(1, LATER).replace(b"with 3 people", b"with 33 people")
THIRD = SECOND.replace(b"</article>", NOTE)


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def seen(folder: Path, *pages: bytes) -> list[Kept]:
    """The same address, fetched once an hour."""
    with open_archive(folder) as archive:
        return [
            archive.append(exchange(1, body, minutes=60 * hour), candidate(1))
            for hour, body in enumerate(pages)
        ]


def changes(files: WarehouseFiles) -> list[tuple[object, ...]]:
    return ask(files, "SELECT change, role, before, after, hour(new_seen_at) FROM corrections")


def test_altered_sentences_and_a_correction_note(tmp_path: Path, files: WarehouseFiles) -> None:
    seen(tmp_path / "archive", FIRST, SECOND, THIRD)
    load_inputs(files, tmp_path / "archive")
    found = changes(files)
    assert {(change, role, hour) for change, role, _, _, hour in found} == {
        ("altered", "body", 7),
        ("added", "correction", 8),
    }
    assert ('"The harbour opens on Monday,"', f'"{LATER},"') in {
        (str(before).split(" said")[0], str(after).split(" said")[0]) for _, _, before, after, _ in found
    }
    assert ask(files, "SELECT change, speaker_after, before, after, cause FROM quote_changes") == [
        ("reworded", "Ann Berg", '"The harbour opens on Monday,"', f'"{LATER},"', "outlet")
    ]


def test_quotes_vanish_appear_and_change_their_speaker(tmp_path: Path, files: WarehouseFiles) -> None:
    silent = FIRST.replace(b'<p>"The harbour opens on Monday," said Mayor Ann Berg on Tuesday.</p>', b"")
    other = FIRST.replace(b"Mayor Ann Berg", b"Captain John Dahl")
    seen(tmp_path / "archive", FIRST, silent, other, FIRST)
    load_inputs(files, tmp_path / "archive")
    assert ask(files, "SELECT change, speaker_before, speaker_after FROM quote_changes") == [
        ("vanished", "Ann Berg", None),
        ("appeared", None, "John Dahl"),
        ("reattributed", "John Dahl", "Ann Berg"),
    ]


def test_a_new_headline_is_an_altered_title(tmp_path: Path, files: WarehouseFiles) -> None:
    seen(tmp_path / "archive", FIRST, FIRST.replace(b"Ship 1 comes home", b"Vessel lands at last"))
    load_inputs(files, tmp_path / "archive")
    assert changes(files) == [("altered", "title", "Ship 1 comes home", "Vessel lands at last", 7)]


def test_an_article_that_was_changed_back_reads_as_at_first(tmp_path: Path, files: WarehouseFiles) -> None:
    kept = seen(tmp_path / "archive", FIRST, SECOND, FIRST)
    assert kept[2].is_revisit
    for one in kept:  # each in a run of its own, as when it is fetched
        load_refs(files, [one.ref])
    assert ask(files, "SELECT count(*), count(DISTINCT version_id) FROM observations") == [(3, 2)]
    assert ask(files, "SELECT count(*) FROM article_versions") == [(2,)]
    [(body,)] = ask(files, "SELECT body FROM current_articles")
    assert "opens on Monday" in body
    assert [change[0] for change in changes(files)] == ["altered"] * 4


def test_the_order_of_loading_changes_nothing(tmp_path: Path) -> None:
    kept = seen(tmp_path / "archive", FIRST, SECOND, THIRD, FIRST)
    told = set()
    for number, order in enumerate(list(permutations(kept))[::7]):
        files = WarehouseFiles(tmp_path / f"{number}.duckdb")
        for one in order:
            load_refs(files, [one.ref])
        told.add(
            json.dumps(
                [
                    ask(files, "FROM observations ORDER BY ALL"),
                    ask(files, "SELECT version_id, body FROM current_articles"),
                    changes(files),
                ],
                default=str,
            )
        )
    assert len(told) == 1


def test_the_same_pages_again_bring_nothing(tmp_path: Path, files: WarehouseFiles) -> None:
    seen(tmp_path / "archive", FIRST, SECOND, FIRST)
    load_inputs(files, tmp_path / "archive")
    before = ask(files, "FROM load_batches")
    [again] = load_inputs(files, tmp_path / "archive")
    assert again.known == 3
    assert ask(files, "FROM load_batches") == before


def test_another_extraction_is_told_from_the_outlet(
    tmp_path: Path, files: WarehouseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = seen(tmp_path / "archive", FIRST, SECOND)
    load_refs(files, [kept[0].ref])
    monkeypatch.setattr(tasks.batch, "EXTRACTOR", "another extraction")
    load_refs(files, [kept[1].ref])
    assert {cause for (cause,) in ask(files, "SELECT cause FROM version_changes")} == {"outlet or extraction"}
    assert changes(files) == []
    load_refs(files, [one.ref for one in kept])  # what onrecord reextract does
    assert sorted(cause for (cause,) in ask(files, "SELECT cause FROM version_changes")) == [
        "extraction",
        "outlet",
    ]
    assert len(changes(files)) == 2
    [(extractor,)] = ask(files, "SELECT extractor FROM current_versions")
    assert str(extractor).startswith("another extraction+")


def test_versions_of_files_are_compared_by_date_and_load(tmp_path: Path, files: WarehouseFiles) -> None:
    rows = tmp_path / "rows.jsonl"
    for text in (
        "The mayor spoke for an hour in the town hall.",
        "The mayor spoke for two hours in the town hall.",
    ):
        rows.write_text(json.dumps({"id": "a", "text": f"Mayor speaks\n\n{text}", "outlet": "Gazette"}))
        load_inputs(files, rows)
    assert ask(files, "SELECT outlet, change, before, after FROM corrections") == [
        (
            "Gazette",
            "altered",
            "The mayor spoke for an hour in the town hall.",
            "The mayor spoke for two hours in the town hall.",
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mr. Smith left at 3 p.m. on Monday. He was late.",
            ["Mr. Smith left at 3 p.m. on Monday.", "He was late."],
        ),
        ("The U.S. said no. “Never!” he cried.", ["The U.S. said no.", "“Never!”", "he cried."]),
        ("One line\nAnother  line\n\n", ["One line", "Another line"]),
        ("J. R. Doe wrote it.", ["J. R. Doe wrote it."]),
    ],
)
def test_sentences_are_whole(tmp_path: Path, text: str, expected: list[str]) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    load_refs(files, [])
    quoted = text.replace("'", "''")
    assert ask(files, f"SELECT sentences('{quoted}')") == [(expected,)]


def test_moments_are_those_of_the_fetch(tmp_path: Path, files: WarehouseFiles) -> None:
    [kept] = seen(tmp_path / "archive", FIRST)
    load_refs(files, [kept.ref])
    [(moment, location)] = ask(files, "SELECT observed_at, location FROM observations")
    assert moment == BEGAN
    assert location == f"{kept.place.path}:{kept.place.offset}"
