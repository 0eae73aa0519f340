"""Who lacks which certificate when, and what obtaining and renewing them takes (R97)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simsocial.draw.people.leave import GOLDEN
from simsocial.draw.people.spans import Bools, Index, Ticks, Weeks
from simsocial.draw.people.turnover import FOR_EVER, People
from simsocial.model.careers import Career, Certificate, Stage
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Held:
    """Certificates of a team; shapes (agents, dates).

    Parameters
    ----------
    lacks
        Bit i says that the i-th certificate is lacking.
    learns
        Ticks of training for them.
    """

    lacks: Index
    learns: Ticks

    def stretches(self, people: People, there: Bools, weeks: Weeks) -> Index:
        """Return when people hold all certificates, shape (stretches, 5) as in ``Lives.stages``."""
        held = np.zeros((there.shape[0], there.shape[1] + 2), np.int8)
        held[:, 1:-1] = there & (self.lacks == 0)
        agent, first = np.nonzero(np.diff(held, axis=1) == 1)
        _, last = np.nonzero(np.diff(held, axis=1) == -1)
        never = np.full(len(agent), NEVER)
        stage = np.full(len(agent), Stage.CERTIFIED)
        return np.column_stack([agent, weeks.midnight(first), weeks.midnight(last), stage, never])


def certify(career: Career, people: People, free: Ticks, weeks: Weeks) -> Held:
    """Let everybody obtain and renew the certificates of a team.

    Parameters
    ----------
    career
        Of the team.
    people
        Of the team.
    free
        Shape (agents, dates), ticks on the desk that may be taken for it.
    weeks
        Whose dates these are.
    """
    held, left = Held(np.zeros_like(free), np.zeros_like(free)), free.copy()
    of_people = (people.seat, people.begins + career.path.in_class, people.comes, people.leaves)
    each = list(zip(*(of.tolist() for of in of_people), strict=True))
    for number, certificate in enumerate(career.certificates):
        for seat, desk, comes, leaves in each:
            mine = left[seat], held.learns[seat]
            for first, last in _lacking(certificate, seat, desk, comes, leaves, *mine, weeks):
                held.lacks[seat, max(first, 0) : last] |= 1 << number
    return held


def _lacking(
    certificate: Certificate, seat: int, desk: int, comes: int, leaves: int, left: Ticks, learns: Ticks, weeks: Weeks
) -> Iterator[tuple[int, int]]:
    """Yield the dates, first and the one after the last, on which somebody in a seat lacks a certificate.

    He comes, is on the desk for the first time, and leaves on the dates given; ``left`` and ``learns`` are his.
    """
    leaves = min(leaves, len(left))
    ends = desk if desk >= comes else _ends(certificate, seat, comes, weeks)
    need, begins = (certificate.ticks, desk) if desk >= comes else (certificate.refresher, ends - certificate.early)
    if desk >= comes and need:
        yield comes, min(desk, leaves)
    while ends < leaves:
        back = _learn(need, max(begins, comes), leaves, left, learns) if need else ends
        yield ends, min(max(back, ends), leaves)
        if certificate.valid is None or back >= leaves:
            return
        ends = max(back, ends) + certificate.valid
        need, begins = certificate.refresher, ends - certificate.early


def _ends(certificate: Certificate, seat: int, comes: int, weeks: Weeks) -> int:
    """Return when the certificate ends of somebody who comes with it."""
    if certificate.valid is None:
        return FOR_EVER
    if certificate.obtained is not None:
        return int(weeks.date(np.array(certificate.obtained))) + certificate.valid
    return comes + round(certificate.valid * (1 - seat * GOLDEN % 1))


def _learn(need: int, first: int, last: int, left: Ticks, learns: Ticks) -> int:
    """Take ``need`` ticks of the dates from ``first`` to before ``last``; return the date after, or ``last``."""
    for date in range(first, last):  # mostly one or two
        taken = min(need, left.item(date))
        if taken:
            left[date] -= taken
            learns[date] += taken
            need -= taken
            if not need:
                return date + 1
    return last
