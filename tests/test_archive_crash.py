"""Whatever ends the writer, at whatever moment: no record that was kept is lost, and the archive opens."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tasks.archive.index import Index
from tasks.archive.repair import archive_files
from tasks.archive.writer import ArchiveError, open_archive
from tasks.model import DocumentRef
from tasks.read.document import read_document
from tests.support.exchanges import candidate, exchange, page

# Writes without end, and says of each page where it is kept as soon as that is known.
WRITER = """
import sys
from pathlib import Path
from tasks.archive.writer import open_archive
from tests.support.exchanges import candidate, exchange, page

with open_archive(Path(sys.argv[1]), most_bytes=40_000) as archive:
    for number in range(int(sys.argv[2]), 10**9):
        body = page(number % 50 if number % 3 else number) * (1 + number % 4)
        place = archive.append(exchange(number, body), candidate(number)).place
        print(place.path.name, place.offset, place.length, number, flush=True)
"""


def sound(path: Path) -> int:
    """How many records another reader finds in a file; raises where one is broken."""
    with path.open("rb") as stream:
        return sum(
            1 for record in ArchiveIterator(stream, check_digests="raise") if record.raw_stream.read() or True
        )


def killed_writer(folder: Path, first: int, kept: int) -> list[str]:
    """Start a writer and kill it when it has kept so many pages; the lines that it got out."""
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline() for _ in range(kept)]
        os.kill(writer.pid, signal.SIGKILL)
        return [line for line in lines + writer.stdout.readlines() if line.endswith("\n")]


def killed_again_and_again(folder: Path, times: int, seed: int) -> None:
    rnd = random.Random(seed)  # noqa: S311 - the same every time
    told: list[str] = []
    for turn in range(times):
        told += killed_writer(folder, turn * 1000, rnd.randrange(1, 60))
        with open_archive(folder) as archive:
            archive.append(exchange(900 + turn), candidate(900 + turn))
        for path in archive_files(folder):
            assert sound(path)
    for line in told:
        name, offset, length, number = line.split()
        source = read_document(DocumentRef(folder / name, "record", int(offset), int(length)))
        assert source.input_id == exchange(int(number)).url
    index = Index(folder)
    pages = {(answer.file, answer.position) for answer in index.articles(None, None)}
    index.close()
    assert {(line.split()[0], int(line.split()[1])) for line in told} <= pages


def test_a_killed_writer_loses_nothing(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path / "archive", 4, seed=1)


@pytest.mark.soak
def test_a_writer_killed_at_sixty_moments_loses_nothing(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path / "archive", 60, seed=2)


def archive_of(folder: Path, count: int = 3) -> list[DocumentRef]:
    with open_archive(folder) as archive:
        return [archive.append(exchange(number), candidate(number)).ref for number in range(count)]


@pytest.mark.parametrize("index", ["kept", "lost"])
def test_an_end_torn_anywhere_is_cut_off_and_written_on(tmp_path: Path, index: str) -> None:
    refs = archive_of(tmp_path / "whole")
    [path] = archive_files(tmp_path / "whole")
    size, start = path.stat().st_size, refs[2].offset
    for torn_to in [*range(start + 1, size, 41), size - 1, size - 9]:
        folder = tmp_path / "torn"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", folder)
        os.truncate(folder / path.name, torn_to)
        if index == "lost":
            shutil.rmtree(folder / "index.sqlite", ignore_errors=True)
            for part in folder.glob("index.sqlite*"):
                part.unlink()
        with open_archive(folder) as archive:
            later = archive.append(exchange(7), candidate(7)).ref
        assert sound(folder / path.name)
        for ref, number in ((refs[0], 0), (refs[1], 1)):
            kept = DocumentRef(folder / path.name, "record", ref.offset, ref.length)
            assert read_document(kept).content == page(number).decode()
        assert read_document(later).content == page(7).decode()


def test_zeros_that_a_power_cut_left_are_cut_off(tmp_path: Path) -> None:
    archive_of(tmp_path)
    [path] = archive_files(tmp_path)
    with path.open("ab") as file:
        file.write(b"\0" * 4096)
    with open_archive(tmp_path) as archive:
        archive.append(exchange(7), candidate(7))
    assert archive_files(tmp_path) == [path]
    assert sound(path) == 13


def test_a_file_that_is_broken_in_the_middle_is_left_alone(tmp_path: Path) -> None:
    refs = archive_of(tmp_path)
    [path] = archive_files(tmp_path)
    spoilt = bytearray(path.read_bytes())
    spoilt[refs[1].offset + 200] ^= 0xFF
    path.write_bytes(spoilt)
    for part in tmp_path.glob("index.sqlite*"):
        part.unlink()
    with open_archive(tmp_path) as archive:
        later = archive.append(exchange(7), candidate(7)).ref
    assert path.read_bytes() == spoilt
    assert later.path != path
    assert read_document(refs[2]).content == page(2).decode()


@pytest.mark.parametrize("rubbish", [b"", b"no archive at all", b"\0" * 100])
def test_rubbish_in_the_place_of_a_file_stops_nobody(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "onrecord-20260101000000-000001.warc.gz").write_bytes(rubbish)
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 100)
    refs = archive_of(tmp_path)
    assert [read_document(ref).content for ref in refs] == [page(number).decode() for number in range(3)]


def test_a_file_that_was_taken_away_is_forgotten(tmp_path: Path) -> None:
    archive_of(tmp_path, 1)
    for path in archive_files(tmp_path):
        path.unlink()
    with open_archive(tmp_path) as archive:
        again = archive.append(exchange(0), candidate(0))
    assert not again.is_revisit
    assert read_document(again.ref).content == page(0).decode()


def test_a_full_disk_is_told_and_leaves_no_half_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = os.write

    def full_soon(handle: int, data: bytes) -> int:
        if len(data) > 300:
            written(handle, bytes(data)[:300])
            raise OSError(28, "No space left on device")
        return written(handle, data)

    with open_archive(tmp_path) as archive:
        first = archive.append(exchange(1), candidate(1)).ref
        monkeypatch.setattr(os, "write", full_soon)
        with pytest.raises(ArchiveError, match="No space left"):
            archive.append(exchange(2), candidate(2))
        monkeypatch.undo()
        third = archive.append(exchange(3), candidate(3)).ref
    assert sound(archive_files(tmp_path)[0]) == 7
    assert [read_document(ref).content for ref in (first, third)] == [page(1).decode(), page(3).decode()]
