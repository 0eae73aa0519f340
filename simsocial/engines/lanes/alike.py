"""What two desks must have in common for their lanes to advance together."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from simsocial.model.desk import Desk


def structure(desk: Desk) -> Hashable:
    """Return everything that a desk says but its horizon, so that equal desks compare equal."""
    return _said(replace(desk, horizon=0))


def _said(value: Any) -> Hashable:
    if is_dataclass(value):
        return type(value).__name__, *(_said(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, tuple | list):
        return tuple(_said(one) for one in value)
    said: Hashable = value
    return said
