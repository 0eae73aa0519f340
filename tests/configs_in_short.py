"""A small right config for tests, and what becomes of it when some of its values are others."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simsocial.config.loading import parse
from simsocial.errors import InputError
from simsocial.model.scenario import Scenario

BASE = tomllib.loads("""
name = "short"
[time]
start = 2026-01-05                  # a Monday
horizon = "4 weeks"
[streams.m]
route = ["respond"]
arrivals.rate = "24 / day"
steps.respond.work = "6 min"
[teams.desk]
headcount = 2
serves = ["*"]
shifts.all.hours = "always"
""")


def changed(*changes: str) -> dict[str, Any]:
    """Return ``BASE`` with each text of TOML put over it, table by table; ``key = "-"`` takes a key out."""
    config = copy.deepcopy(BASE)
    for change in changes:
        _put(config, tomllib.loads(change))
    return config


def resolved(*changes: str, base: Path | str = ".") -> Scenario:
    """Return the scenario of the changed config."""
    return parse(changed(*changes), base=base)


def faults(*changes: str, base: Path | str = ".") -> list[str]:
    """Return "path: message" of every fault of the changed config, at least one."""
    with pytest.raises(InputError) as caught:
        resolved(*changes, base=base)
    return [str(fault) for fault in caught.value.faults]


def _put(config: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value == "-":
            config.pop(key)
        elif isinstance(value, dict) and isinstance(config.get(key), dict):
            _put(config[key], value)
        else:
            config[key] = value
