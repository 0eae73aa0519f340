"""Where in the user's input a value stands: dotted paths, and the faults that name them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simsocial.errors import Fault

Parts = tuple[str, ...]


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
        at = path
        while at and at not in self.lines and at not in self.overridden:
            at = at.rpartition(".")[0]
        if at in self.overridden and at:
            return Fault(message, f"--set {path}")
        return Fault(message, path, self.file, self.lines.get(at))
