"""Whether a wording names a person, an agency, or neither: the house, a desk, a machine.

Called by `authors`. What counts is the form of the name and word lists; no list of persons is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from tasks.clean.byline import MAX_NAME_WORDS, ROLE, is_outlet
from tasks.clean.lexicon import words
from tasks.clean.metadata.wording import squeezed

# Between two names. A conjunction counts only where a whole name stands on either side of it.
BETWEEN = re.compile(r"\s*(?:[,;|•·、，/]|\s[-–—]\s|\n)\s*")
CONJUNCTION = re.compile(
    r"\s+(?:and|und|et|y|e|og|och|en|i|och|ja|dan|и|&|\+|with|mit|avec)\s+", re.IGNORECASE
)
OPENING = re.compile(
    r"(?i)^(?:(?:words|story|text|texte|texto|report|reported|reporting|written|posted|published|analysis)\s*(?:by|:)"
    r"|(?:kommentar|analyse|interview|bericht|reportage|text|protokoll)\s+(?:von|af|av)\b"
    r"|by\b|von\b|par\b|por\b|autor(?:en|in)?:|av:|oleh\b|автор:|(?-i:di|da|de|av|af|door)\b)[\s:]*(?=\w)"
)
UNNAMED = re.compile(r"[\d@_<>{}\[\]=#*]|https?:|www\.|\.(?:com?|net|org|de|uk|is|tv)\b", re.IGNORECASE)
# Titles and degrees, which are no part of the name.
DEGREE = re.compile(
    r"(?i)^(?:ph\.?\s?d\.?|m\.?d\.?|jr\.?|sr\.?|dr\.?|prof\.?|esq\.?|m\.?a\.?|r\.?d\.?n?|mba|obe|cbe)$"
)
HONORIFIC = re.compile(r"(?i)^(?:dr|prof|sir|mr|mrs|ms)\.?\s+(?=\S+\s+\S+)")
ASIDE = re.compile(r"\s*\([^()]*\)|\s+[–—-]\s+.*$|\s+(?:for|in|at|FOR|For)\s+[A-Z].*$")
CASED = re.compile(r"[A-Za-zÀ-ɏͰ-ϿЀ-ӿԱ-֏]")
# What houses and desks have in their names in scripts without capitals.
UNCASED_DESK = re.compile(
    r"新聞|新闻|通信|通讯|編集|编辑|編輯|記者|记者|社$|部$|網|网|ニュース|オンライン|デジタル|取材|日報|日报|時報|时报"
    r"|기자|뉴스|신문|일보|데스크|취재|팀$|وكال|تحرير|صحيف|מערכת|חדשות|सं?वाददाता|डेस्क|न्यूज"
)
UNCASED_LENGTH = range(2, 25)  # letters of a name in such a script
# In many languages: who writes for a house without being named.
DESK = re.compile(
    r"(?i)staff|team|(?:news)?desk|newsroom|board|redaktion|redakcj?a|redakce|redaksi|redacci[oó]n|reda[cç][aã]o"
    r"|redazione|r[ée]daction|redactie|toimitus|редакция|редакція"
)
MIN_SITE = 3  # letters of a site's name that may be recognised inside another
MAX_NAME = 60  # characters


def name_parts(text: str) -> list[str]:
    """The names in a byline, cut apart; what is none is still among them."""
    found: list[str] = []
    for piece in BETWEEN.split(OPENING.sub("", text.strip())):
        for part in _conjoined(piece.strip(" .:")):
            found += _less_agency(part)
    bare = [part for part in found if part and not DEGREE.match(part)]
    if len(bare) == 2 and "," in text and all(len(part.split()) == 1 and part[0].isupper() for part in bare):
        return [f"{bare[1]} {bare[0]}"]  # "Doe, Jane"
    return bare


def _less_agency(piece: str) -> list[str]:
    """A name and the agency that stands behind it without a mark ("Jane Doe The Associated Press")."""
    parts = piece.split()
    for at in range(2, len(parts)):
        if is_agency(" ".join(parts[at:])) and all(part[:1].isupper() for part in parts):
            return [" ".join(parts[:at]), " ".join(parts[at:])]
    return [piece]


def _conjoined(piece: str) -> list[str]:
    """The names about a conjunction; "Ortega y Gasset" is one."""
    parts = CONJUNCTION.split(piece)
    whole = [part for part in parts if len(part.split()) > 1 or part in words("agencies")]
    return parts if len(whole) == len(parts) else [piece]


def person(name: str, site_names: Sequence[str], *, is_called_person: bool = False) -> str | None:
    """The name of a person as it is stored; None for anything else.

    `is_called_person`: the page says so; then one word is enough.
    """
    if UNNAMED.search(name):
        return None
    bare = ASIDE.sub("", HONORIFIC.sub("", OPENING.sub("", name.strip()))).strip(" .,:;-–|\"'“”")
    if bare.endswith((" Jr", " Sr", " C.J", ".J")):
        bare = name.strip().rstrip(",;:")
    if not bare or len(bare) > MAX_NAME or not any(map(str.isalpha, bare)):
        return None
    parts = bare.split()
    if len(parts) > 2 and parts[: len(parts) // 2] == parts[len(parts) // 2 :]:
        bare = " ".join(parts[: len(parts) // 2])  # a picture's text and the name itself
    if is_of_house(bare, site_names) or is_agency(bare):
        return None
    if not CASED.search(bare):
        return bare if len(bare) in UNCASED_LENGTH and not UNCASED_DESK.search(bare) else None
    return _capitalised(bare) if _is_cased_name(bare, is_called_person=is_called_person) else None


def _is_cased_name(name: str, *, is_called_person: bool) -> bool:
    parts = name.split()
    if not (1 if is_called_person else 2) <= len(parts) <= MAX_NAME_WORDS + 1:
        return False
    if not is_called_person and (is_outlet(name) or ROLE.search(name)):
        return False
    if not all(part[0].isupper() or part in words("name_particles") or "'" in part for part in parts):
        return False
    return parts[-1][0].isupper()


def _capitalised(name: str) -> str:
    """A name that is all capitals, or all small, as names are written."""
    if not name.isupper() or len(name.split()) < 2:
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if len(word[0]) > 2 else word[0], name)


def is_agency(name: str) -> bool:
    """Whether it is a news agency, with or without its article."""
    return name in words("agencies") or re.sub(r"(?i)^the\s+", "", name) in words("agencies")


def is_desk(name: str) -> bool:
    """Whether it names a desk or the staff of a house ("Some Daily Staff", "SD-Redaktion"), not all of it."""
    parts = re.split(r"[\s-]+", name)
    is_named = len(name) <= MAX_NAME and len(parts) > 1 and name[:1].isupper() and not UNNAMED.search(name)
    is_first = DESK.fullmatch(parts[0]) is not None and parts[0].casefold() != "staff"  # "Staff Writers"
    return is_named and (is_first or DESK.fullmatch(parts[-1]) is not None)


def is_of_house(name: str, site_names: Iterable[str]) -> bool:
    """Whether it names the site, its publisher or one of its desks."""
    parts = {squeezed(part) for part in re.split(r"[\s./-]+", name)}
    if parts & _desk_words():
        return True
    bare = squeezed(name)
    return any(_is_site(bare, parts, squeezed(site)) for site in site_names)


@cache
def _desk_words() -> frozenset[str]:
    return frozenset(map(squeezed, words("desk_words")))


def _is_site(bare: str, parts: set[str], site: str) -> bool:
    if len(site) < MIN_SITE:
        return bare == site
    return (
        bare == site
        or site in parts
        or (len(bare) > MIN_SITE and bare in site)
        or (len(site) > 6 and site in bare)
    )
