"""What careers make of the windows and the paid time of all teams in a replication (R92–R98)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simsocial.draw.people.careers import Lives
from simsocial.draw.people.spans import Bools, Index, Ticks
from simsocial.model.away import Away
from simsocial.model.roster import AWAY, STAGES, TWIN
from simsocial.model.teams import Team

Columns = Mapping[str, npt.NDArray[Any]]
Codes = npt.NDArray[np.uint8]

ON_DESK, LEARNS, CHANGED, IN_CLASS, TEACHES, GAINS = (np.uint8(1 << bit) for bit in range(6))
"""What happens to shifts of a date: on the desk, some of it taken by training, by somebody whose pace, quality or
ranking is his own; or all of it in class, or training one; by somebody quicker than in the untrained twin. Of most
windows a byte of these is all that is asked."""


@dataclass(frozen=True, eq=False)
class Development:
    """The lives of all teams, one behind the other; shapes (agents × dates,), as in :class:`Lives`.

    Parameters
    ----------
    codes
        What happens to shifts of each agent and date.
    """

    there: Bools
    learns: Ticks
    pace: npt.NDArray[np.float64]
    quality: npt.NDArray[np.float64]
    untrained: npt.NDArray[np.float64]
    lacks: Index
    codes: Codes

    @classmethod
    def of(cls, lives: Sequence[Lives], absent: Bools) -> Development:
        """Join lives; ``absent`` has shape (agents × dates,)."""
        names = ("there", "learns", "pace", "quality", "untrained", "lacks", "whole")
        there, learns, pace, quality, untrained, lacks, whole = (
            np.concatenate([getattr(life, name).ravel() for life in lives]) for name in names
        )
        present = there & ~absent
        codes = (present & (whole < 0)) * ON_DESK
        codes |= (learns > 0) * LEARNS
        codes |= ((pace != 1) | (quality != 1) | (lacks != 0)) * CHANGED
        codes |= (present & (whole == Away.TRAINING)) * IN_CLASS
        codes |= (present & (whole == Away.TEACHING)) * TEACHES
        codes |= (pace != untrained) * GAINS
        return cls(there, learns, pace, quality, untrained, lacks, codes)

    def divided(
        self, columns: Columns, place: Index, *, calls: Index, called: Bools, without: Index
    ) -> tuple[dict[str, npt.NDArray[Any]], Columns, dict[str, npt.NDArray[Any]]]:
        """Return the windows that are left, the paid time that training takes of them, and what the twin has not.

        Parameters
        ----------
        columns, place
            All windows that may be, and their agent and date.
        calls, called
            Which are calls, and who is called.
        without
            Shape (rankings, combinations of certificates): the ranking in force without those.
        """
        code = self.codes.take(place)
        code[calls] = (code[calls] & CHANGED) | called * ON_DESK
        learning = np.flatnonzero((code & (ON_DESK | LEARNS)) == (ON_DESK | LEARNS))
        start, end = columns["start"][learning], columns["end"][learning]
        taken = _from_the_beginning(self.learns[place[learning]], place[learning], end - start)
        code[learning[start + taken == end]] = 0
        row = np.flatnonzero(code & ON_DESK)
        left = self._left(columns, code[row], row, place[row], without)
        begins = columns["start"].copy()
        begins[learning] += taken
        left["start"] = begins[row]
        whole, cut = np.flatnonzero(code & (IN_CLASS | TEACHES)), learning[taken > 0]
        away = (
            np.concatenate([columns["agent"][whole], columns["agent"][cut]]),
            np.concatenate([columns["start"][whole], columns["start"][cut]]),
            np.concatenate([columns["end"][whole], begins[cut]]),
            np.concatenate(
                [np.where(code[whole] & TEACHES, Away.TEACHING, Away.TRAINING), np.full(len(cut), Away.TRAINING)]
            ),
        )
        twin = self._against_twin(left, place[row], away, place[np.concatenate([whole, cut])])
        return left, dict(zip(AWAY, away, strict=True)), twin

    def _against_twin(
        self, left: Columns, on_desk: Index, away: Sequence[npt.NDArray[Any]], learning: Index
    ) -> dict[str, npt.NDArray[Any]]:
        """Return what windows and training bring and take (R110); ``on_desk`` and ``learning`` are their places."""
        quicker = np.flatnonzero(self.codes[on_desk] & GAINS)
        where = on_desk[quicker]
        gain = 1 / self.pace[where] - 1 / self.untrained[where]
        windows = (left[name][quicker] for name in ("agent", "start", "end"))
        of_both = [np.concatenate(pair) for pair in zip(windows, away, strict=False)]
        return dict(zip(TWIN, (*of_both, np.concatenate([gain, -1 / self.untrained[learning]])), strict=True))

    def _left(
        self, columns: Columns, code: Codes, row: Index, place: Index, without: Index
    ) -> dict[str, npt.NDArray[Any]]:
        """Return the windows ``row`` on the desk with the pace, quality and ranking of whoever sits in the seat."""
        left = {name: column[row] for name, column in columns.items() if name != "start"}
        changed = np.flatnonzero(code & CHANGED)
        where = place[changed]
        left["pace"][changed] *= self.pace[where]
        left["quality"][changed] *= self.quality[where]
        left["serves"][changed] = without[left["serves"][changed], self.lacks[where]]
        return left


def _from_the_beginning(wanted: Ticks, place: Index, length: Ticks) -> Ticks:
    """Return what is taken of each window, so that those of one place together give what is wanted, the first first."""
    before = length.cumsum() - length
    first = np.flatnonzero(np.append(True, np.diff(place) != 0)[: len(place)])
    before -= np.repeat(before[first], np.diff(np.append(first, len(place))))
    taken: Ticks = (wanted - before).clip(0, length)
    return taken


def rankings_without(teams: Sequence[Team], rankings: int) -> Index:
    """Return the table of rankings that are in force without certificates, shape (rankings, combinations)."""
    lacking = [(own, without) for team in teams if team.career for own, without in team.career.rankings]
    table = np.repeat(np.arange(rankings)[:, None], max([1, *(len(without) for _, without in lacking)]), axis=1)
    for own, without in lacking:
        table[own, : len(without)] = without
    return table


def stage_columns(lives: Sequence[Lives], agents_before: Index) -> dict[str, Index]:
    """Return the stages of all teams as columns of the roster."""
    rows = [life.stages + np.array([before, 0, 0, 0, 0]) for life, before in zip(lives, agents_before, strict=False)]
    return dict(zip(STAGES, np.concatenate(rows).T, strict=True))
