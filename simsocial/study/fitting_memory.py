"""Refuses a run that would not fit in this machine's memory, before it starts (R61)."""

from __future__ import annotations

import os
from pathlib import Path

from simsocial.errors import Fault, InputError
from simsocial.model.memory import MEMORY_TOGETHER
from simsocial.model.scenario import Scenario
from simsocial.study.check import check
from simsocial.units import format_size, parse_size

MEMINFO = Path("/proc/meminfo")


def refuse_too_large(scenario: Scenario, *, available: float | None = None) -> None:
    """Refuse a scenario whose replication takes more memory than there is.

    Parameters
    ----------
    scenario
        What is to be run.
    available
        Bytes; default: what this machine has.

    Raises
    ------
    InputError
        With the estimate.
    """
    available = available_memory() if available is None else available
    expected = check(scenario).estimate
    if available is not None and expected.memory > available:
        fault = (
            f"a replication of about {expected.messages:,.0f} messages and {expected.visits:,.0f} visits would take "
            f"some {format_size(expected.memory)} of memory, {format_size(available)} are available; "
            "write a shorter horizon or a lower rate"
        )
        raise InputError(Fault(fault, path="time.horizon"))


def memory_together(asked: str | None) -> float:
    """Return the bytes that replications simulated at once may take.

    Parameters
    ----------
    asked
        Such as ``"2 GB"``; by default a quarter of what this machine has free.

    Raises
    ------
    InputError
        When that is no amount of memory.
    """
    if asked is None:
        free = available_memory()
        return MEMORY_TOGETHER if free is None else free / 4
    try:
        return parse_size(asked)
    except ValueError as error:
        raise InputError(Fault(str(error), path="memory")) from None


def available_memory() -> float | None:
    """Return the bytes that a program can take here; ``None`` where the system does not tell."""
    if MEMINFO.exists():
        facts = dict(line.split(":", 1) for line in MEMINFO.read_text(encoding="ascii").splitlines())
        if "MemAvailable" in facts:
            return 1024.0 * int(facts["MemAvailable"].split()[0])
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    return None
