"""Who said what: contents, cues and speakers, to the character.

`marks.py` finds passages by their quote marks; `units.py` reads paragraphs as words and whole passages;
`attribution.py` (with `cues.py`, `noun_phrases.py`, `complements.py` and the word lists of `lexicon/`) finds
subject, cue and content; `assembly.py` makes quotes of them; `speakers.py` names their canonical speakers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tasks.annotate.quotes.assembly import Draft, assemble, kind_of
from tasks.annotate.quotes.attribution import AttributionTagger, RuleTagger
from tasks.annotate.quotes.marks import Passage
from tasks.annotate.quotes.speakers import Speakers
from tasks.annotate.quotes.units import Reading, read_units
from tasks.annotate.tokens import Paragraph
from tasks.model import Document, Entity, Mention, Quote, Span

DEFAULT_TAGGER: AttributionTagger = RuleTagger()
TAGGER = f"quotes-{DEFAULT_TAGGER.name}"


def annotate_quotes(
    document: Document,
    paragraphs: Sequence[Paragraph],
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
    tagger: AttributionTagger = DEFAULT_TAGGER,
) -> tuple[Quote, ...]:
    """The quotes of a document's paragraphs (those of its readable segments), in the order of the text.

    Speakers are indices into `entities`, carriers indices into the result. Never raises, whatever the marks.
    """
    reading = read_units(document, paragraphs, mentions)
    drafts = assemble(reading, tagger.tag(reading))
    speakers = Speakers(reading, entities)
    passages = [passage for passage in reading.passages if passage.outer is None]
    starts = [passage.span.start for passage in passages]
    carriers = _carriers(drafts)
    return tuple(
        _quote(reading, draft, speakers, _touching(passages, starts, draft), carrier)
        for draft, carrier in zip(drafts, carriers, strict=True)
    )


def _quote(
    reading: Reading, draft: Draft, speakers: Speakers, passages: Sequence[Passage], carrier: int | None
) -> Quote:
    speaker = speakers.resolve(draft.core)
    return Quote(
        spans=draft.spans,
        kind=kind_of(reading.text, draft.spans, passages),
        stance=draft.stance,
        score=draft.score,
        rule=draft.rule,
        cue=draft.cue,
        speaker=draft.source,
        speaker_entity=speaker.entity,
        no_speaker=speaker.reason,
        carrier=carrier,
    )


def _touching(passages: Sequence[Passage], starts: Sequence[int], draft: Draft) -> Sequence[Passage]:
    """The passages from the first that may touch a draft to the last."""
    hull: Span = draft.hull
    first = max(0, bisect_left(starts, hull.start) - 1)
    return passages[first : bisect_left(starts, hull.end)]


def _carriers(drafts: Sequence[Draft]) -> list[int | None]:
    """For each draft the index of the innermost one that holds it; drafts sorted by where they begin."""
    found: list[int | None] = []
    open_: list[int] = []
    for index, draft in enumerate(drafts):
        while open_ and drafts[open_[-1]].hull.end < draft.hull.end:
            open_.pop()
        found.append(open_[-1] if open_ and drafts[open_[-1]].holds(draft.hull) else None)
        open_.append(index)
    return found
