"""The choice of an engine by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsocial.errors import InputError

if TYPE_CHECKING:
    from simsocial.engines import Engine


def engine_named(name: str) -> Engine:
    """Return the engine of that name.

    Raises
    ------
    InputError
        When there is none; names those there are.
    """
    from simsocial.engines import ENGINES

    if name not in ENGINES:
        raise InputError(f"engine: there is no {name!r}; there is {' and '.join(ENGINES)}")
    return ENGINES[name]
