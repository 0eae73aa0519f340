"""The whole config as a planner writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simsocial.config.adoption import AnyAdoption
from simsocial.config.backlog import OpenItems
from simsocial.config.outages import Outage
from simsocial.config.run import Run
from simsocial.config.streams import Stream
from simsocial.config.tables import Shorthand, Table
from simsocial.config.teams import AnyTeam
from simsocial.config.time import OpenHours, Time
from simsocial.config.values import Name, Text


class Document(Table):
    """A config file."""

    name: Text
    time: Time
    calendars: dict[Name, OpenHours] = Field(default_factory=dict)
    streams: dict[Name, Stream]
    teams: dict[Name, AnyTeam] = Field(default_factory=dict)
    outages: dict[Name, Outage] = Field(default_factory=dict)
    adoption: dict[Name, AnyAdoption] = Field(default_factory=dict)
    backlog: Annotated[OpenItems | None, Shorthand("file", Text)] = None
    run: Run = Run()
