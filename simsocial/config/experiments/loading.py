"""From an experiment file to the experiment: read, judge, lay out its design; every fault is reported at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from simsocial.config.experiments.checking import check_levels, check_measures, check_paths
from simsocial.config.experiments.designs import lay_out
from simsocial.config.experiments.document import FORMS, ExperimentDocument, Factor
from simsocial.config.experiments.experiment import Experiment
from simsocial.config.loading import load
from simsocial.config.locating import Locator, dotted
from simsocial.config.reading import read_document
from simsocial.config.resolve.spot import Spot
from simsocial.config.run import UntilPrecise
from simsocial.config.wording import in_order, worded
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Precision, RunSettings

FILE: Final = "experiment.toml"
"""The experiment file of a folder."""
CONFIG_ONLY: Final = frozenset({"streams", "teams"})
"""Tables that every config has, and no experiment file."""


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file (R115); its points are not judged yet, see :func:`~.judging.judge_points`.

    Parameters
    ----------
    path
        A TOML file, or the folder of one that is called ``experiment.toml``; the base config and the files that it
        names are read from its folder.

    Raises
    ------
    InputError
        With all faults of the file at once, each with its line and dotted path; or with those of its base config.
    """
    file = experiment_file(Path(path))
    raw, lines = read_document(file)
    where = Locator(file, lines)
    if raw.keys() >= CONFIG_ONLY:
        told = f'is a config; write an experiment file of which it is the base: base = "{file.name}"'
        raise InputError(Fault(told, file=file))
    document = _document(raw, where)
    base = _base(document, file, where)
    scenario = load(base)
    spot = Spot(where)
    seed = scenario.run.seed if document.seed is None else document.seed
    factors, design = lay_out(document, folder=file.parent, seed=seed, spot=spot)
    check_measures(document, scenario, spot)
    check_paths(factors, document.fixed, read_document(base)[0], spot)
    check_levels(factors, spot)
    spot.raise_noted()
    replications, precision = _run(document, scenario.run)
    return Experiment(
        file=file,
        question=document.question,
        base=base,
        seed=seed,
        replications=replications,
        precision=precision,
        engine=document.engine,
        measures=document.measures,
        factors=factors,
        design=design,
        fixed=document.fixed,
        where=where,
    )


def experiment_file(path: Path) -> Path:
    """Return the experiment file that is meant by a file or its folder."""
    return path / FILE if path.is_dir() else path


def _document(raw: Mapping[str, Any], where: Locator) -> ExperimentDocument:
    """Return what is written as tables of the vocabulary."""
    unquoted = {name: list(_leaves(each, (name,))) for name, each in _factors(raw).items() if _is_nested(each)}
    told = [_quote(path, where) for paths in unquoted.values() for path in paths]
    left = {name: each for name, each in _factors(raw).items() if name not in unquoted}
    try:
        document = ExperimentDocument.model_validate({**raw, "factors": left} if unquoted else raw)
    except ValidationError as error:
        raise InputError(in_order([*told, *worded(error, ExperimentDocument, raw, where)])) from None
    if told:
        raise InputError(in_order(told))
    return document


def _factors(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    factors = raw.get("factors")
    return factors if isinstance(factors, Mapping) else {}


def _is_nested(factor: Any) -> bool:
    """Say whether a factor is a table of tables, as TOML reads a dotted path without quotes."""
    return isinstance(factor, Mapping) and bool(factor) and not factor.keys() & Factor.model_fields.keys()


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if _is_nested(node):
        for key, below in node.items():
            yield from _leaves(below, (*path, key))
    else:
        yield path


def _quote(path: tuple[str, ...], where: Locator) -> Fault:
    example = "[3, 4, 5]" if len(path) > 1 else f"{{ {FORMS} }}"
    told = f"write a path in quotes, as one name: {json.dumps(dotted(path))} = {example}"
    return where.fault(dotted(("factors", *path)), told)


def _base(document: ExperimentDocument, file: Path, where: Locator) -> Path:
    """Return the base config, found from the experiment's folder."""
    base = file.parent / document.base
    if not base.is_file():
        told = f"there is no such file: {base}; write it as seen from the experiment's folder"
        raise InputError(where.fault("base", told))
    return base


def _run(document: ExperimentDocument, base: RunSettings) -> tuple[int, Precision | None]:
    """Return how many replications a point has at most, and when fewer do; what is not said is the base config's."""
    written = document.replications
    if written is None:
        return base.replications, base.precision
    if isinstance(written, UntilPrecise):
        return written.max, Precision(written.of, written.precision, written.min, written.max)
    return written, None
