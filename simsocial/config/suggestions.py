"""What a misspelt name was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name most like ``word``, or ``None`` when nothing is like it by ``cutoff`` (1 is equal)."""
    by_lower = {name.lower(): name for name in sorted(known, reverse=True)}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return what to say after "unknown": the nearest known name, or else all of them.

    Parameters
    ----------
    word
        What was written.
    known
        What could have been written.
    """
    names = sorted(known)
    if found := nearest(word, names):
        return f"did you mean '{found}'?"
    return f"known here: {', '.join(names)}" if names else "nothing is named here"
