"""What a remark may be about, and which remarks make the verdict of a run meaningless."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Concern(Enum):
    """What a remark is about."""

    NOBODY_ON_DUTY = "open hours with nobody on duty"
    BEYOND_REACH = "hours in which nobody can keep a promise of elapsed time"
    UNSERVED = "a queue that nobody on duty serves"
    COUNTS = "shift counts that do not add up to the headcount"
    UNCHARGED = "a promise that makes no stage late"
    LEAVE_OWED = "leave that cannot be taken"
    CLASSES = "classes that cannot take all who are called"
    SHORT_FILE = "a replayed file that covers less than the run"
    SHORT_ROTA = "a rota that covers less than the run"
    ROTA_SLIP = "what may be a slip of the pen in a rota"
    OVERLOADED = "a stage with far more work than its teams can do"

    @property
    def serious(self) -> bool:
        """Whether a verdict says nothing about the desk that was meant (R65)."""
        return self in (Concern.UNSERVED, Concern.SHORT_FILE, Concern.SHORT_ROTA, Concern.OVERLOADED)


@dataclass(frozen=True)
class Remark:
    """Something that may be meant, but should be looked at.

    Parameters
    ----------
    concern
        What it is about.
    where
        Stage, queue, team, stream or promise.
    text
        A sentence.
    """

    concern: Concern
    where: str
    text: str
