"""What kind of folder somebody has named, for messages: a run's, a sweep's, or another study's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from simsocial.errors import Fault, InputError

PROVENANCE: Final = "provenance.json"

_KINDS: Final = {
    "sweep": ("a sweep", "make a run of one of its points: simsocial replay {folder} --point POINT --log --out DIR"),
    "until": ("what simsocial solve found", "its answer is in solution.json and tried.csv"),
    "study": ("a sensitivity study", "simsocial picture draws it"),
    "config": ("a run", "simsocial why, diff, compare and replay read it"),
}
"""By a key of its provenance, the first that is there: what it holds, and what that is for."""


def refusal(folder: Path, *, wanted: str, otherwise: str) -> InputError:
    """Return what is said of a folder that is not of the kind wanted.

    Parameters
    ----------
    folder
        That somebody has named.
    wanted
        ``a run`` or ``a sweep``.
    otherwise
        What is said where it is of that kind, or of none: why it cannot be read.
    """
    file = folder / PROVENANCE
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        keys = held.keys()
    except OSError as error:
        return InputError(Fault(f"cannot be read: {error.strerror or error}; give the folder of {wanted}", file=file))
    except (ValueError, AttributeError):
        return InputError(Fault(otherwise, file=file))
    if "sweep" in keys and not held.get("finished"):
        goes_on = f"go on with it: simsocial sweep EXPERIMENT --out {folder}"
        return InputError(Fault(f"is the folder of a sweep that has not ended; {goes_on}", file=folder))
    found = next((told for key, told in _KINDS.items() if key in keys), None)
    if found is None or found[0] == wanted:
        return InputError(Fault(otherwise, file=file))
    return InputError(
        Fault(f"is the folder of {found[0]}, not of {wanted}; {found[1].format(folder=folder)}", file=folder)
    )
