"""Values of the warehouse as other programs read them: JSON, and the cells of CSV."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

# Text from articles in JSON is kept, but the marks that steer terminals are written as escapes.
STEERING = {code: f"\\u{code:04x}" for code in (0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F))}
STEERING |= {code: f"\\u{code:04x}" for code in (0x200E, 0x200F, *range(0x2066, 0x206A))}


def as_json(value: Any) -> str:
    """The value as JSON on one line; what JSON cannot hold (NaN, infinity) is null."""
    return json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False).translate(STEERING)


def exported(value: Any) -> str:
    """The value as the cell of a CSV file: NULL is empty, text is itself, the rest is as JSON has it."""
    if value is None:
        return ""
    made = jsonable(value)
    return made if isinstance(made, str) else as_json(made)


def jsonable(value: Any) -> Any:
    """The value in JSON's own types: moments in ISO 8601, decimals as numbers, bytes in hexadecimal."""
    if isinstance(value, Mapping):
        return {exported(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
