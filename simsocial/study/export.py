"""An export of messages as a desk's arrivals: the column map of a command line as overrides of a config (R71)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simsocial.config.locating import dotted
from simsocial.config.reading import read_document
from simsocial.config.suggestions import did_you_mean
from simsocial.errors import Fault, InputError

KEYS: Final = {"arrival": "time", "time": "time", "value": "value", "time_of_day": "time_of_day"}
"""Role of a column → the key of a replay that names it."""
ROLES: Final = (*KEYS, "stream")


def exported(export: Path, config: Path, columns: str) -> list[str]:
    """Return the overrides by which every stream of a config replays its part of an export.

    Parameters
    ----------
    export
        A CSV file.
    config
        Of the desk.
    columns
        ``created_at=arrival,channel=stream``: a column for ``arrival``, of a message each, or ``time`` and ``value``,
        of counts; ``time_of_day`` is added to it, and ``stream`` holds the names of streams.

    Raises
    ------
    InputError
        When a role is unknown, missing or given twice, or when it is not said which rows are which stream's.
    """
    roles = _roles(columns)
    kind = "counts" if "value" in roles else "stamps"
    table = {"file": str(export.resolve()), "kind": kind} | {KEYS[role]: roles[role] for role in roles if role in KEYS}
    if kind == "stamps":
        table["order"] = "any"
    document, _ = read_document(config)
    streams = document.get("streams")
    if not isinstance(streams, Mapping) or not streams:
        raise InputError(Fault("has no stream that could take the messages of an export", file=config))
    if len(streams) > 1 and "stream" not in roles:
        raise _fault(f"say which column holds {' or '.join(streams)}: COLUMN=stream")
    return [_replaying(name, table, roles.get("stream")) for name in streams]


def _roles(columns: str) -> dict[str, str]:
    """Return the column of each role."""
    roles: dict[str, str] = {}
    for part in columns.split(","):
        column, _, role = (word.strip() for word in part.rpartition("="))
        if not column:
            raise _fault(f'write which column is which, such as "created_at=arrival" (got "{part}")')
        if role not in ROLES:
            raise _fault(f"there is no role '{role}'; {did_you_mean(role, ROLES)}")
        if role in roles:
            raise _fault(f"{roles[role]} and {column} cannot both be {role}; leave one out")
        roles[role] = column
    if ("arrival" in roles) == ("time" in roles) or ("time" in roles) != ("value" in roles):
        raise _fault("name the column of arrival, or those of time and value, such as ts=time,n=value")
    return roles


def _fault(message: str) -> InputError:
    return InputError(Fault(message, "--map"))


def _replaying(stream: str, table: Mapping[str, str], column: str | None) -> str:
    keys = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    if column is not None:
        words = (json.dumps(word, ensure_ascii=False) for word in (column, stream))
        keys.append(f"rows = {{ {' = '.join(words)} }}")
    return f"{dotted(('streams', stream, 'arrivals'))}={{ replay = {{ {', '.join(keys)} }} }}"
