"""The console on which results are printed, 80 columns wide unless a terminal says otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def paper() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, color_system="auto" if in_colour() else None)


def in_colour() -> bool:
    """Return whether colours and moving bars are wanted (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")


def watched() -> bool:
    """Return whether somebody looks at a terminal: nothing is sent on, and moving bars are wanted."""
    return sys.stdout.isatty() and sys.stderr.isatty() and in_colour()
