"""What the careers of a team's people do to their shifts, date by date (R92–R97)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.certificates import certify
from simsocial.draw.people.leave import GOLDEN
from simsocial.draw.people.spans import Bools, Index, Stretches, Ticks, Weeks
from simsocial.draw.people.turnover import FOR_EVER, People, Seats, Turnover
from simsocial.draw.randomness import Uniforms
from simsocial.model.away import Away
from simsocial.model.careers import Career, Path, Stage
from simsocial.units import NEVER

Floats = npt.NDArray[np.float64]

SILVER = 2**0.5 - 1
"""Its multiples modulo 1 are spread evenly too, in another order."""
NOTHING = np.empty((0, 5), np.int64)


@dataclass(frozen=True, eq=False)
class Lives:
    """What becomes of a team's shifts in a replication; shapes (agents, dates) of the date on which a shift begins.

    Parameters
    ----------
    there
        Whether somebody sits in the seat.
    whole
        ``Away.TRAINING`` or ``Away.TEACHING`` where that takes all time on the desk, else -1.
    learns
        Ticks that training takes from the beginning of the time on the desk.
    pace, quality
        Factors.
    untrained
        The pace in the untrained twin (R110).
    lacks
        Second index of :attr:`simsocial.model.careers.Career.rankings`.
    stages
        Shape (stretches, 5): agent, start, end, stage and since when he waited, as in the roster.
    """

    there: Bools
    whole: npt.NDArray[np.int8]
    learns: Ticks
    pace: Floats
    quality: Floats
    untrained: Floats
    lacks: Index
    stages: Index

    @classmethod
    def unchanged(cls, agents: int, dates: int) -> Lives:
        """Return what becomes of a team without careers."""
        shape = agents, dates
        zeros, ones = np.broadcast_to(np.int64(0), shape), np.broadcast_to(1.0, shape)
        whole = np.broadcast_to(np.int8(-1), shape)
        return cls(np.broadcast_to(np.True_, shape), whole, zeros, ones, ones, ones, zeros, NOTHING)

    @property
    def off_the_desk(self) -> Bools:
        """Shape (agents, dates), whether the shift is not worked on the desk, whoever is absent."""
        off: Bools = ~self.there | (self.whole >= 0)
        return off


@dataclass(frozen=True, eq=False)
class CareerPlan:
    """What the careers of all replications have in common.

    Parameters
    ----------
    career
        Of the team.
    seats
        And when it has them.
    desk
        Shape (agents, dates), ticks on the desk in the shift that begins on a date.
    sessions
        Shape (agents, dates), ticks of continuing education planned for it.
    weeks
        Whose dates these are.
    """

    career: Career
    seats: Seats
    desk: Ticks
    sessions: Ticks
    weeks: Weeks

    @classmethod
    def of(
        cls, career: Career, *, in_force: list[Ticks], windows: Stretches, sessions: Ticks, weeks: Weeks
    ) -> CareerPlan:
        """Prepare to draw; ``windows`` are in shifts."""
        place = windows.agent * weeks.dates + windows.spans.date
        desk = np.zeros(sessions.size, np.int64)
        np.add.at(desk, place, windows.spans.end - windows.spans.start)
        seats = Seats.of(in_force, career, weeks)
        return cls(career, seats, desk.reshape(sessions.shape), sessions, weeks)

    @property
    def is_random(self) -> bool:
        """Whether people leave at random."""
        return self.career.leaving is not None

    def expected(self, absent: Bools) -> Lives:
        """Return what becomes of the shifts when those leave whom evenly spread numbers say (R93)."""
        first: Floats = np.arange(1.0, len(self.seats) + 1) * GOLDEN
        return self._live(lambda generation: np.mod(first + generation * SILVER, 1.0), absent)

    def draw(self, uniforms: Uniforms, absent: Bools) -> Lives:
        """Return what becomes of the shifts in a replication; generation g has branch g of week 0 (R93)."""
        return self._live(lambda generation: uniforms.vector(len(self.seats), week=0, branch=generation), absent)

    def people(self, uniforms: Callable[[int], Floats]) -> People:
        """Return who sits where when."""
        refills = tuple(int(self.weeks.date(np.array(hire.tick))) for hire in self.career.hires if hire.refills)
        return Turnover(self.career, self.seats, refills, uniforms, self.weeks.dates).run()

    def _live(self, uniforms: Callable[[int], Floats], absent: Bools) -> Lives:
        people = self.people(uniforms)
        path = self.career.path
        tenure, untrained = _tenure(people, path, self.desk.shape, self.weeks)
        there = tenure >= 0
        on_path = tenure.clip(0, path.dates)
        pace = np.array(path.pace)[on_path]
        whole = np.where(there & (tenure < path.in_class), np.int8(Away.TRAINING), np.int8(-1))
        for seat, first, last in people.lessons.tolist():
            whole[seat, first:last] = Away.TEACHING
        free = np.where(there & ~absent & (whole < 0), self.desk, 0)
        learns = np.minimum(self.sessions, free)
        held = certify(self.career, people, free - learns, self.weeks)
        stages = np.concatenate(
            [
                _stages(people, self.career, self.weeks),
                held.stretches(people, there, self.weeks),
                _employed(people, self.weeks),
            ]
        )
        return Lives(
            there=there,
            whole=whole,
            learns=learns + held.learns,
            pace=pace,
            quality=np.array(path.quality)[on_path],
            untrained=np.maximum(untrained, pace),
            lacks=held.lacks,
            stages=stages,
        )


def _tenure(people: People, path: Path, shape: tuple[int, ...], weeks: Weeks) -> tuple[Index, Floats]:
    """Return the dates since whoever sits in a seat began, -1 for a vacant one, and the pace of his twin (R110).

    Shape (agents, dates) each; those who are there at the start came with it.
    """
    tenure, untrained = np.full(shape, -1), np.ones(shape)
    dates, slowest = np.arange(shape[1]), path.untrained
    first = np.where(people.comes <= weeks.today, people.begins, people.comes).clip(0, shape[1])
    columns = (people.seat, people.begins, people.comes, first, people.leaves.clip(0, shape[1]))
    for seat, begins, comes, begin, end in zip(*(column.tolist() for column in columns), strict=True):
        tenure[seat, begin:end] = dates[begin:end] - begins
        untrained[seat, begin:end] = slowest[min(comes - begins, path.dates)]
    return tenure, untrained


def _stages(people: People, career: Career, weeks: Weeks) -> Index:
    """Return the stretches in which everybody waits, is in class, nesting, ramping and fully ramped (R98).

    The first, which may be empty, is there for all who are new, and ends as they begin.
    """
    path = career.path
    after = np.array([0, path.in_class, path.in_class + path.nesting, path.dates])
    edges = np.column_stack([people.due, people.begins[:, None] + after, np.full(len(people.due), FOR_EVER)])
    employed = np.arange(5) != Stage.WAITING
    starts = np.maximum(edges[:, :-1], np.where(employed, people.comes[:, None], people.due[:, None]))
    ends = np.minimum(edges[:, 1:], np.where(employed, people.leaves[:, None], FOR_EVER))
    new = (people.begins == people.comes)[:, None] & (np.arange(5) == Stage.WAITING)
    person, stage = np.nonzero((ends > starts) | new)
    start, end, edge = (each[person, stage] for each in (starts, ends, edges[:, :-1]))
    since = np.where(start == edge, weeks.midnight(people.due[person]), NEVER)
    return np.column_stack([people.seat[person], weeks.midnight(start), weeks.midnight(end), stage, since])


def _employed(people: People, weeks: Weeks) -> Index:
    """Return how long everybody is employed, and since when he was there."""
    began = np.flatnonzero(people.begins < FOR_EVER)
    seat, comes, leaves, begins = (each[began] for each in (people.seat, people.comes, people.leaves, people.begins))
    stage = np.full(len(began), Stage.EMPLOYED)
    return np.column_stack([seat, weeks.midnight(comes), weeks.midnight(leaves), stage, weeks.midnight(begins)])
