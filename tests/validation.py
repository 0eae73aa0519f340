"""Long runs of the reference cases and of M2, and the table that tells of them: ``docs/validation.md``.

From the root of the project, ``python tests/validation.py > docs/validation.md`` runs all of it, an hour or so on one
core; ``python tests/validation.py EC-01 M2`` prints the rows of those, with ``--error 0.005`` of sixteen times as long
runs. It fails if any value is off.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import workload_m2
from reference_cases import IDS, trial
from reference_samples import Floats, Target, deviations, estimate, off
from reference_trials import samples

RELATIVE_ERROR = 0.02
MESSAGES = 100_000
MOST = 20_000
"""Replications."""

ABOUT = """\
# Validation: simulated against exact and published values

Written by `python tests/validation.py > docs/validation.md` from the root of the project, about an hour on one core:
run that again to repeat every figure. The same runs are tests: `python -m pytest -m long`. A short run of every case
is one of the ordinary tests, with a negative control: the same desk with all its work 10 % shorter has to be noticed.

Every value is compared by z = (simulated - true) / standard error, and |z| ≤ 4.5 is asked for; where a value of others
has a standard error of its own, z has both. **n** counts samples: batches of a stationary case (20 to a replication,
after a warm-up of at least six relaxation times), paths of a terminating or transient one, runs of M2.
A ratio is the ratio of means, its standard error by the delta method. In a transient case the standard error is that
of theory (Kolmogorov's equations; TV-09: Poisson), because rare values have no spread in a sample.

Each case is simulated until every relative standard error is at most 2 %, but for values marked *rare*: mean queues
and probabilities under 0.2 in TV-02, some of which would take two million paths. Until it is at most 0.5 %, by
`python tests/validation.py --error 0.005 NAME` for each: EA-02, EA-03, EA-06, EA-08, EC-01, EC-09, EC-11, EC-12,
GP-01, GP-02, GP-06, GP-07, MDC-02, MG1-06, MG1-07, MPHC-01, PR-01, PR-02, PR-09.

How figures are read off the simulation where that is not plain:

- `P_wait`: not served at once. Who leaves at once because he would have to wait counts; his own wait is 0.
- `share beyond Wq_q0.9`: a quantile is compared by the share of waits beyond it, which is 0.1 and has no bias.
  Where nine in ten do not wait, the quantile itself is compared, and must be 0 in every batch.
- `Wq_var`: the mean squared distance from the true mean wait, less what the third moment of the services drawn has by
  luck (a control variate of mean 0): a few giant services in millions decide over it, and no sample shows that error.
- A value of 0 must come out as 0.

In TRAIN-01 agents go off for training at any moment, and what they were at returns to the head of the queue. Ours
finish the visit in hand (R39), or keep it until they are back (`suspend`, R29). So it is compared in three ways, with
agents who come and go at random (a roster of arrays):

- `TRAIN-01` is the limit of short visits: work is cut into pieces of 1/20 of a mean service, and whoever is on duty
  takes the next piece of what has begun before anything new. Who goes ends his piece first, which takes 1/40 of a
  service in the mean; the chain below says that Lq is 1.4 % lower for it, and W 0.1 %. What the same draws bring when
  visits are finished is known exactly, and by how much it is off is taken off (a control variate).
- `TRAIN-01 finished` and `TRAIN-01 kept` are our two ways as they are. Their values are solved here, by the balance
  equations of a Markov chain that gives all ten digits of the case when work in hand returns to the queue instead.

TRACE-QC-1 has nothing random in it: given arrivals and services, all 100 departures are within two ticks of the
published ones, in the ordinary tests. LC-01, Wright's learning curve, has nothing random in it either. It counts
units done, our ramps time on the job; for somebody who always has work before him a ramp in steps (R94), with a step
from the date in which one unit ends and the next begins, is Wright's curve: all times of units, their sums and the
exponent are those of the case to 10^-6. Who waits for work goes on learning in a ramp, and does not in Wright's.
BASS-01 and BASS-02 are compared in the tests of adoption.
"""
HEAD = "| case | metric | true | simulated | standard error | z | n |\n| --- | --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Settled:
    """What long runs say of a case: shape (targets,) each, and from how many samples."""

    name: str
    targets: tuple[Target, ...]
    mean: Floats
    se: Floats
    n: int

    @property
    def z(self) -> dict[str, float]:
        return deviations(self.targets, self.mean, self.se)

    @property
    def relative_error(self) -> float:
        """Return the largest relative standard error of a value that is not rare."""
        return max(
            error / abs(mean)
            for target, mean, error in zip(self.targets, self.mean, self.se, strict=True)
            if target.value and not target.rare
        )

    def lines(self) -> Iterator[str]:
        for target, mean, error in zip(self.targets, self.mean, self.se, strict=True):
            true = f"{target.value:.6g}" + (f" ± {target.se:.2g}" if target.se else "")
            cells = (self.name, target.name, true, f"{mean:.6g}", f"{error:.2g}" + " (rare)" * target.rare)
            yield f"| {' | '.join(cells)} | {self.z[target.name]:+.2f} | {self.n} |"


def settle(name: str, folder: Path, *, error: float = RELATIVE_ERROR) -> Settled:
    """Run a case until its relative standard errors are small enough, or ``MOST`` is reached."""
    case = trial(name, MESSAGES)
    rows: list[Floats] = []
    done, planned = 0, 2 if len(case.windows) > 1 else 200
    while True:
        rows += samples(case, folder, numbers=range(done, planned), seed=20260105)
        settled = Settled(name, case.targets, *estimate(rows, case.targets), len(rows))
        need = (settled.relative_error / error) ** 2
        if need <= 1 or planned >= MOST:
            return settled
        done, planned = planned, math.ceil(planned * min(1.05 * need, 8))


def m2() -> Settled:
    """Run M2 as it is published: 200 runs of 2 400 h."""
    return Settled("M2", workload_m2.TARGETS, *estimate(rows := workload_m2.samples(), workload_m2.TARGETS), len(rows))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--error", type=float, default=RELATIVE_ERROR)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args(arguments)
    names, chosen = asked.names, asked.names or [*IDS, "M2"]
    if not names:
        print(ABOUT)
    print(HEAD)
    wrong = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            settled = m2() if name == "M2" else settle(name, Path(folder), error=asked.error)
            print(*settled.lines(), sep="\n", flush=True)
            wrong |= {f"{name} {metric}": z for metric, z in off(settled.z).items()}
    print(*(f"off: {metric}, z {z:+.2f}" for metric, z in wrong.items()), sep="\n", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
