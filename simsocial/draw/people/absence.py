"""Random absence: on which dates each agent is absent (R78)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simsocial.draw.randomness import Uniforms
from simsocial.model.away import Absence

Bools = npt.NDArray[np.bool_]


def draw_absence(absence: Absence, uniforms: Uniforms, *, agents: int, weeks: int) -> Bools:
    """Draw who is absent on which date, whether he has a shift then or not.

    Parameters
    ----------
    absence
        How often and how long.
    uniforms
        Of the team; number 7·k + d of a week is that of agent k on its day d (Monday is 0).
    agents
        More of them change nothing for those that are there.
    weeks
        Of the addresses, 0 being the week before the start's.

    Returns
    -------
    Shape (agents, 7 · weeks).
    """
    u = np.concatenate([uniforms.vector(7 * agents, week=week).reshape(agents, 7) for week in range(weeks)], axis=1)
    absent = u < absence.begins
    # Between the two probabilities a uniform leaves it as it was; the first date is absent with the share itself.
    decides = absent | (u >= absence.lasts)
    decides[:, 0], absent[:, 0] = True, u[:, 0] < absence.share
    latest = np.maximum.accumulate(np.where(decides, np.arange(7 * weeks), 0), axis=1)
    return np.take_along_axis(absent, latest, axis=1)
