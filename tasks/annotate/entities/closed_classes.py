"""Mentions that a list or a pattern settles: dates, quantities, money, nationalities.

Called by `annotate_entities` after the names; where one overlaps a name, the name stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from tasks.annotate.entities.gazetteer import countries, demonyms, longest_demonym
from tasks.annotate.tokens import Paragraph, Token
from tasks.dates import WrittenDate, resolve, written_dates
from tasks.model import Label, Mention, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RELATIVE_YEAR = {"last": -1, "this": 0, "next": 1}
_DAY = "|".join(day.title() for day in WEEKDAYS)
YEAR_AFTER = re.compile(r",? (?:of )?(this|last|next) year\b")
RELATIVE_DATE = re.compile(
    rf"""
      \b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Ee]arly|[Ll]ate)\ )?(?P<weekday>{_DAY})\b(?:\ (?:morning|afternoon|evening|night))?
    | \b(?P<day>[Yy]esterday|[Tt]oday|[Tt]omorrow|[Tt]onight)\b(?!['’]s?\ [A-Z])
    | \b(?P<step>[Ll]ast|[Tt]his|[Nn]ext)\ (?P<period>year|month|week)\b
    | \b(?:[Tt]he\ )?(?:(?:early|late|mid)[-\ ])?(?P<decade>1[0-9]\d0|20\d0)s\b
    """,
    re.VERBOSE,
)
DAY_STEPS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "crore": 1e7, "lakh": 1e5}
_SCALE = r"(?:[ -]?(?P<{0}>hundred|thousand|million|billion|trillion|crore|lakh|bn|mn|tn|m|k|b)\b)?"
SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₦": "NGN",
           "₪": "ILS", "₱": "PHP", "₡": "CRC", "฿": "THB", "₫": "VND", "₴": "UAH", "₵": "GHS", "₸": "KZT"}  # fmt: skip
DOLLARS = {"US": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "HK": "HKD", "S": "SGD", "NZ": "NZD", "NT": "TWD",
           "R": "BRL", "J": "JMD"}  # fmt: skip
CURRENCY_WORDS = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupee": None, "ruble": "RUB",
    "rouble": "RUB", "lira": "TRY", "won": "KRW", "naira": "NGN", "shekel": "ILS", "peso": None, "real": "BRL", "reais": "BRL",
    "rand": "ZAR", "franc": None, "dirham": "AED", "riyal": "SAR", "rial": "IRR", "dinar": None, "baht": "THB", "ringgit": "MYR",
    "rupiah": "IDR", "dong": "VND", "hryvnia": "UAH", "zloty": "PLN", "krona": "SEK", "krone": None, "kroner": None, "forint": "HUF",
    "shilling": None, "cedi": "GHS", "birr": "ETB", "taka": "BDT", "tenge": "KZT", "lari": "GEL", "leu": "RON", "lei": "RON",
    "colon": "CRC", "quetzal": "GTQ", "kwacha": None, "pula": "BWP", "cent": None, "pence": "GBP",
}  # fmt: skip
CODES = (
    "USD|EUR|GBP|JPY|CNY|RMB|INR|RUB|TRY|KRW|NGN|ILS|BRL|ZAR|AED|SAR|THB|MYR|IDR|VND|UAH|PLN|SEK|NOK|DKK|CHF|CAD|AUD|NZD|SGD|HKD"
    "|KES|UGX|TZS|GHS|PKR|BDT|LKR|EGP|MXN|PHP|Rs|KSh|Sh|RM"
)
_WORDS = "|".join(sorted(CURRENCY_WORDS, key=len, reverse=True))
MONEY = re.compile(
    rf"""
      (?:(?<![A-Za-z])(?P<dollar>US|AU?|CA?|HK|S|NZ|NT|R|J)\$|(?P<symbol>[{"".join(SYMBOLS)}]))\s?(?P<n1>{NUMBER}){_SCALE.format("s1")}
    | (?<![A-Za-z])(?P<code>{CODES})\.?\s?(?P<n2>{NUMBER}){_SCALE.format("s2")}
    | (?<![\w.,])(?P<n3>{NUMBER}){_SCALE.format("s3")}[ -](?P<of>US\ |Australian\ |Canadian\ |Hong\ Kong\ |Singapore\ )?(?P<word>{_WORDS}|{CODES})s?\b
    """,
    re.VERBOSE,
)
UNITS = (
    "percent|per cent|percentage points?|%|kilomet(?:er|re)s?|km|miles?|met(?:er|re)s?|cm|centimet(?:er|re)s?|millimet(?:er|re)s?|mm|feet|foot|ft"
    "|inch(?:es)?|yards?|acres?|hectares?|square (?:kilomet(?:er|re)s?|miles?|met(?:er|re)s?|feet)|tons?|tonnes?|metric tons?|kg|kilograms?|kilos?|grams?"
    "|pounds?|ounces?|lit(?:er|re)s?|gallons?|barrels?|bpd|degrees?|°C|°F|kilowatts?|megawatts?|gigawatts?|MW|GW|kWh|kph|km/h|mph|gigabytes?|GB|MB|TB"
)
QUANTITY = re.compile(
    rf"""
      (?<![\w.,$€£])(?P<number>{NUMBER}){_SCALE.format("scale")}\s?-?(?P<unit>{UNITS})(?![\w])
    | \b(?P<vague>(?:[Ss]everal|[Mm]any|(?:[Aa]\ )?[Ff]ew|[Ss]ome)\ (?:hundred|thousand|million|dozen|billion)s?)\b
    | \b(?P<bare>(?:[Tt]ens\ of\ |[Hh]undreds\ of\ )?(?:[Tt]ens|[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions|[Bb]illions))(?=\ of\b)
    """,
    re.VERBOSE,
)
MAGNITUDE = re.compile(r"(hundred|thousand|million|dozen|billion|ten)s?", re.IGNORECASE)


def closed_mentions(text: str, paragraphs: Sequence[Paragraph], reference: date | None) -> list[Mention]:
    """The dates, sums, quantities and nationalities, in text order; `reference` is the day of publication."""
    found: list[Mention] = []
    for paragraph in paragraphs:
        inside: list[Mention] = []
        for kind in (
            _dates(text, paragraph.span, reference),
            _money(text, paragraph.span),
            _quantities(text, paragraph.span),
        ):
            inside.extend(kind)
        inside.extend(_nationalities(paragraph.tokens))
        found.extend(without_touching(inside))
    return found


def without_touching(mentions: Sequence[Mention]) -> list[Mention]:
    """In text order; of two that share a character the longer stays, then the earlier found."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.span.start, -one.span.end)):
        if found and mention.span.touches(found[-1].span):
            if mention.span.end - mention.span.start > found[-1].span.end - found[-1].span.start:
                found[-1] = mention
            continue
        found.append(mention)
    return found


# --- dates -----------------------------------------------------------------------------


def _dates(text: str, span: Span, reference: date | None) -> Iterator[Mention]:
    for written in written_dates(text, span):
        yield _written(text, span, written, reference)
    for match in RELATIVE_DATE.finditer(text, span.start, span.end):
        yield Mention(Span(*match.span()), Label.DATE, 0.9, "date", normalized=_relative(match, reference))


def _written(text: str, within: Span, written: WrittenDate, reference: date | None) -> Mention:
    """An absolute date; "October 22 this year" is one with the year."""
    span, year = written.span, written.year
    if year is None and (match := YEAR_AFTER.match(text, span.end, within.end)) is not None:
        span = Span(span.start, match.end())
        year = reference.year + RELATIVE_YEAR[match[1]] if reference else None
    full = WrittenDate(span, year, written.month, written.day)
    return Mention(span, Label.DATE, 0.98, "date", normalized=_iso(full, reference))


def _iso(written: WrittenDate, reference: date | None) -> str | None:
    """A day, a month ("2019-11") or a year, as far as the text and the day of publication tell."""
    if written.day is not None:
        if written.year is None and reference is None:
            return None
        day = resolve(written, reference or date(written.year or 1, 1, 1))
        return day.isoformat() if day else None
    if written.year is None:
        return _nearest_month(written.month, reference)
    return f"{written.year:04d}-{written.month:02d}" if written.month else f"{written.year:04d}"


def _nearest_month(month: int | None, reference: date | None) -> str | None:
    """The last such month at the day of publication."""
    if month is None or reference is None:
        return None
    return f"{reference.year - (month > reference.month):04d}-{month:02d}"


def _relative(match: re.Match[str], reference: date | None) -> str | None:
    if match["decade"]:
        return f"{match['decade'][:3]}X"
    if reference is None:
        return None
    if match["weekday"]:
        return _weekday(match["weekday"], (match["which"] or "").casefold(), reference)
    if match["day"]:
        return _moved(reference, DAY_STEPS[match["day"].casefold()])
    return _period(match["period"], RELATIVE_YEAR[match["step"].casefold()], reference)


def _weekday(name: str, which: str, reference: date) -> str | None:
    """The last such day up to the day of publication; with "next" the first one after it."""
    back = (reference.weekday() - WEEKDAYS.index(name.casefold())) % 7
    if which == "next":
        return _moved(reference, 7 - back)
    return _moved(reference, -(back or 7) if which == "last" else -back)


def _moved(reference: date, days: int) -> str | None:
    try:
        return (reference + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def _period(period: str, step: int, reference: date) -> str | None:
    if period == "year":
        return f"{reference.year + step:04d}"
    if period == "month":
        months = reference.year * 12 + reference.month - 1 + step
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    moved = _moved(reference, 7 * step)
    if moved is None:
        return None
    year, week, _ = date.fromisoformat(moved).isocalendar()
    return f"{year:04d}-W{week:02d}"


# --- sums and quantities ------------------------------------------------------------------


def _money(text: str, span: Span) -> Iterator[Mention]:
    for match in MONEY.finditer(text, span.start, span.end):
        number = match["n1"] or match["n2"] or match["n3"]
        scale = match["s1"] or match["s2"] or match["s3"]
        amount, currency = _amount(number, scale), _currency(match)
        normalized = f"{amount} {currency}" if currency else amount
        yield Mention(Span(*match.span()), Label.MONEY, 0.95, "money", normalized=normalized)


def _currency(match: re.Match[str]) -> str | None:
    if match["dollar"]:
        return DOLLARS[match["dollar"]]
    if match["symbol"]:
        return SYMBOLS[match["symbol"]]
    if match["code"]:
        return {"Rs": None, "RMB": "CNY", "KSh": "KES", "Sh": None, "RM": "MYR"}.get(
            match["code"], match["code"]
        )
    if match["of"]:
        named = {
            "US ": "USD",
            "Australian ": "AUD",
            "Canadian ": "CAD",
            "Hong Kong ": "HKD",
            "Singapore ": "SGD",
        }
        return named[match["of"]] if match["word"] == "dollar" else None
    return CURRENCY_WORDS.get(match["word"], match["word"])


def _amount(number: str, scale: str | None) -> str:
    """The number in digits: "1.5 million" is 1500000."""
    value = float(number.replace(",", "")) * {**SCALES, **SHORT_SCALES}.get(scale or "", 1)
    return f"{value:.15g}" if value < 1e15 else f"{value:g}"


def _quantities(text: str, span: Span) -> Iterator[Mention]:
    for match in QUANTITY.finditer(text, span.start, span.end):
        if match["unit"]:
            unit = _unit(match["unit"])
            normalized = f"{_amount(match['number'], match['scale'])} {unit}"
        else:
            normalized = _vague(match[0])
        yield Mention(Span(*match.span()), Label.QUANTITY, 0.9, "quantity", normalized=normalized)


def _unit(written: str) -> str:
    """One name for a unit's spellings: "miles" is "mile", "per cent" is "%"."""
    unit = written.replace("metre", "meter").replace("litre", "liter")
    if unit.startswith(("percent", "per cent")):
        return "percentage point" if "point" in unit else "%"
    singular = {"feet": "foot", "inches": "inch", "tonnes": "tonne"}.get(unit, unit)
    return singular[:-1] if singular.endswith("s") and len(singular) > 3 else singular


def _vague(written: str) -> str:
    """The order of magnitude: "several hundred", "thousands"."""
    size = [found.casefold() for found in MAGNITUDE.findall(written)]
    first = written.split()[0].casefold()
    if first in {"several", "many", "few", "a", "some"}:
        return f"{'few' if first == 'a' else first} {size[-1]}"
    return " of ".join(f"{one}s" for one in size)


# --- nationalities ---------------------------------------------------------------------------


def _nationalities(tokens: Sequence[Token]) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        size, code = _demonym(tokens, at)
        if size:
            yield _nationality(Span(tokens[at].start, tokens[at + size - 1].end), code)
        elif "-" in tokens[at].text and tokens[at].text[0].isupper():
            yield from _parts(tokens[at])
        at += size or 1


def _demonym(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    if not tokens[at].text[0].isupper():
        return 0, ""
    for size in range(min(longest_demonym(), len(tokens) - at), 0, -1):
        name = " ".join(_cased(token.text) for token in tokens[at : at + size])
        if name in demonyms():
            return size, demonyms()[name]
    return 0, ""


def _cased(word: str) -> str:
    """A word in capitals as it is written otherwise."""
    return word.capitalize() if word.isupper() and len(word) > 4 else word


def _parts(token: Token) -> Iterator[Mention]:
    """The nationalities in a hyphenated word: "Russian-Turkish", "Syrian-born"."""
    start = token.start
    for part in token.text.split("-"):
        if part in demonyms():
            yield _nationality(Span(start, start + len(part)), demonyms()[part])
        start += len(part) + 1


def _nationality(span: Span, code: str) -> Mention:
    return Mention(span, Label.NATIONALITY, 0.9, "demonym", normalized=code if code in countries() else None)
