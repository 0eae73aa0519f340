"""Provenance: everything that is needed to run again what a folder holds, and to know where it was made (R63)."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from simsocial import __version__
from simsocial.simulation.results import Results
from simsocial.study.kinds import PROVENANCE as PROVENANCE
from simsocial.study.kinds import refusal

REPLICATIONS = "replications.parquet"
"""Name of the file of a run's folder that a re-run is compared with."""

LIBRARIES = ("numpy", "scipy", "simpy", "pyarrow")


@dataclass(frozen=True)
class Provenance:
    """Where results came from.

    Parameters
    ----------
    config
        The normalised config, overrides included; ``None`` for a scenario made in code, which cannot be run again.
    base
        Folder against which the config's file names are read.
    files
        Files it read: name as written → SHA-256.
    overrides
        What ``--set`` changed, as written; ``config`` has it already.
    engine, seed, first_replication, replications
        What was run: so many replications from number ``first_replication`` on.
    versions
        Of Python and of the libraries that numbers depend on.
    cpu_features
        Extensions that numpy uses: last bits of ``exp`` and ``log`` depend on them.
    started
        Local date and time.
    process_seconds
        Processor time of the run.
    """

    config: dict[str, Any] | None
    base: str
    files: dict[str, str]
    overrides: list[str]
    engine: str
    seed: int
    first_replication: int
    replications: int
    versions: dict[str, str]
    cpu_features: list[str]
    started: str
    process_seconds: float

    @classmethod
    def of(cls, results: Results, *, overrides: Sequence[str] = ()) -> Provenance:
        """Write down where ``results`` came from, on this machine."""
        origin = results.scenario.origin
        return cls(
            config=None if origin is None else origin.config,
            base="." if origin is None else str(Path(origin.base).resolve()),
            files={} if origin is None else origin.files,
            overrides=list(overrides),
            engine=results.engine,
            seed=results.seed,
            first_replication=results.first,
            replications=len(results),
            versions=versions(),
            cpu_features=cpu_features(),
            started=results.started.isoformat(timespec="seconds"),
            process_seconds=round(results.process_seconds, 3),
        )

    @classmethod
    def read(cls, file: Path) -> Provenance:
        """Read what :meth:`text` wrote.

        Raises
        ------
        InputError
            When the file is missing or does not hold it.
        """
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            otherwise = "is not the provenance of a run of this version"
            raise refusal(file.parent, wanted="a run", otherwise=otherwise) from None

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers depend on."""
    return {
        "simsocial": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def cpu_features() -> list[str]:
    """Return the processor's extensions that numpy uses here."""
    import numpy as np

    extensions: Any = np.show_config(mode="dicts")["SIMD Extensions"]
    return list(extensions["baseline"] + extensions["found"])
