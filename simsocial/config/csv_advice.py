"""How a config says more of a file that it names, in words that can be pasted where the file is named (R72)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simsocial.config.locating import Locator
from simsocial.config.scalar import shown


@dataclass(frozen=True)
class Named:
    """Where a config names a file.

    Parameters
    ----------
    where
        The config.
    at
        Dotted path of the file's name, ``….file`` in a table that may say more.
    name
        As written there.
    """

    where: Locator
    at: str
    name: str

    @property
    def table(self) -> str:
        """Dotted path of the table that says how the file is to be read; empty where no table can."""
        table, _, key = self.at.rpartition(".")
        return table if key == "file" else ""

    def saying(self, more: Mapping[str, str]) -> str:
        """Return what to write for these keys, whose values are spelled as TOML, to be those of the table."""
        listed = ", ".join(f"{key} = {value}" for key, value in more.items())
        if any(f"{self.at}.".startswith(f"{given}.") for given in self.where.overridden):
            return " ".join(f"--set '{self.table}.{key}={value}'" for key, value in more.items())
        if self.at in self.where.lines:
            return f"{listed} in {self.table}"
        return f"{self.table} = {{ file = {shown(self.name)}, {listed} }}"
