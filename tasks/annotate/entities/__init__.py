"""Names, dates and quantities, and which of them mean the same thing.

`annotate_entities` is the way in. Inside, in the order of work:

- `tagger`: what a tagger is; `chosen`: which one a setting names
- `trained/`: the default tagger, a trained one; `models/`: its weights, and what trains and measures it
- `names` (with `chunks`, `reading`, `evidence`): the tagger by rules; `backends`: those of other libraries
- `doubtful`: names that are none, in headlines and tables
- `datelines`, `editions`, `lexicon_names`: what the cleaning has read of a dateline; outlets called by a
  language; names that the lexicons settle whatever a tagger says
- `document_pass`: short forms in brackets, bare surnames, one label for one string
- `closed_classes`: dates, sums, quantities, nationalities
- `roles`, `metonyms`: who somebody is; capitals that stand for governments
- `resolver`, `identity`: which mentions are one entity, its key and its name; `own_aliases`: the user's say
- `gazetteer`, `lexicon/`, `folding`: the word lists, and spellings made equal
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.annotate.entities.closed_classes import closed_mentions
from tasks.annotate.entities.datelines import dateline_names
from tasks.annotate.entities.document_pass import PASS_RULES, document_pass
from tasks.annotate.entities.doubtful import without_doubtful
from tasks.annotate.entities.editions import language_editions
from tasks.annotate.entities.folding import fold
from tasks.annotate.entities.gazetteer import countries, country_codes, demonyms
from tasks.annotate.entities.identity import country_identity, name_rank
from tasks.annotate.entities.lexicon_names import with_lexicon_names
from tasks.annotate.entities.metonyms import metonym
from tasks.annotate.entities.own_aliases import NO_ALIASES, OwnAliases
from tasks.annotate.entities.resolver import NamedMention, resolve_entities
from tasks.annotate.entities.roles import roles
from tasks.annotate.entities.tagger import (
    NameSpan,
    Tagger,
    places_apart,
    without_direction,
    without_overlaps,
)
from tasks.annotate.entities.trained.tagger import trained_tagger
from tasks.annotate.tokens import Paragraph
from tasks.model import Document, Entity, Label, Mention, Role, Span

__all__ = ["EntityLayer", "annotate_entities", "name_rank"]


@dataclass(frozen=True, slots=True)
class EntityLayer:
    """The mentions of a document in text order, none overlapping another, and the entities they mean."""

    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]


def annotate_entities(
    document: Document,
    paragraphs: Sequence[Paragraph],
    tagger: Tagger | None = None,
    aliases: OwnAliases = NO_ALIASES,
) -> EntityLayer:
    """Finds and resolves the names, dates and quantities of a cleaned document.

    Without a tagger the shipped, trained one is taken.
    """
    text = document.text
    tagger = tagger or trained_tagger()
    tagged = without_doubtful(paragraphs, tagger.tag(paragraphs))
    tagged = [without_direction(text, one) for span in tagged for one in places_apart(text, span)]
    own = [*dateline_names(document), *language_editions(paragraphs)]
    found = without_overlaps([*with_lexicon_names(paragraphs, tagged), *own])
    names = document_pass(text, paragraphs, found, is_consistent=tagger.is_consistent)
    mentions = _all_mentions(document, paragraphs, names.spans, tagger.name)
    named = [index for index, mention in enumerate(mentions) if mention.label in _NAMED]
    indexes, entities = resolve_entities(
        _named_mentions(document, paragraphs, [mentions[index] for index in named]),
        names.short_forms,
        document.source.natural_key,
        aliases,
    )
    for index, entity in zip(named, indexes, strict=True):
        mentions[index] = replace(mentions[index], entity=entity)
    return EntityLayer(tuple(mentions), entities)


# How many characters before an institution may name its country.
WINDOW_BEFORE = 40
# Rules that are ours whatever the tagger; in a mention they stand without its name.
OWN_RULES = PASS_RULES | {"dateline", "language edition", "lexicon"}
_NAMED = frozenset({Label.PERSON, Label.ORGANISATION, Label.PLACE, Label.NATIONALITY})


def _all_mentions(
    document: Document, paragraphs: Sequence[Paragraph], spans: Sequence[NameSpan], tagger: str
) -> list[Mention]:
    """Names, with their roles, and the closed classes; in text order."""
    closed = closed_mentions(document.text, paragraphs, document.published_on)
    spans = [span for span in spans if not _is_inside(span.span, closed)]
    persons = [span.span for span in spans if span.label is Label.PERSON]
    known_roles = roles(document.text, paragraphs, persons)
    found = []
    for span in spans:
        role = known_roles.get(span.span)
        made_by = span.why if span.why in OWN_RULES else f"{tagger}: {span.why}"
        mention = Mention(span.span, span.label, span.score, made_by)
        found.append(replace(mention, role=role.role, role_country=role.country) if role else mention)
    starts = [span.start for span in spans]
    for mention in closed:
        at = bisect_right(starts, mention.span.end - 1)
        if not (at and spans[at - 1].span.touches(mention.span)):
            found.append(mention)
    return sorted(found, key=lambda mention: mention.span)


def _is_inside(name: Span, closed: Sequence[Mention]) -> bool:
    """Whether a name is part of a sum or a date ("US $5"): the whole wins."""
    at = bisect_right(closed, name.start, key=lambda mention: mention.span.start) - 1
    return at >= 0 and closed[at].span.holds(name) and closed[at].label is not Label.NATIONALITY


def _named_mentions(
    document: Document, paragraphs: Sequence[Paragraph], mentions: Sequence[Mention]
) -> list[NamedMention]:
    """The mentions as the resolver wants them; each is read with its own paragraph only."""
    lines = [paragraph.span for paragraph in paragraphs]
    datelines = [segment.span for segment in document.segments if segment.role is Role.DATELINE]
    found = []
    for mention in mentions:
        line = lines[bisect_right(lines, mention.span.start, key=lambda span: span.start) - 1]
        in_dateline = any(span.holds(mention.span) for span in datelines)
        found.append(_named_mention(document.text, line, mention, in_dateline=in_dateline))
    return found


def _named_mention(text: str, line: Span, mention: Mention, *, in_dateline: bool) -> NamedMention:
    span, label = mention.span, mention.label
    code = metonym(text, span, line) if label is Label.PLACE and not in_dateline else None
    stands_for = country_identity(code, "metonym") if code else None
    beside = (
        _country_beside(text[max(line.start, span.start - WINDOW_BEFORE) : span.start])
        if label is Label.ORGANISATION
        else None
    )
    return NamedMention(span.of(text), label, stands_for, beside)


def _country_beside(before_it: str) -> str | None:
    """The country of the word right before an institution: "Turkish", "Turkey's"."""
    before = before_it.rstrip().split()
    for size in (2, 1):
        name = " ".join(before[-size:]).strip("“\"'‘(")
        code = demonyms().get(name)
        if code is None and name.endswith(("'s", "’s")) and name[:1].isupper():
            code = country_codes().get(fold(name))
        if code in countries():
            return code
    return None
