"""How names are found and joined, as a user has chosen: the tagger, and an alias table of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.annotate.entities.chosen import DEFAULT, tagger_named
from tasks.annotate.entities.own_aliases import NO_ALIASES, OwnAliases


@dataclass(frozen=True, slots=True)
class Naming:
    """The tagger's setting (`crf`, `rules`, `spacy:MODEL`, `gliner:MODEL`) and the user's aliases."""

    tagger: str = DEFAULT
    aliases: OwnAliases = NO_ALIASES

    @property
    def mark(self) -> str:
        """What goes into every row that it made: the tagger with its version, and which aliases."""
        aliases = f"+aliases {self.aliases.mark}" if self.aliases.rows else ""
        return f"{tagger_named(self.tagger).name}{aliases}"


DEFAULT_NAMING = Naming()
