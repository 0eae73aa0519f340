"""What is open when a run begins: messages that wait for a step, with their ages (R87–R89)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simsocial.model.laws import Law
from simsocial.model.piecewise import frozen
from simsocial.units import WEEK

OLDEST: Final = 520 * WEEK
"""Ticks; calendars reach so far back where there is a backlog, and keys of queues hold it."""


@dataclass(frozen=True, eq=False)
class Waiting:
    """Messages of a stream that wait for the same step at the start.

    Parameters
    ----------
    step
        Index of the step in the stream's route.
    number
        Shape (messages,), of each among all that wait for this step: the index of its address (R88).
    age
        Shape (messages,), ticks since each arrived, at least 1; or the law of that.
    longest
        Ticks, to which a drawn age is cut.
    shared
        Whether the parts of a split stream share them, each message by its own uniform (R90); these parts' own if not.
    """

    step: int
    number: npt.NDArray[np.int64]
    age: Law | npt.NDArray[np.int64]
    longest: int = OLDEST
    shared: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", frozen(self.number, np.int64))

    def __len__(self) -> int:
        return len(self.number)
