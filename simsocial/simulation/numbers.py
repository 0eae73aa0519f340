"""Refuses seeds and numbers of replications that make no sense, before anything is run."""

from __future__ import annotations

from simsocial.draw.randomness import REPLICATION_LIMIT
from simsocial.errors import Fault, InputError


def refuse_senseless(*numbers: tuple[str, int | None, int]) -> None:
    """Refuse numbers, given by name, that are not whole or less than a least one.

    Raises
    ------
    InputError
        With all of them.
    """
    faults = [
        Fault(f"must be a whole number of at least {least} (got {number!r})", path=name)
        for name, number, least in numbers
        if number is not None and not (isinstance(number, int) and number >= least)
    ]
    if faults:
        raise InputError(faults)


def refuse_unnumbered(name: str, first: int, many: int) -> None:
    """Refuse replications beyond those that have a number (R61); ``name`` says what gave the first of them.

    Raises
    ------
    InputError
        When the last is not below the limit.
    """
    if first + many > REPLICATION_LIMIT:
        fault = f"replications are numbered below {REPLICATION_LIMIT} (got {first}, and {many} to run)"
        raise InputError(Fault(fault, path=name))
