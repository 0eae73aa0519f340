"""Results as one JSON document, for programs: stable names, and null for what is no number or never happens."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as text.

    Parameters
    ----------
    document
        Of plain values, instants, arrays, enums and dataclasses. Instants are written as local wall-clock time, as in
        ISO 8601; numbers that are not finite as null.
    """
    return json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Return ``value`` in what JSON has: tables, lists, texts, numbers, true, false and null."""
    match value:
        case None | bool() | str():
            return value
        case float():
            return float(value) if math.isfinite(value) else None
        case int():
            return int(value)
        case Enum():
            return value.value
        case np.generic():
            return plain(value.item())
        case np.ndarray():
            return plain(value.tolist())
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case Path():
            return str(value)
        case Mapping():
            return {str(key): plain(below) for key, below in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case list() | tuple():
            return [plain(below) for below in value]
    assert dataclasses.is_dataclass(value), f"{type(value)} has no JSON"
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
