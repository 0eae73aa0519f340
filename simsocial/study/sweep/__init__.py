"""Sweeps: every point of an experiment run, by one or many workers, so that a killed sweep goes on (R118–R121)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simsocial.config.experiments.experiment import Experiment
from simsocial.config.experiments.loading import load_experiment
from simsocial.config.variants import Variants
from simsocial.errors import Fault, InputError
from simsocial.simulation.cluster import cluster_at
from simsocial.simulation.executors import Opens, here, local
from simsocial.simulation.numbers import refuse_senseless
from simsocial.study.fitting_memory import memory_together
from simsocial.study.judging import judge_together
from simsocial.study.sweep.folder import locked
from simsocial.study.sweep.holdings import Tell
from simsocial.study.sweep.identity import default_folder
from simsocial.study.sweep.names import DESIGN, REPLICATIONS, RESULTS
from simsocial.study.sweep.progress import Progress as Progress
from simsocial.study.sweep.progress import Watch
from simsocial.study.sweep.sweeping import Sweeping, said_nothing
from simsocial.units import format_size

if TYPE_CHECKING:
    import pandas as pd

BYTES_OF_WORKER: Final = 220e6
"""A worker with all its libraries, and the points of a task; measured: up to 210 MB."""
LEAST_MEMORY: Final = 50e6
"""Bytes that a worker needs for what it simulates."""
MEMORY_ON_A_CLUSTER: Final = "1 GB"


@dataclass(frozen=True)
class Sweep:
    """A finished sweep.

    Parameters
    ----------
    folder
        Where its tables are.
    progress
        What was done in the call that returned it.
    """

    folder: Path
    progress: Progress

    def design(self) -> pd.DataFrame:
        """Return one row per point: its key, its factors' values, and what it changes, as TOML."""
        return _frame(self.folder / DESIGN)

    def results(self) -> pd.DataFrame:
        """Return one row per point and measure, with the columns of a run's summary."""
        return _frame(self.folder / RESULTS)

    def replications(self) -> pd.DataFrame:
        """Return one row per point, replication and measure, with the columns of a run's replications."""
        return _frame(self.folder / REPLICATIONS)


def sweep(
    experiment: Path | str | Experiment,
    *,
    out: Path | str | None = None,
    workers: int = 1,
    cluster: str | None = None,
    memory: str | None = None,
    anew: bool = False,
    mixed: bool = False,
    progress: Watch | None = None,
    tell: Tell | None = None,
) -> Sweep:
    """Run every point of an experiment into a folder; what is there already is not run again.

    Parameters
    ----------
    experiment
        An experiment file, or what :func:`simsocial.load_experiment` made of it.
    out
        Folder. Default: ``sweeps/<name of the experiment's folder>``.
    workers
        Processes on this machine; with 1, this process does all.
    cluster
        Address of the scheduler of a Dask cluster, which does the work then.
    memory
        What all workers of this machine, or each worker of a cluster, may take, such as ``"4 GB"``. Default: a quarter
        of what this machine has free, or 1 GB.
    anew
        Forget what the folder holds of other sweeps.
    mixed
        Let workers, and earlier calls, have other versions of libraries or other processors: last digits may differ.
    progress
        Called when it begins to simulate, and whenever a chunk is written.
    tell
        Called with sentences that somebody should read, such as about a damaged chunk.

    Returns
    -------
    Sweep
        With the same tables, to the last byte, for any number of workers, and however often it was killed.

    Raises
    ------
    InputError
        When anything given is wrong, with all faults of all points; when the folder holds something else, or another
        sweep is writing into it.
    OutputError
        When the folder cannot be written.
    BrokenTaskError
        When workers die of the same task again and again.
    """
    refuse_senseless(("workers", workers, 1))
    asked = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    judge_together(asked, workers=workers)
    base = Variants(asked.base).scenario({})
    place = default_folder(asked) if out is None else Path(out)
    each = _memory_of_each(memory, workers, of_a_cluster=cluster is not None)
    watch, said = progress or said_nothing, tell or said_nothing
    with _workers(workers, cluster) as (opens, many), locked(place):
        return Sweep(place, Sweeping(asked, base, place, opens, many, each, mixed, watch, said).run(anew=anew))


@contextmanager
def _workers(workers: int, cluster: str | None) -> Iterator[tuple[Opens, int]]:
    """Yield what opens an executor, and how many tasks that does at once."""
    if cluster is not None:
        with cluster_at(cluster) as found:
            yield found
    else:
        yield here() if workers == 1 else local(workers), workers


def _memory_of_each(memory: str | None, workers: int, *, of_a_cluster: bool) -> float:
    """Return the bytes that a worker may take for what it simulates at once.

    Raises
    ------
    InputError
        When that is too little for anything.
    """
    sharing = 1 if of_a_cluster else workers
    given = memory_together(memory or (MEMORY_ON_A_CLUSTER if of_a_cluster else None))
    each = given / sharing - BYTES_OF_WORKER
    if each < LEAST_MEMORY:
        least = format_size(sharing * (BYTES_OF_WORKER + LEAST_MEMORY))
        who = "a worker" if sharing == 1 else f"{sharing} workers"
        raise InputError(Fault(f"{who} cannot work with {format_size(given)}; give at least {least}", path="memory"))
    return each


def _frame(file: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(file)
