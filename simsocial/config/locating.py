"""Where in the user's input a value stands: dotted paths, and the faults that name them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simsocial.errors import Fault


def dotted(parts: Iterable[str | int]) -> str:
    """Join keys to the path a user writes after ``--set``; odd keys are quoted."""
    return ".".join(
        key if re.fullmatch(r"[\w-]+", key) else json.dumps(key, ensure_ascii=False) for key in map(str, parts)
    )


@dataclass(frozen=True)
class Locator:
    """Makes the faults of one document.

    Parameters
    ----------
    file
        Its file, ``None`` when the document was made in code.
    lines
        Dotted path → line.
    overridden
        Dotted paths given by ``--set``; faults at and below them name no line.
    """

    file: Path | str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    overridden: frozenset[str] = frozenset()

    def fault(self, path: str, message: str) -> Fault:
        """Return the fault at a dotted path; its line is that of the nearest table that is written down."""
        places = [path]
        while places[-1]:
            places.append(places[-1].rpartition(".")[0])
        if any(place in self.overridden for place in places):
            return Fault(message, f"--set {path}")
        line = next((self.lines[place] for place in places if place in self.lines), None)
        return Fault(message, path, self.file, line)
