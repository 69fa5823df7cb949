"""A batch of documents: read, cleaned, annotated, staged. The unit of a task, of staging and of retry.

Called by the ingest flow, in this process or in a worker. Keys go in and a staged path comes out;
a document that cannot be used becomes a failure, never an exception.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from tasks.annotate import annotate, taggers
from tasks.annotate.naming import DEFAULT_NAMING, Naming
from tasks.clean import EXTRACTOR, NO_RULES, clean
from tasks.clean.html import extract
from tasks.errors import DocumentError
from tasks.expendable import expendable
from tasks.model import AnnotatedDocument, Document, DocumentRef, Failure, SourceDocument
from tasks.read.document import read_document
from tasks.site_memory import lines_for
from tasks.sources import SourceRules, Sources
from tasks.stage import observation_row, staged_rows, version_id_of
from tasks.titles import titles_for
from warehouse.connect import in_sentences
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.known import KnownSources, known_sources
from warehouse.rows import ObservationRow
from warehouse.staging import staged_batch, write_batch

DOCUMENTS_PER_BATCH = 64  # a task run costs Prefect about 10 ms of CPU; 64 articles cost a second
# Of few documents each process gets so many batches, but none smaller than this: with one or two for each,
# most would wait for the last; each batch more costs what a document does.
TURNS, LEAST_PER_BATCH = 6, 8
MOST_BATCHES = 400  # task runs in a flow run; beyond some 500 the server's pages and memory suffer
# New objects after which cycles are looked for; at Python's own 700 that is a tenth of what annotating costs.
COLLECTED_AFTER = 20_000
# How far ahead of this clock a page may be dated: zones that were not written make up to a day of it.
AHEAD = timedelta(hours=48)
INTERNAL = "internal_error"
NO_SOURCES = Sources()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that are worked on together, by their place in the input."""

    number: int
    refs: tuple[DocumentRef, ...]
    failures: tuple[Failure, ...] = ()  # inputs that were found unusable before anything was read
    titles: tuple[Path, ...] = ()  # the memories of titles of the run
    skipped: dict[str, int] = field(default_factory=dict)  # records of web archives that are no articles
    lines: tuple[Path, ...] = ()  # the memories of lines that sites repeat
    naming: Naming = DEFAULT_NAMING


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """A batch after its work: `path` is None where it brings nothing new.

    `known` documents were read before; `failures` are of this run and of an earlier one with the same
    documents, which are not tried again. `cpu_seconds` is by stage: read, extract (pages only), clean,
    annotate, stage.
    """

    number: int
    batch_id: UUID
    path: Path | None
    documents: int
    known: int = 0
    failures: tuple[Failure, ...] = ()
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def plan_batches(
    refs: Sequence[DocumentRef],
    failures: Sequence[Failure] = (),
    titles: Sequence[Path] = (),
    skipped: Mapping[str, int] = MappingProxyType({}),
    lines: Sequence[Path] = (),
) -> list[Batch]:
    """Documents in their order, cut into batches; what failed or was skipped already goes with the first."""
    size = max(DOCUMENTS_PER_BATCH, -(-len(refs) // MOST_BATCHES))
    parts = [tuple(refs[at : at + size]) for at in range(0, len(refs), size)] or [()]
    if not (refs or failures or skipped):
        return []
    return [
        Batch(
            number,
            part,
            tuple(failures) if number == 1 else (),
            tuple(titles),
            dict(skipped) if number == 1 else {},
            tuple(lines),
        )
        for number, part in enumerate(parts, start=1)
    ]


def shared_out(batches: Sequence[Batch], hands: int) -> list[Batch]:
    """The batches, cut smaller where they are too few to keep so many hands busy until all are done."""
    documents = sum(len(batch.refs) for batch in batches)
    size = max(LEAST_PER_BATCH, -(-documents // (hands * TURNS)))
    if hands < 2 or size >= DOCUMENTS_PER_BATCH:
        return list(batches)
    parts = [part for batch in batches for part in _parts(batch, size)]
    return [replace(part, number=number) for number, part in enumerate(parts, start=1)]


def _parts(batch: Batch, size: int) -> Iterator[Batch]:
    """A batch in parts; what failed or was skipped already goes with the first."""
    yield replace(batch, refs=batch.refs[:size])
    for at in range(size, len(batch.refs), size):
        yield replace(batch, refs=batch.refs[at : at + size], failures=(), skipped={})


def pipeline_of(naming: Naming) -> str:
    """What an onrecord extracts with, by all its versions."""
    return f"{EXTRACTOR}+{taggers(naming)}"


@dataclass(frozen=True, slots=True)
class Order:
    """The `new` documents of a batch, and all that it takes to make rows of them; it travels by pickle.

    `read` are all documents of the batch: when they were seen to read as they do is staged, too.
    """

    batch_id: UUID
    work: _Work
    new: tuple[SourceDocument, ...]
    read: tuple[SourceDocument, ...]
    known: KnownSources
    failures: tuple[Failure, ...]


def carried_out(order: Order, staging: Path) -> Path | None:
    """The folder with the staged rows of an order; None where there is nothing to stage."""
    with seldom_collecting():
        return _carried_out(order, staging)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Have Python look for cycles of dead objects less often: annotations are many, and hold none."""
    usual = gc.get_threshold()
    gc.set_threshold(COLLECTED_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _carried_out(order: Order, staging: Path) -> Path | None:
    work = order.work
    annotated = [found for source in order.new if (found := work.annotated(source))]
    failures = [*order.failures, *work.failures]
    observed = list(_observations(work, order.read, order.known, annotated))
    revived = sorted({version for version, _ in order.known.superseded})
    if not (annotated or failures or observed or revived):
        return None
    with work.timed("stage"):
        rows = staged_rows(annotated, failures, work.pipeline, work.pipelines, observed, revived)
        return write_batch(staging, order.batch_id, rows)


CarryOut = Callable[[Order, Path], Path | None]


def stage_batch(
    batch: Batch,
    files: WarehouseFiles,
    sources: Sources = NO_SOURCES,
    carry_out: CarryOut = carried_out,
) -> StagedBatch:
    """Read, clean and annotate the documents that the warehouse does not know, and stage their rows.

    `sources` is what a person ordered for single outlets; `carry_out` extracts here, or elsewhere. The
    batch's id is a function of what was read, so the same batch is found staged after a crash.
    Raises WarehouseError where the disk is full.
    """
    with in_sentences(files):
        return _staged(batch, files, sources, carry_out)


def _staged(batch: Batch, files: WarehouseFiles, sources: Sources, carry_out: CarryOut) -> StagedBatch:
    work = _Work(sources, batch)
    read = [source for ref in batch.refs if (source := work.read(ref)) is not None]
    known = _known(work, files, read)
    batch_id = _batch_id(work, read, [*batch.failures, *work.failures], known)
    staged = staged_batch(files.staging, batch_id)
    if staged is None:
        new = {source.digest: source for source in reversed(read) if source.digest not in known.digests}
        # Of a document that is not read again nothing but its identity is wanted.
        seen = tuple(source if source.digest in new else replace(source, content="") for source in read)
        order = Order(batch_id, work, tuple(reversed(new.values())), seen, known, batch.failures)
        staged = carry_out(order, files.staging)
    earlier = (Failure(*astuple(failure)) for failure in known.failed)
    return StagedBatch(
        batch.number,
        batch_id,
        staged,
        len(batch.refs),
        sum(source.digest in known.read for source in read),
        (*batch.failures, *work.failures, *earlier),
        dict(work.cpu_seconds),
        batch.skipped,
    )


def _observations(
    work: _Work, read: Sequence[SourceDocument], known: KnownSources, annotated: Sequence[AnnotatedDocument]
) -> Iterator[ObservationRow]:
    """When the articles were seen to read as they do, as far as the warehouse does not know it."""
    versions = dict(known.read)
    for found in annotated:
        digest = found.document.source.digest
        versions[digest] = version_id_of(found.document, work.pipelines[digest])
    for source in read:
        version = versions.get(source.digest)
        row = observation_row(source, version) if version else None
        if row and (row.version_id, row.observed_at) not in known.observed:
            yield row


def _batch_id(
    work: _Work, read: Sequence[SourceDocument], failures: Sequence[Failure], known: KnownSources
) -> UUID:
    """The identity of a batch: what was read, what could not be, by which pipeline; what it revives, when."""
    failed = (f"{failure.input}\x1f{failure.stage}\x1f{failure.reason}" for failure in failures)
    pipelines = sorted({work.pipeline, *work.pipelines.values()})
    revived = sorted(f"{version}>{moment.isoformat()}" for version, moment in known.superseded)
    return stable_id("batch", *pipelines, *(_mark(source) for source in read), *failed, *revived)


def _mark(source: SourceDocument) -> str:
    """What was read, and when it was seen: to see the same again is something new."""
    return f"{source.digest}@{source.observed_at.isoformat()}" if source.observed_at else source.digest


def _known(work: _Work, files: WarehouseFiles, read: Sequence[SourceDocument]) -> KnownSources:
    """What the warehouse has of these documents, each by the pipeline that is in force for it."""
    found = KnownSources()
    for pipeline in sorted({work.pipelines[source.digest] for source in read}):
        digests = [source.digest for source in read if work.pipelines[source.digest] == pipeline]
        more = known_sources(files.published, digests, extractor=pipeline)
        found = KnownSources(
            found.read | more.read,
            (*found.failed, *more.failed),
            found.observed | more.observed,
            found.superseded | more.superseded,
        )
    return found


class _Work:
    """The work on one batch: collects what fails and the CPU time of each stage."""

    def __init__(self, sources: Sources, batch: Batch) -> None:
        self.sources = sources
        self.titles = batch.titles
        self.lines = batch.lines
        self.naming = batch.naming
        # What makes a row: a change of any part makes new versions of the articles that are read again.
        self.pipeline = pipeline_of(batch.naming)
        self.rules: dict[str, SourceRules] = {}  # by digest: what was ordered for the document
        self.pipelines: dict[str, str] = {}  # by digest: what makes its rows
        self.latest = datetime.now(UTC).replace(tzinfo=None) + AHEAD
        self.failures: list[Failure] = []
        self.cpu_seconds: defaultdict[str, float] = defaultdict(float)

    def read(self, ref: DocumentRef) -> SourceDocument | None:
        """The document, or None and a failure."""
        source = self._attempt("read", ref.shown, None, lambda: read_document(ref))
        if source is not None:
            rules = self.sources.of(source)
            self.rules[source.digest] = rules or NO_RULES
            ordered = f"+source {rules.mark}" if rules else ""
            self.pipelines[source.digest] = f"{self.pipeline}{ordered}"
        return source

    def annotated(self, source: SourceDocument) -> AnnotatedDocument | None:
        """The document cleaned and annotated; cleaned alone where the annotation broke down."""
        document = self._attempt("clean", source.shown, source.digest, lambda: self._clean(source))
        if document is None:
            return None
        return self._annotate(document, source)

    def _clean(self, source: SourceDocument) -> Document:
        """The document cleaned; pages are read in a process that one of them may cost."""
        process = expendable()
        before = process.cpu_seconds
        try:
            return clean(
                source,
                self.rules[source.digest],
                extract=lambda *page: process(extract, *page),
                titles=titles_for(source, self.titles),
                site_lines=lines_for(source, self.lines),
                latest=self.latest,
            )
        finally:
            if source.form == "html":
                self.cpu_seconds["extract"] += process.cpu_seconds - before

    def _annotate(self, document: Document, source: SourceDocument) -> AnnotatedDocument:
        found = self._attempt(
            "annotate", source.shown, source.digest, lambda: annotate(document, self.naming)
        )
        return found or AnnotatedDocument(document)

    def _attempt(self, stage: str, place: str, digest: str | None, work: Callable[[], T]) -> T | None:
        with self.timed(stage):
            try:
                return work()
            except DocumentError as error:
                failure = Failure(place, stage, error.reason, error.message, digest)
            except OSError:
                raise  # no document's fault (a full disk, say): the batch is tried again as a whole
            except Exception as error:  # noqa: BLE001 - one document's trouble must not cost the others
                message = f"It broke the {stage} stage ({type(error).__name__}); please report it."
                failure = Failure(place, stage, INTERNAL, message, digest, traceback.format_exc())
        self.failures.append(failure)
        return None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count the CPU seconds of this thread towards a stage."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.cpu_seconds[stage] += time.thread_time() - began
