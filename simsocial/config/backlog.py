"""What is open when the run begins: numbers of messages that wait for a step, or a file that lists them (R87–R89)."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from simsocial.config.files import Decimal, FileOfInstants
from simsocial.config.laws import Law
from simsocial.config.tables import Table
from simsocial.config.values import Count, Duration, Text


class Waiting(Table):
    """``[streams.X.steps.Y.backlog]``: ``count`` messages wait for the step, of an ``age``, or spread to ``oldest``."""

    count: Count
    age: Law | None = None
    oldest: Duration | None = None

    @model_validator(mode="after")
    def _one_age(self) -> Self:
        if (self.age is None) == (self.oldest is None):
            written = "neither" if self.age is None else "both"
            raise ValueError(f"write how old they are, as age or as oldest (got {written})")
        return self


class OpenItems(FileOfInstants):
    """``[backlog]``: the file that lists the open items, one or several in a row, and which column is which."""

    file: Text
    stream: Text = "stream"
    step: Text = "step"
    since: Text = "since"
    age: Text = "age"
    count: Text = "count"
    decimal: Decimal | None = None
