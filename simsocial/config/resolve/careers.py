"""Careers: what the training, hiring, leaving and tenure of a team come to (R92-R97)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, exp

from simsocial.config import careers as written
from simsocial.config.resolve.layout import Layout
from simsocial.config.resolve.rankings import Rankings
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import Span
from simsocial.config.teams import TeamOfShifts
from simsocial.model.careers import VETERAN, Career, Certificate, Continuing, Hire, Leaving, Path
from simsocial.model.desk import Group, Ranking
from simsocial.model.piecewise import Piecewise
from simsocial.units import DAY, YEAR

ENOUGH = 0.05
"""A ramp ends when so much of it, or less, is left (R94)."""
MOST_CERTIFICATES = 4
"""Of a team: every combination of those that are lacking is a ranking of its own."""


def resolve_career(
    team: TeamOfShifts,
    *,
    number: int,
    headcount: Piecewise,
    posts: Sequence[int],
    layout: Layout,
    rankings: Rankings,
    span: Span,
    spot: Spot,
) -> Career | None:
    """Return how people of a team come, learn and leave; ``None`` where nothing of it changes anything.

    Parameters
    ----------
    team, number
        As written, and its index.
    headcount
        Over time.
    posts
        Rankings of its shifts and calls.
    layout, rankings, span
        The queues there are, the rankings named so far, and the run's stretch of time.
    spot
        The team's place.
    """
    training = team.training or written.Training()
    here = spot / "training"
    path = _path(training)
    career = Career(
        path=path,
        trainers=training.trainers,
        size=training.class_size,
        tenure=_tenure(team, path, spot / "tenure"),
        leaving=_leaving(team.leaving) if team.leaving else None,
        hires=_hires(team, headcount, span, spot / "hiring"),
        continuing=_continuing(training.continuing) if training.continuing else None,
        certificates=tuple(_certificates(training, team, posts, layout, rankings, span, here / "certification")),
    )
    _check_length(path, span, here)
    _check_trainers(career, headcount, span, here / "trainers")
    ranked = _rankings(career, number, posts, rankings)
    comes = bool(career.hires) or career.leaving is not None
    learns = career.continuing is not None or career.certificates
    new = career.tenure and not path.changes_nothing
    return Career(**(vars(career) | {"rankings": ranked})) if comes or learns or new else None


def _dates(ticks: int) -> int:
    """Return how many dates a length of time takes, the last one whole (R94)."""
    return ceil(ticks / DAY)


# ---- the path to full speed -----------------------------------------------------------------------------------------


def _path(training: written.Training) -> Path:
    """Lay out class, nesting and ramp date by date (R94)."""
    in_class, nesting = _dates(training.class_ or 0), training.nesting
    before = in_class + (_dates(nesting.length) if nesting else 0)
    ramp = list(_ramp(training.ramp)) if training.ramp else []
    while ramp and ramp[-1] == (1.0, 1.0):  # R99: who is as good as everybody is fully ramped
        ramp.pop()

    def factors(in_nesting: float, on_ramp: list[float]) -> tuple[float, ...]:
        return (*[1.0] * in_class, *[in_nesting] * (before - in_class), *on_ramp, 1.0)

    return Path(
        in_class=in_class,
        nesting=before - in_class,
        pace=factors(nesting.pace if nesting else 1.0, [pace for pace, _ in ramp]),
        quality=factors(nesting.quality if nesting else 1.0, [quality for _, quality in ramp]),
    )


def _ramp(ramp: written.AnyRamp) -> Iterator[tuple[float, float]]:
    """Yield pace and quality of each date of a ramp."""
    if isinstance(ramp, written.Steps):
        for step, following in pairwise(ramp.steps):
            yield from [(step.pace, step.quality)] * (_dates(following.after) - _dates(step.after))
        return
    week = 0
    while _left(ramp, 7.0 * week) > ENOUGH:
        left = _left(ramp, 7.0 * week + 3.5)
        yield from [(1 + (ramp.pace - 1) * left, 1 + (ramp.quality - 1) * left)] * 7
        week += 1


def _left(ramp: written.Exponential | written.Linear | written.Logistic, date: float) -> float:
    """Return what is left of a ramp so many dates after it began, 1 at first."""
    if isinstance(ramp, written.Exponential):
        return exp(-date * DAY / ramp.time_constant)
    if isinstance(ramp, written.Linear):
        return max(0.0, 1 - date * DAY / ramp.length)
    begins = exp(-ramp.midpoint / ramp.time_constant)
    return (1 + begins) / (1 + begins * exp(min(date * DAY / ramp.time_constant, 700)))


def _check_length(path: Path, span: Span, spot: Spot) -> None:
    if path.in_class * DAY > span.horizon:
        (spot / "class").fault("lasts longer than the run, so that nobody would finish it; write less, or more horizon")
    elif path.nesting * DAY > max(span.horizon, YEAR):
        (spot / "nesting").fault("lasts longer than the run and than a year; write less")


# ---- who comes and leaves -------------------------------------------------------------------------------------------


def _tenure(team: TeamOfShifts, path: Path, spot: Spot) -> tuple[tuple[float, int], ...]:
    """Return the proportions and tenures of those there at the start; who is left over is fully ramped."""
    total = sum(entry.share for entry in team.tenure)
    if total > 1 + 1e-9:
        spot.fault(f"the shares add up to {total:g}; they must add up to at most 1")
    for place, entry in enumerate(team.tenure):
        if _dates(entry.length) < path.in_class:
            (spot / place / "length").fault("who has been there so long is still in class; write more, or 0 for share")
    rest = [(1 - total, VETERAN)] if total < 1 - 1e-9 else []
    return (*((entry.share, _dates(entry.length)) for entry in team.tenure), *rest) if total else ()


def _leaving(leaving: written.Leaving) -> Leaving | None:
    rates = [*(entry.rate for entry in leaving.by_tenure), leaving.rate]
    if not any(percent for percent, _ in rates):
        return None
    since = (0, *(_dates(entry.until) for entry in leaving.by_tenure))
    replaced = None if leaving.replaced_after is None else _dates(leaving.replaced_after)
    return Leaving(since, tuple(written.hazard(rate) for rate in rates), replaced)


def _hires(team: TeamOfShifts, headcount: Piecewise, span: Span, spot: Spot) -> tuple[Hire, ...]:
    """Return the requisitions by the date on which those hired are due."""
    dated = sorted((max(span.tick(each.date), 0), name) for name, each in team.hiring.items())
    hires, hired = [], 0
    for tick, name in dated:
        each = team.hiring[name]
        missing = each.count
        if missing is None:
            assert each.headcount is not None
            there = int(headcount.at(tick)) + hired
            missing = each.headcount - there
            if missing < 0:
                text = f"{there} are there by then; write at least that, or let changes take people away"
                (spot / name / "headcount").fault(text)
                continue
        if missing or each.headcount is not None:
            hires.append(Hire(tick + each.lead_time, missing, refills=each.headcount is not None))
        hired += missing
    leaves = team.leaving is not None and team.leaving.replaced_after is None
    needed = [hire for hire in hires if hire.seats or (hire.refills and leaves)]
    return tuple(sorted(needed, key=lambda hire: hire.tick))


def _check_trainers(career: Career, headcount: Piecewise, span: Span, spot: Spot) -> None:
    """Note that nobody can ever train."""
    if career.trainers is None or not (career.hires or career.leaving):
        return
    there = int(headcount.values.max())
    shortest = max((dates for _, dates in career.tenure), default=career.path.dates)
    if not there or (career.path.dates - shortest) * DAY >= span.horizon:
        spot.fault("nobody of the team is ever fully ramped to train others; leave it out if others train them")
    elif (needed := ceil(career.trainers)) > there + career.seats:
        spot.fault(f"a class needs {needed} trainers at least, and the team has {there}; write fewer")


# ---- what everybody learns ------------------------------------------------------------------------------------------


def _continuing(continuing: written.Continuing) -> Continuing | None:
    ticks, period = continuing.hours
    return Continuing(ticks, written.periods_of(period), continuing.group, continuing.cover) if ticks else None


def _certificates(
    training: written.Training,
    team: TeamOfShifts,
    posts: Sequence[int],
    layout: Layout,
    rankings: Rankings,
    span: Span,
    spot: Spot,
) -> Iterator[Certificate]:
    """Yield the certificates that take time; note steps that do not exist or that the team does not serve."""
    served = {queue for post in posts for queue in rankings.listed[post].queues}
    if len(training.certification) > MOST_CERTIFICATES:
        spot.fault(f"too many certificates; write at most {MOST_CERTIFICATES} for a team")
        return
    for name, each in training.certification.items():
        queues: set[int] = set()
        for place, step in enumerate(each.steps):
            index = layout.named(step, spot / name / "steps" / place)
            if index is not None and index not in served:
                (spot / name / "steps" / place).fault("the team does not serve it; name it in serves, or take it out")
            elif index is not None:
                rework = layout.rework_of(index)
                queues |= {index} if rework is None else {index, rework}
        refresher = each.hours if each.refresher is None else each.refresher
        if each.hours or (each.valid is not None and refresher):
            yield Certificate(
                name=name,
                queues=frozenset(queues),
                ticks=each.hours,
                refresher=refresher,
                valid=None if each.valid is None else _dates(each.valid),
                early=each.refresher_before // DAY,
                obtained=None if each.obtained is None else span.tick(each.obtained),
            )


def _rankings(
    career: Career, number: int, posts: Sequence[int], rankings: Rankings
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return what each ranking becomes without each combination of certificates, listing what is new (R97)."""
    if not career.certificates:
        return ()
    combinations = range(1 << len(career.certificates))
    return tuple(
        (post, tuple(_without(post, _lacking(career, bits), number, rankings) for bits in combinations))
        for post in dict.fromkeys(posts)
    )


def _lacking(career: Career, bits: int) -> frozenset[int]:
    return frozenset(queue for bit, each in enumerate(career.certificates) if bits >> bit & 1 for queue in each.queues)


def _without(post: int, queues: frozenset[int], number: int, rankings: Rankings) -> int:
    """Return the ranking that is left of one without some queues."""
    groups = rankings.listed[post].groups
    left = [tuple(queue for queue in group.queues if queue not in queues) for group in groups]
    kept = tuple(Group(some, group.order) for some, group in zip(left, groups, strict=True) if some)
    return rankings.place(Ranking(number, kept)) if queues else post
