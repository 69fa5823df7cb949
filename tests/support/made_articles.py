"""Made articles: sentences of our own, recombined. As many as wanted, the same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PEOPLE = (
    "Anna Keller",
    "Omar Haddad",
    "Grace Okafor",
    "Luis Ortega",
    "Mei Tanaka",
    "Peter Novak",
    "Rosa Lind",
)
ROLES = ("Foreign Minister", "Governor", "Mayor", "spokeswoman", "Finance Minister", "chief executive")
PLACES = ("Nairobi", "Lima", "Oslo", "Jakarta", "Warsaw", "Accra", "Quito")
BODIES = ("the Harbour Authority", "the Ministry of Health", "Northern Rail", "the City Council")
OUTLETS = ("The Daily Ledger", "Morning Post Herald", "Coast Tribune", "Inland Gazette")
SAYINGS = (
    "We will rebuild every bridge before the winter",
    "Nobody was told about the contract",
    "The figures speak for themselves",
    "This is not the time for a vote",
    "Our hospitals need nurses, not promises",
    "The port stays open",
    "I have never seen such a harvest",
)
FACTS = (
    "The decision followed three weeks of talks in {place}.",
    "About {number} people took part, according to {body}.",
    "{body_cap} had warned of delays since March.",
    "Prices rose by {number} percent last year.",
    "A second report is expected on Nov. {day}.",
    "The road between {place} and the coast remained closed.",
    "Rain fell for {day} days without a break.",
)
HEADLINES = (
    "Storm leaves coast without power",
    "Five things to know about the budget",
    "Local bakery wins national prize",
    "Train drivers end their strike",
)


def made_articles(number: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many JSONL rows: id, outlet, title, published_at, text."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for which in range(number):
        person, place = chance.choice(PEOPLE), chance.choice(PLACES)
        yield {
            "id": f"made-{seed}-{which}",
            "outlet": chance.choice(OUTLETS),
            "title": f"{person.split()[-1]} speaks in {place} on day {which}",
            "published_at": f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "text": "\n\n".join(_paragraphs(chance, person, place)),
        }


def write_made_articles(path: Path, number: int, seed: int = 1) -> Path:
    """The rows as a JSONL file."""
    with path.open("w", encoding="utf-8") as file:
        for row in made_articles(number, seed):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def _paragraphs(chance: random.Random, person: str, place: str) -> Iterator[str]:
    surname, role = person.rsplit(maxsplit=1)[-1], chance.choice(ROLES)
    yield f"{place.upper()} (Reuters) - {role[0].upper()}{role[1:]} {person} spoke on Monday. {_fact(chance)}"
    for _ in range(chance.randint(4, 12)):
        saying = chance.choice(SAYINGS)
        yield chance.choice(
            (
                f'"{saying}," {surname} said. {_fact(chance)}',
                f"{surname} said that {saying[0].lower()}{saying[1:]}. {_fact(chance)} {_fact(chance)}",
                f"{_fact(chance)} {_fact(chance)} {_fact(chance)}",
                f"“{saying}” was how {chance.choice(PEOPLE)} put it. {_fact(chance)}",
            )
        )
    if chance.random() < 0.3:
        yield " ".join(chance.sample(HEADLINES, 3))


def _fact(chance: random.Random) -> str:
    body = chance.choice(BODIES)
    return chance.choice(FACTS).format(
        place=chance.choice(PLACES),
        number=chance.randint(2, 900),
        day=chance.randint(2, 28),
        body=body,
        body_cap=body[0].upper() + body[1:],
    )
