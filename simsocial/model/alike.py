"""What frozen data says, as something that can be compared and looked up: equal exactly where all its values are."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from simsocial.model.desk import Desk


def said(value: Any) -> Hashable:
    """Return all that dataclasses, lists and arrays say, down to the bytes.

    What is neither compares as it does itself, at worst as an object of its own: two that say the same may be told
    apart, two that differ never pass for one.
    """
    if is_dataclass(value):
        return type(value).__name__, *(said(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, tuple | list):
        return tuple(said(one) for one in value)
    same: Hashable = value
    return same


def structure(desk: Desk) -> Hashable:
    """Return everything that a desk says but its horizon: desks in which it is equal can advance together."""
    return said(replace(desk, horizon=0))
