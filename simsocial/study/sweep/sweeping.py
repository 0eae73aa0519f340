"""A sweep at work: what is missing is simulated chunk by chunk, then the tables are put together (R119–R121)."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simsocial.config.experiments.experiment import Experiment
from simsocial.engines import QUICKEST
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario
from simsocial.simulation.execution import in_order
from simsocial.study.sweep.chunks import write_chunk
from simsocial.study.sweep.folder import CHUNKS, SweepProvenance, claim, clean, sweep_digest, write_provenance
from simsocial.study.sweep.holdings import Holdings, Tell
from simsocial.study.sweep.identity import Identity, base_digest, files_now, identity
from simsocial.study.sweep.planning import Pace, Stretch, missing, tasks
from simsocial.study.sweep.progress import Progress, Watch
from simsocial.study.sweep.tables import write_tables
from simsocial.study.sweep.work import Common, machine, work


@dataclass(frozen=True)
class Sweeping:
    """A sweep in its locked folder.

    Parameters
    ----------
    experiment, base
        What is swept, and the scenario of its base config.
    place
        The folder.
    opens, workers
        What opens an executor, and how many tasks that does at once.
    memory
        Bytes that each worker may take for what it simulates at once.
    mixed
        Whether machines may differ.
    watch, tell
        As in :func:`simsocial.sweep`.
    """

    experiment: Experiment
    base: Scenario
    place: Path
    opens: Callable[[], Executor]
    workers: int
    memory: float
    mixed: bool
    watch: Watch
    tell: Tell

    def run(self, *, anew: bool) -> Progress:
        """Do what is missing, and write the tables."""
        wanted = identity(self.experiment, self.base)
        claim(self.place, wanted, anew=anew, mixed=self.mixed)
        clean(self.place)
        provenance = self._provenance(wanted)
        write_provenance(self.place, provenance)
        held = Holdings.of(self.place / CHUNKS, sweep_digest(wanted), tell=self.tell)
        self._refuse_changed_files(held, files_now(held.files, self.experiment.base.parent))
        made = self._simulate(held, sweep_digest(wanted))
        write_tables(self.place, self.experiment, held)
        files = {name: min(found) for name, found in sorted(held.files.items())}
        write_provenance(self.place, replace(provenance, files=files, finished=_now()))
        return made

    def _simulate(self, held: Holdings, sweep: str) -> Progress:
        stretches = missing(self.experiment, held)
        pace = Pace(self.workers, sum(stretch.lanes for stretch in stretches))
        cut = tasks(self.experiment, stretches, self._common(sweep), pace)
        made, begun = self._begun(stretches), time.monotonic()
        self.watch(made)
        ahead = 1 if self.workers == 1 else 2 * self.workers
        for done in in_order(work, cut, executor=self.opens, ahead=ahead):
            self._refuse_changed_files(held, done.chunk.files)
            file = write_chunk(done.chunk, self.place / CHUNKS, held.next_number)
            held.add(file, done.chunk)
            pace.saw(done)
            made = made.and_done(done, wanted=self._wanted, begun=begun)
            self.watch(made)
        return made

    @property
    def _wanted(self) -> int:
        """Replications that make a point whole, at most."""
        precision = self.experiment.precision
        return precision.most if precision else self.experiment.replications

    def _begun(self, stretches: list[Stretch]) -> Progress:
        points = len(self.experiment.points)
        missing_points = len({number for stretch in stretches for number in stretch.points})
        lanes = sum(stretch.lanes for stretch in stretches)
        whole = points * self._wanted
        return Progress(points - missing_points, points, whole - lanes, whole, before=whole - lanes)

    def _common(self, sweep: str) -> Common:
        return Common(
            base=self.experiment.base.resolve(),
            digest=base_digest(self.base),
            sweep=sweep,
            measures=self.experiment.measures,
            seed=self.experiment.seed,
            engine=self.experiment.engine or QUICKEST,
            precision=self.experiment.precision,
            memory=self.memory,
            machine=None if self.mixed else machine(),
            call=uuid.uuid4().hex,
        )

    def _provenance(self, wanted: Identity) -> SweepProvenance:
        return SweepProvenance(
            sweep=wanted,
            base=str(self.experiment.base.resolve().parent),
            base_config=self.experiment.base.name,
            base_digest=base_digest(self.base),
            files={},
            question=self.experiment.question,
            factors={factor.name: len(factor.levels) for factor in self.experiment.factors},
            design=self.experiment.design.kind,
            points=len(self.experiment.points),
            replications=self._wanted,
            mixed=self.mixed,
            workers=self.workers,
            started=_now(),
            finished="",
        )

    def _refuse_changed_files(self, held: Holdings, found: Mapping[str, str]) -> None:
        """Refuse to go on when a file that points read is no longer what it was for others, before it is kept.

        Raises
        ------
        InputError
            With all such files.
        """
        changed = [name for name, digest in found.items() if held.files.get(name, {digest}) != {digest}]
        if changed:
            fault = "has changed since points of this sweep were run; put it back, or start --anew"
            folder = self.experiment.base.parent
            raise InputError([Fault(fault, file=folder / name) for name in changed])


def _now() -> str:
    return dt.datetime.now().isoformat(timespec="seconds")


def said_nothing(_anything: Any) -> None:
    """Take what nobody wants to be told."""
