"""The console on which results are printed, 80 columns wide unless a terminal says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def paper() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)
