"""Whether the parts of an experiment fit its base config and each other: measures, paths of factors (R115)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from simsocial.config.document import Document
from simsocial.config.experiments import document as written
from simsocial.config.experiments.experiment import Factor
from simsocial.config.overrides import override, read_path
from simsocial.config.resolve.spot import Spot
from simsocial.config.run import UntilPrecise
from simsocial.config.suggestions import nearest
from simsocial.errors import InputError
from simsocial.measure.of_runs import rows_of_run
from simsocial.model.scenario import Scenario

OWN = {"run.seed": "seed", "run.replications": "replications"}
"""Paths of a config that an experiment says itself, for all points."""


def check_measures(document: written.ExperimentDocument, base: Scenario, spot: Spot) -> None:
    """Note measures that the base config does not have; ``spot`` is the place of the document."""
    names = list(dict.fromkeys(row.name for row in rows_of_run(base)))
    if not document.measures:
        (spot / "measures").fault("is empty; write at least one, or leave it out for all")
    for place, pattern in enumerate(document.measures):
        if not any(fnmatchcase(name, pattern) for name in names):
            _no_measure(pattern, names, spot / "measures" / place)
    if isinstance(document.replications, UntilPrecise) and document.replications.of not in names:
        _no_measure(document.replications.of, names, spot / "replications" / "of")


def _no_measure(name: str, names: Sequence[str], spot: Spot) -> None:
    near = nearest(name, names, cutoff=0.0)
    spot.fault(f"there is no measure '{name}'; did you mean '{near}'?")


def check_paths(factors: Sequence[Factor], fixed: Mapping[str, Any], base: Mapping[str, Any], spot: Spot) -> None:
    """Note paths that the base config cannot have, and those that are set twice or lie in one another.

    Parameters
    ----------
    factors, fixed
        What is varied, and what is not.
    base
        The base config's tables, as written.
    spot
        The place of the experiment.
    """
    set_by: dict[tuple[str, ...], tuple[str, str]] = {}
    for place, path in [(("fixed", path), path) for path in fixed] + list(_paths(factors)):
        here = spot / place[0] / place[1]
        if path in OWN:
            here.fault(f"belongs to the experiment; write {OWN[path]} = … for all points instead")
            continue
        around = fixed if place[0] == "factors" else {}
        if (wrong := _unknown(path, _some_value(factors, fixed, path), base, around)) is not None:
            here.fault(wrong)
            continue
        keys = read_path(path)
        for other, by in set_by.items():
            if by != place and (keys[: len(other)] == other or other[: len(keys)] == keys):
                here.fault(f"{path} is {_said(by)} too; leave one of them out")
        set_by[keys] = place


def _paths(factors: Sequence[Factor]) -> Iterator[tuple[tuple[str, str], str]]:
    for factor in factors:
        for path in dict.fromkeys(path for level in factor.levels for path in level.changes):
            yield ("factors", factor.name), path


def _some_value(factors: Sequence[Factor], fixed: Mapping[str, Any], path: str) -> Any:
    every = [fixed, *(level.changes for factor in factors for level in factor.levels)]
    return next(changes[path] for changes in every if path in changes)


def _unknown(path: str, value: Any, base: Mapping[str, Any], fixed: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a dotted path; ``None`` when a config may have it."""
    try:
        override(base, Document, {**fixed, path: value})
    except InputError as error:
        own = [fault.message for fault in error.faults if fault.path.removeprefix("--set ") not in fixed]
        return f"{path}: {own[0]}" if own else None
    return None


def _said(place: tuple[str, str]) -> str:
    return "fixed" if place[0] == "fixed" else f"set by the factor {place[1]}"


def check_levels(factors: Sequence[Factor], spot: Spot) -> None:
    """Note settings of a factor that leave out a path which others set, and levels that come twice."""
    for factor in factors:
        paths = dict.fromkeys(path for level in factor.levels for path in level.changes)
        seen: set[str] = set()
        for level in factor.levels:
            if missing := [path for path in paths if path not in level.changes]:
                here = spot / "factors" / factor.name / "settings" / str(level.value)
                here.fault(f"says nothing of {', '.join(missing)}, as other settings do; write it in all of them")
            if repr(level.changes) in seen:
                (spot / "factors" / factor.name).fault(f"{level.value} comes a second time; write each value once")
            seen.add(repr(level.changes))
