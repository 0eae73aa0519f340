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
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(below) for key, below in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple):
        return [plain(below) for below in value]
    return _single(value)


def _single(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case float():
            return value if math.isfinite(value) else None
        case dt.date() | dt.time():  # also a date and time
            return value.isoformat()
        case Path():
            return str(value)
    assert value is None or isinstance(value, str | int), f"{type(value)} has no place in JSON"
    return value
