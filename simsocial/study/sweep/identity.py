"""What a sweep's folder holds, as far as all its numbers depend on it; points and replications may be added (R120)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simsocial.config.experiments.experiment import Experiment
from simsocial.engines import QUICKEST
from simsocial.model.scenario import Scenario
from simsocial.study.provenance import cpu_features, versions

Identity = Mapping[str, Any]


def identity(experiment: Experiment, base: Scenario) -> Identity:
    """Return what must stay the same for a sweep's numbers to belong together, as plain tables.

    Parameters
    ----------
    experiment
        What is swept.
    base
        The scenario of its base config.
    """
    return {
        "experiment": name_of(experiment),
        "base": _config(base),
        "files": dict(base.origin.files) if base.origin else {},
        "engine": experiment.engine or QUICKEST,
        "seed": experiment.seed,
        "precision": asdict(experiment.precision) if experiment.precision else None,
        "measures": list(experiment.measures),
        "versions": versions(),
        "cpu_features": cpu_features(),
    }


def name_of(experiment: Experiment) -> str:
    """Return what an experiment is called: its folder's name, or that of a file with a name of its own."""
    file = experiment.file.resolve()
    return file.parent.name if file.name == "experiment.toml" else file.stem


def digest(plain: Any) -> str:
    """Return the SHA-256 of plain tables, whatever the order of their keys."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def base_digest(base: Scenario) -> str:
    """Return the digest of a base config and of the files that it read."""
    return digest([_config(base), dict(base.origin.files) if base.origin else {}])


def files_now(names: Iterable[str], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of those of some files that are there, looked for as a config in ``folder`` does (R60)."""
    places = {name: next((place for place in (folder / name, Path(name)) if place.is_file()), None) for name in names}
    return {name: hashlib.sha256(place.read_bytes()).hexdigest() for name, place in places.items() if place}


def differences(before: Identity, now: Identity) -> Iterator[str]:
    """Yield what differs, each as ``path: was … and is …``."""
    earlier, later = dict(_leaves(before, "")), dict(_leaves(now, ""))
    for path in dict.fromkeys([*earlier, *later]):
        if earlier.get(path) != later.get(path):
            yield f"{path}: was {_told(earlier, path)} and is {_told(later, path)}"


def _config(base: Scenario) -> dict[str, Any]:
    """Return a normalised config without its number of replications, which an experiment has itself."""
    config = dict(base.origin.config) if base.origin else {}
    run = {key: value for key, value in config.get("run", {}).items() if key != "replications"}
    return config | {"run": run}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}" if path else key)
    else:
        yield path, value


def _told(leaves: Mapping[str, Any], path: str) -> str:
    return json.dumps(leaves[path], ensure_ascii=False) if path in leaves else "not there"


def default_folder(experiment: Experiment) -> Path:
    """Return the folder of a sweep to which no other is given."""
    return Path("sweeps", name_of(experiment))
