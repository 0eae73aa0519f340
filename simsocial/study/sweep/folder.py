"""The folder of a sweep: whose it is, that one sweep at a time writes into it, and where it stands (R119, R120)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from simsocial.errors import Fault, InputError, unwritable
from simsocial.study.kinds import PROVENANCE, refusal
from simsocial.study.sweep.identity import Identity, differences, digest
from simsocial.study.sweep.whole_files import PARTIAL, write_whole

CHUNKS: Final = "chunks"
LOCK: Final = ".lock"
OF_THE_MACHINE: Final = ("versions", "cpu_features")
"""Of the identity, what may differ when it is asked for."""
MOST_TOLD: Final = 20


@dataclass(frozen=True)
class SweepProvenance:
    """Where the numbers of a sweep come from.

    Parameters
    ----------
    sweep
        What must stay the same: see :func:`~simsocial.study.sweep.identity.identity`.
    base
        Folder against which the base config's file names are read.
    base_config
        Name of its file in it.
    base_digest
        SHA-256 of the base config and its files.
    files
        Files that the points have read: name as written → SHA-256.
    question, factors, design
        Of the experiment; factor → how many values; the kind of design.
    points, replications
        How many; with a precision, ``replications`` is the most of a point.
    mixed
        Whether machines were allowed to differ.
    workers
        How many there were in the last call.
    started, finished
        Local date and time of the last call, and when the tables were whole; empty while they are not.
    """

    sweep: Identity
    base: str
    base_config: str
    base_digest: str
    files: Mapping[str, str]
    question: str
    factors: Mapping[str, int]
    design: str
    points: int
    replications: int
    mixed: bool
    workers: int
    started: str
    finished: str

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> SweepProvenance:
        """Read that of a folder.

        Raises
        ------
        InputError
            When it holds no sweep.
        """
        try:
            return cls(**json.loads((folder / PROVENANCE).read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            otherwise = "is not the provenance of a sweep of this version"
            raise refusal(folder, wanted="a sweep", otherwise=otherwise) from None


def sweep_digest(identity: Identity) -> str:
    """Return the digest of what is swept, wherever it is computed."""
    return digest({name: each for name, each in identity.items() if name not in OF_THE_MACHINE})


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Keep other sweeps out of a folder, which is made if it is not there, until the block or this process ends.

    Raises
    ------
    InputError
        When another sweep writes into it.
    OutputError
        When it cannot be made.
    """
    from filelock import FileLock, Timeout

    with unwritable(place):
        place.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place / LOCK)
        try:
            lock.acquire(timeout=0)  # the system lets go of it when this process ends, however that happens
        except Timeout:
            fault = "another sweep is writing into this folder; let it end, or choose another with --out"
            raise InputError(Fault(fault, file=place)) from None
    try:
        yield
    finally:
        lock.release()


def claim(place: Path, wanted: Identity, *, anew: bool, mixed: bool) -> None:
    """Make a locked folder ready for a sweep: empty, or with chunks of the same sweep.

    Raises
    ------
    InputError
        When it holds another sweep, with what differs, or something else.
    """
    if _is_fresh(place):
        return
    if anew and _is_of_a_sweep(place):
        _empty(place)
        return
    held, wanted = SweepProvenance.read(place).sweep, _as_read(wanted)
    left_out = OF_THE_MACHINE if mixed else ()
    found = list(differences(*({k: v for k, v in each.items() if k not in left_out} for each in (held, wanted))))
    if found:
        more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
        told = "\n  ".join(["holds a sweep of something else, and is left as it is:", *found[:MOST_TOLD], *more])
        raise InputError(Fault(f"{told}\nchoose another folder with --out, or start this one --anew", file=place))


def clean(place: Path) -> None:
    """Remove what was being written when a sweep was ended."""
    with unwritable(place):
        (place / CHUNKS).mkdir(exist_ok=True)
        for partial in (*place.glob(f"*{PARTIAL}"), *(place / CHUNKS).glob(f"*{PARTIAL}")):
            partial.unlink()


def write_provenance(place: Path, provenance: SweepProvenance) -> None:
    """Write where the numbers come from."""
    write_whole(place / PROVENANCE, provenance.text.encode())


def _is_fresh(place: Path) -> bool:
    """Return whether nothing of a sweep is in a folder.

    Raises
    ------
    InputError
        When something else is.
    """
    there = {each.name for each in place.iterdir() if each.suffix != PARTIAL} - {LOCK, CHUNKS}
    if PROVENANCE in there:
        return False
    if there:
        fault = f"holds something that is no sweep ({', '.join(sorted(there)[:3])}); choose another folder with --out"
        raise InputError(Fault(fault, file=place))
    return True


def _is_of_a_sweep(place: Path) -> bool:
    """Return whether a provenance is a sweep's, of whatever version: a run has no ``sweep`` in it."""
    try:
        return "sweep" in json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, TypeError, ValueError):
        return False


def _empty(place: Path) -> None:
    """Remove the chunks of a sweep, and then that it was there."""
    with unwritable(place):
        for file in (place / CHUNKS).glob("*"):
            file.unlink()
        for file in place.glob("*.parquet"):
            file.unlink()
        (place / PROVENANCE).unlink()


def _as_read(tables: Identity) -> Identity:
    """Return tables as they are once they are written and read again."""
    read: Identity = json.loads(json.dumps(tables))
    return read
