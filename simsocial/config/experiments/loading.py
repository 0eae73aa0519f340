"""From an experiment file to the experiment: read, judge, lay out its design; every fault is reported at once."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from simsocial.config.experiments.designs import drawn, grid
from simsocial.config.experiments.document import ExperimentDocument
from simsocial.config.experiments.experiment import Design, Experiment
from simsocial.config.loading import load
from simsocial.config.locating import Locator
from simsocial.config.reading import read_document
from simsocial.config.wording import worded
from simsocial.errors import InputError


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file.

    Parameters
    ----------
    path
        A TOML file; the base config and the files that it names are read from its folder.

    Raises
    ------
    InputError
        With all faults of the file at once, each with its line and dotted path.
    """
    file = Path(path)
    raw, lines = read_document(file)
    where = Locator(file, lines)
    try:
        document = ExperimentDocument.model_validate(raw)
    except ValidationError as error:
        raise InputError(worded(error, ExperimentDocument, raw, where)) from None
    base = file.parent / document.base
    run = load(base).run
    seed = run.seed if document.seed is None else document.seed
    if document.design.kind == "grid":
        factors, places = grid(document.factors)
    else:
        assert document.design.points is not None
        factors, places = drawn(document.factors, kind=document.design.kind, points=document.design.points, seed=seed)
    return Experiment(
        file=file,
        question=document.question,
        base=base,
        seed=seed,
        replications=document.replications if isinstance(document.replications, int) else run.replications,
        precision=None,
        engine=document.engine,
        measures=document.measures,
        factors=factors,
        design=Design(document.design.kind, places),
        fixed=document.fixed,
    )
