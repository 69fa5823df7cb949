"""The sayings of an article as one string, and back: made once, read whenever its story is linked.

Called by `tasks/stage.py` and by `statement_step.py`.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from tasks.link.statements.model import Saying, SayingsOfArticle, Source, Telling
from tasks.link.statements.occasions import occasions_of
from tasks.link.statements.segments import sayings_of
from tasks.model import Span

CUTTER: Final = "sayings 1"  # name and version of the cutting: of words, sentences, anchors and occasions
# Sayings are packed without their article: they are stored with its version.
UNNAMED: Final = Source("", datetime.min)  # noqa: DTZ901


def packed_sayings(telling: Telling) -> str | None:
    """What an article reports as JSON; None where it has no quote.

    {"quotes": [[id, speaker, name], …], "sayings": [[quote's place, start, end, marked, words, anchors], …],
    "occasions": {name: [[sort, name], …]}}
    """
    sayings = sayings_of(telling, UNNAMED)
    if not sayings:
        return None
    quotes = {saying.quote_id: [saying.quote_id, saying.speaker, saying.speaker_name] for saying in sayings}
    place = {quote_id: at for at, quote_id in enumerate(quotes)}
    speaking = {saying.speaker_name for saying in sayings}
    content = {
        "quotes": list(quotes.values()),
        "sayings": [
            [
                place[saying.quote_id],
                *saying.span,
                int(saying.marked),
                " ".join(saying.words),
                sorted(saying.anchors),
            ]
            for saying in sayings
        ],
        "occasions": {
            speaker: sorted(occasions)
            for speaker, occasions in sorted(occasions_of(telling).items())
            if speaker in speaking
        },
    }
    return json.dumps(content, separators=(",", ":"))


def unpacked_sayings(content: str, source: Source) -> SayingsOfArticle:
    """What the article reports, from its JSON."""
    read: dict[str, Any] = json.loads(content)
    sayings = []
    for number, (place, start, end, marked, words, anchors) in enumerate(read["sayings"]):
        quote_id, speaker, name = read["quotes"][place]
        said = tuple(words.split(" "))
        sayings.append(
            Saying(
                source,
                quote_id,
                number,
                Span(start, end),
                said,
                bool(marked),
                speaker,
                name,
                frozenset(anchors),
            )
        )
    occasions = {
        speaker: frozenset((sort, name) for sort, name in pairs)
        for speaker, pairs in read["occasions"].items()
    }
    return SayingsOfArticle(source, tuple(sayings), occasions)
