"""Derives `countries.tsv` from countryinfo and `countries_extra.toml`; for developers.

    python -m tasks.annotate.entities.lexicon.build

Reading countryinfo's 250 files at each start would cost more than all other lexicons together.
Source: countryinfo (MIT licence), https://pypi.org/project/countryinfo/.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Shorter other spellings are codes ("TR", "TUR"); commas make index forms ("Congo, Republic of").
SHORTEST_SPELLING = 5
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ .'’()&-]+")
# Spellings of countryinfo that mean something else in English.
MISLEADING = {"Island", "Guiana", "Congo", "Portuguesa", "Mexicanos", "Prathet", "Togolese", "Montenegrin"}
# Places without people, or parts of others, whose demonyms would take over those of a country.
NO_DEMONYM = {"IO", "TF", "CX", "GS", "AS", "HK", "DM", "MP", "MQ", "PM", "RE", "SJ", "YT"}
# Countries that are no more, under codes that are no longer given out.
WITHDRAWN = {"AN", "CS"}


def main() -> None:
    """Writes the table beside this file."""
    extra = tomllib.loads((HERE / "countries_extra.toml").read_text("utf-8"))
    rows = sorted(_rows(extra))
    head = "# iso2\tname\tother names\tdemonyms\tcapitals (made by build.py: edit countries_extra.toml)\n"
    (HERE / "countries.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")


def _rows(extra: dict[str, Any]) -> Iterable[str]:
    from countryinfo import all_countries

    known: dict[str, Any] = {}
    for country in all_countries():
        facts: Any = country.info()
        code = (facts.get("ISO") or {}).get("alpha2")
        if code and len(code) == 2 and code not in WITHDRAWN:
            known.setdefault(code, facts)
    for code in known.keys() | extra.keys():
        yield _row(code, known.get(code, {}), extra.get(code, {}))


def _row(code: str, facts: dict[str, Any], extra: dict[str, Any]) -> str:
    name = extra.get("name") or facts["name"]
    names = [*extra.get("names", ()), facts.get("name"), *filter(_is_name, facts.get("altSpellings") or ())]
    demonyms = list(extra.get("demonyms", ()))
    if code not in NO_DEMONYM:
        demonyms += re.split(r",\s*", facts.get("demonym") or "")
    capitals = [*extra.get("capitals", ()), facts.get("capital")]
    columns = (_unique(names, besides=name), _unique(demonyms, besides=name), _unique(capitals))
    return "\t".join((code, name, *(";".join(column) for column in columns)))


def _is_name(spelling: str) -> bool:
    return (
        len(spelling) >= SHORTEST_SPELLING
        and spelling[0].isupper()
        and LATIN.fullmatch(spelling) is not None
        and spelling not in MISLEADING
    )


def _unique(values: Iterable[Any], besides: str = "") -> list[str]:
    texts = [value for value in values if isinstance(value, str) and value and value != besides]
    return list(dict.fromkeys(texts))


if __name__ == "__main__":
    main()
