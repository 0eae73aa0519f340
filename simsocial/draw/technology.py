"""What filters drop and what tools do without people, message by message (R106, R107)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsocial.draw.randomness import Dice, Floats, Kind, Lineage
from simsocial.model.messages import Bools, Ticks
from simsocial.model.streams import Stream
from simsocial.model.technology import Automation


def draw_dropped(stream: Stream, *, arrival: Ticks, lineage: Lineage, actionable: Bools, dice: Dice) -> Bools | None:
    """Return which messages the stream's filter drops, shape (messages,); ``None`` without a filter.

    What is there at the start has passed it.
    """
    if stream.filter is None:
        return None
    share = np.where(actionable, stream.filter.lost.at(arrival), stream.filter.noise.at(arrival))
    return (dice(stream.drawn_as, Kind.FILTERED).of(lineage) < share) & _arrives(lineage)


@dataclass(frozen=True, eq=False)
class Automated:
    """What a tool does at one step; shapes (messages,).

    Parameters
    ----------
    alone
        Messages whose work it does.
    quality
        Multiplies the rejection of what it did at each review's first look; 1 for other messages.
    work
        Multiplies people's work; 1 but for messages that it hands over.
    """

    alone: Bools
    quality: Floats
    work: Floats


def draw_automated(
    automation: Automation, *, entity: str, arrival: Ticks, lineage: Lineage, comes: Bools, dice: Dice
) -> Automated:
    """Draw what a tool does with the messages of a stream at a step.

    Parameters
    ----------
    automation
        Its shares over time.
    entity
        ``<stream>.<step>``.
    arrival, lineage
        Of the messages; what is there at the start is left to people.
    comes
        Actionable messages that need the step.
    dice
        Uniforms of the replication.
    """
    tried = comes & _arrives(lineage) & (dice(entity, Kind.AUTOMATED).of(lineage) < automation.share.at(arrival))
    contained = dice(entity, Kind.CONTAINED).of(lineage) < automation.contained.at(arrival)
    alone = tried & contained
    return Automated(
        alone=alone,
        quality=np.where(alone, automation.quality.at(arrival), 1.0),
        work=np.where(tried & ~contained, automation.handed_over.at(arrival), 1.0),
    )


def _arrives(lineage: Lineage) -> Bools:
    arrives: Bools = lineage.week >= 0
    return arrives
