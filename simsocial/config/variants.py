"""Variants of one config: the same file with other values, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsocial.config.loading import load
from simsocial.model.scenario import Scenario


@dataclass(frozen=True)
class Variants:
    """A config of which values are changed.

    Parameters
    ----------
    file
        The config.
    """

    file: Path

    def scenario(self, changes: Mapping[str, Any]) -> Scenario:
        """Return the scenario with these values in place.

        Parameters
        ----------
        changes
            Dotted paths → values, whole tables too; as in :func:`simsocial.load`.

        Raises
        ------
        InputError
            With every fault of this variant.
        """
        return load(self.file, overrides=changes)
