"""Who said what: contents, cues and speakers, to the character.

- `marks.py`: passages by their quote marks; `units.py`: paragraphs as words and whole passages
- `attribution.py`: what a tagger finds, the seam between taggers and assembly
- `trained/`: the tagger in use, a CRF that has the attributions of the rules among its features
- `tagger.py`: the rules: `sentence_scan.py` (subject, cue, content), `labels.py` (transcripts, titles,
  signatures), `complements.py`, `noun_phrases.py`, `cues.py` and the words of `lexicon/`
- `trained/ranking.py`: who spoke where no speaker stands beside the cue
- `assembly.py`: attributions and passages made into quotes; `speakers.py`: their canonical speakers
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.annotate.quotes.assembly import Cover, Draft, assemble, carriers, kind_of
from tasks.annotate.quotes.attribution import SURE_TRAINED, AttributionTagger
from tasks.annotate.quotes.speakers import Speakers
from tasks.annotate.quotes.trained.ranking import rank_speakers
from tasks.annotate.quotes.trained.tagger import TrainedTagger
from tasks.annotate.quotes.units import Reading, read_units
from tasks.annotate.tokens import Paragraph
from tasks.model import Document, Entity, Mention, Quote

DEFAULT_TAGGER: AttributionTagger = TrainedTagger()
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
    tagging = tagger.tag(reading)
    drafts = assemble(reading, tagging.attributions)
    if tagging.signs:
        rank_speakers(reading, tagging.signs, drafts)
    speakers = Speakers(reading, entities)
    marked = Cover(passage.span for passage in reading.passages)
    return tuple(
        _quote(reading, draft, speakers, marked, carrier)
        for draft, carrier in zip(drafts, carriers(drafts), strict=True)
    )


def _quote(reading: Reading, draft: Draft, speakers: Speakers, marked: Cover, carrier: int | None) -> Quote:
    speaker = speakers.resolve(draft.core, draft.source)
    kind = kind_of(reading.text, draft.spans, marked)
    return Quote(
        spans=tuple(draft.spans),
        kind=kind,
        stance=draft.stance,
        score=min(draft.score, SURE_TRAINED[kind]) if draft.rule == "trained" else draft.score,
        rule=draft.rule,
        cue=draft.cue,
        speaker=draft.source,
        speaker_entity=speaker.entity,
        no_speaker=speaker.reason,
        carrier=carrier,
    )
