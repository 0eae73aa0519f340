"""Files that say who works when: a rota of people, or how many there are in each interval (R68, R69)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simsocial.config.files import Decimal, FileOfInstants, Rows
from simsocial.config.scalar import Choice
from simsocial.config.values import Duration, Text

Word = Annotated[Literal["on duty", "break", "meeting", "other duty", "leave", "absent", "off"], Choice()]
"""The activities of the model."""


class Rota(FileOfInstants):
    """``[teams.X.rota]``: which column is which; ``activities`` says what other words mean, such as Lunch = "break".

    With a column of the ``date``, start and end are clock times. ``rows`` chooses in the place of the team's name.
    """

    file: Text
    agent: Text = "agent"
    start: Text = "start"
    end: Text = "end"
    activity: Text = "activity"
    team: Text = "team"
    date: Text | None = None
    rows: Rows = Field(default_factory=dict)
    activities: dict[Text, Word] = Field(default_factory=dict)


class HeadcountByInterval(FileOfInstants):
    """``[teams.X.headcount_by_interval]``: intervals end at ``end``, or are all as long as ``interval``."""

    file: Text
    start: Text = "start"
    end: Text = "end"
    headcount: Text = "headcount"
    interval: Duration | None = None
    decimal: Decimal | None = None
