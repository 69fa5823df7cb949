"""A user's alias table: read, obeyed, told what it would join, joined and parted with a trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.annotate.entities.own_aliases import OwnAliases, read_aliases
from tasks.annotate.entities.resolver import NamedMention, resolve_entities
from tasks.errors import UsageError
from tasks.model import Label

TOML = '[PER]\n"Ana Ribeiro" = ["Ribeiro"]\n[ORG]\n"Harbour Guild" = ["HG"]\n"Tamil Tigers" = []\n'
CSV = "label,name,alias\nPER,Ana Ribeiro,Ribeiro\nORG,Harbour Guild,HG\nORG,Tamil Tigers,\n"


def table(tmp_path: Path, content: str, suffix: str = ".toml") -> OwnAliases:
    path = tmp_path / f"aliases{suffix}"
    path.write_text(content, encoding="utf-8")
    return read_aliases(path)


def keys(aliases: OwnAliases, *names: tuple[str, Label]) -> list[str]:
    mentions = [NamedMention(name, label) for name, label in names]
    indexes, entities = resolve_entities(mentions, {}, "key", aliases)
    return [entities[index].key for index in indexes]


@pytest.mark.parametrize(("content", "suffix"), [(TOML, ".toml"), (CSV, ".csv")])
def test_a_table_joins_names_as_toml_and_as_csv(content: str, suffix: str, tmp_path: Path) -> None:
    aliases = table(tmp_path, content, suffix)
    found = keys(aliases, ("Ribeiro", Label.PERSON), ("HG", Label.ORGANISATION))
    assert found == ["per:ana ribeiro", "org:harbour guild"]
    assert len(aliases.mark) == 8


def test_the_users_table_overrides_the_shipped_one(tmp_path: Path) -> None:
    names = ("Tamil Tigers", Label.ORGANISATION), ("LTTE", Label.ORGANISATION)
    assert keys(OwnAliases(), *names) == ["org:liberation tigers of tamil eelam"] * 2
    assert keys(table(tmp_path, TOML), *names) == ["org:tamil tigers", "org:liberation tigers of tamil eelam"]


def test_the_entity_is_called_by_the_name_in_the_table_and_says_by_which_rule(tmp_path: Path) -> None:
    aliases = table(tmp_path, '[LOC]\n"Turkey" = ["Turkiye Republic"]\n')
    _, (entity,) = resolve_entities([NamedMention("Turkiye Republic", Label.PLACE)], {}, "key", aliases)
    assert (entity.key, entity.country) == ("country:TR", "TR")
    assert ("Turkiye Republic", "own alias") in [(one.surface, one.rule) for one in entity.aliases]


def test_case_counts_for_abbreviations_alone(tmp_path: Path) -> None:
    aliases = table(tmp_path, TOML)
    assert aliases.identity("RIBEIRO", Label.PERSON) is not None
    assert aliases.identity("Hg", Label.ORGANISATION) is None


@pytest.mark.parametrize(
    ("content", "suffix", "told"),
    [
        ("[PER", ".toml", "cannot be read"),
        ('[CITY]\n"A" = ["B"]', ".toml", "no label of a name"),
        ('[PER]\n"A" = "B"', ".toml", "list of texts"),
        ('PER = "A"', ".toml", "must be a table"),
        ('[PER]\n"A" = [" "]', ".toml", "is empty"),
        ('[PER]\n"Ana" = ["Bo"]\n"Cy" = ["Bo"]', ".toml", "alias of two names"),
        ("name,alias\nA,B\n", ".csv", "must name the columns"),
    ],
)
def test_what_a_table_cannot_mean_is_told_in_a_sentence(
    content: str, suffix: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=told):
        table(tmp_path, content, suffix)


def test_a_table_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_aliases(tmp_path / "none.toml")
