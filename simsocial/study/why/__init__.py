"""Why something was late: one day, or one message, of a run that a folder holds, simulated again (R64)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simsocial.errors import Fault, InputError
from simsocial.measure.behind import path as behind
from simsocial.measure.behind.wording import closing_day
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results
from simsocial.simulation.trace import Trace
from simsocial.study.recorded import Recorded
from simsocial.study.replay import replay
from simsocial.study.why.bursts import Brought
from simsocial.study.why.bursts import BurstDay as BurstDay
from simsocial.study.why.message import MessageStory as MessageStory
from simsocial.study.why.message import message_story
from simsocial.study.why.names import message_named
from simsocial.study.why.presence import Presence as Presence
from simsocial.study.why.presence import presence
from simsocial.study.why.promises import Cases, all_cases
from simsocial.study.why.stage_day import StageDay as StageDay
from simsocial.study.why.stage_day import StageDays


@dataclass(frozen=True)
class Day:
    """A day of a replication.

    Parameters
    ----------
    date
        Of the day.
    stages
        Those with a checkpoint on it; the late ones first.
    teams
        Who was on duty.
    bursts
        What bursts brought.
    """

    date: dt.date
    stages: tuple[StageDay, ...]
    teams: tuple[Presence, ...]
    bursts: tuple[BurstDay, ...]


@dataclass(frozen=True)
class Why:
    """Why something was late.

    Parameters
    ----------
    scenario
        Name.
    folder
        Of the run.
    replication, of
        Its number, and how many the run has.
    picked
        Why this replication, when nobody named it; empty otherwise.
    day, message
        What was asked for; both, as far as there are such, when nothing was.
    asked
        Whether a message or a day was named.
    difference
        The first number in which the simulation differs from what the folder holds; ``None`` when there is none.
    """

    scenario: str
    folder: str
    replication: int
    of: int
    picked: str
    day: Day | None
    message: MessageStory | None
    asked: bool
    difference: str | None


def why(
    folder: Path | str, *, message: str | None = None, day: dt.date | None = None, replication: int | None = None
) -> Why:
    """Tell why a message or a day was late; without either the worst day, and the message that was latest on it.

    Parameters
    ----------
    folder
        Of a run.
    message
        Such as ``"mentions.1234"``; as ``"1234"`` where there is one stream.
    day
        A date on which a stage has a checkpoint (R48).
    replication
        Number. Default: the first of the run; without message and day, the one in which a stage was late most often.

    Raises
    ------
    InputError
        When the folder holds no run, or no such replication, message or day; when both message and day are given.
    """
    if message is not None and day is not None:
        raise InputError(Fault("ask for a message or for a day, not both", path="message"))
    recorded = Recorded.read(Path(folder))
    asked = message is not None or day is not None
    number, picked = _picked(recorded, replication, asked=asked)
    again = replay(folder, replication=number, log=True)
    told = _Told(again.results)
    found_day, found_message = told.answer(message, day)
    return Why(
        scenario=recorded.scenario.name,
        folder=str(folder),
        replication=number,
        of=len(recorded),
        picked=picked,
        day=found_day,
        message=found_message,
        asked=asked,
        difference=again.difference,
    )


def _picked(recorded: Recorded, replication: int | None, *, asked: bool) -> tuple[int, str]:
    if replication is not None:
        return replication, ""
    if asked:
        return recorded.first, ""
    late = [place for place, row in enumerate(recorded.rows) if row.measure == "late_share"]
    shares = np.nan_to_num(recorded.numerators[:, late]).max(axis=1, initial=0.0)
    if not shares.any():
        return recorded.first, ""
    return recorded.first + int(shares.argmax()), "the one in which a stage was late most often"


class _Told:
    """One replication, ready to be told of."""

    def __init__(self, results: Results) -> None:
        self.scenario: Scenario = results.scenario
        self.seed, self.replication = results.seed, results.first
        self.trace: Trace = results.traces[0]
        self.paths: Sequence[behind.Path] = results.paths[0]
        self.cases: tuple[Cases, ...] = all_cases(self.scenario, self.trace)
        self.days = [StageDays(self.scenario, self.trace, path, self.cases) for path in self.paths]

    def answer(self, message: str | None, day: dt.date | None) -> tuple[Day | None, MessageStory | None]:
        if message is not None:
            return None, self._message(*message_named(self.scenario, self.trace, message))
        if day is not None:
            return self._day(day), None
        worst = self._worst_day()
        latest = self._latest(*worst) if worst else self._latest_of_all()
        date = None if worst is None else closing_day(self.scenario, int(worst[0].stage.checkpoints[worst[1]]))
        return None if date is None else self._day(date), None if latest is None else self._message(*latest)

    def _message(self, stream: int, message: int) -> MessageStory:
        return message_story(self.scenario, self.trace, self.cases, stream=stream, message=message)

    def _day(self, date: dt.date) -> Day:
        closing = [(days, days.on(date)) for days in self.days]
        stages = [days.day(checkpoint) for days, checkpoint in closing if checkpoint is not None]
        if not stages:
            raise InputError(Fault(self._no_day(date), path="day"))
        teams = range(len(self.scenario.teams))
        there = tuple(presence(self.scenario, self.trace.roster, team, date) for team in teams)
        brought = Brought(self.scenario, seed=self.seed, replication=self.replication)
        late_first = tuple(sorted(stages, key=lambda stage: not stage.late))
        return Day(date, late_first, there, tuple(brought.on(date)))

    def _no_day(self, date: dt.date) -> str:
        days = [closing_day(self.scenario, int(tick)) for each in self.days for tick in each.stage.checkpoints]
        if not days:
            return "no stage has a checkpoint in this run"
        if not min(days) <= date <= max(days):
            return f"write a day from {min(days)} to {max(days)} (got {date})"
        return f"no stage has a checkpoint on {date}; the next is on {min(day for day in days if day > date)}"

    def _worst_day(self) -> tuple[StageDays, int] | None:
        """Return the late checkpoint on which most promises were broken; of equals the one with most work waiting."""
        late = [(days, int(checkpoint)) for days in self.days for checkpoint in np.flatnonzero(days.path.late)]
        most = max((int(days.missed[checkpoint]) for days, checkpoint in late), default=0)
        worst = [(days, checkpoint) for days, checkpoint in late if days.missed[checkpoint] == most]
        return max(worst, key=lambda pair: pair[0].load_hours(pair[1]), default=None)

    def _latest(self, days: StageDays, checkpoint: int) -> tuple[int, int] | None:
        """Return the message that was latest of those due before a checkpoint that broke a promise of the stage."""
        since, close = map(int, days.stage.marks[checkpoint : checkpoint + 2])
        return self._latest_in(days.cases, since, close)

    def _latest_of_all(self) -> tuple[int, int] | None:
        return self._latest_in(self.cases, -1, self.scenario.horizon)

    def _latest_in(self, asked: Sequence[Cases], since: int, close: int) -> tuple[int, int] | None:
        found = [
            (late, -cases.stream, -message) for cases in asked for late, message in self._late(cases, since, close)
        ]
        if not found:
            return None
        _, stream, message = max(found)
        return -stream, -message

    def _late(self, cases: Cases, since: int, close: int) -> Iterator[tuple[int, int]]:
        """Yield for how long after their due instants messages were still open, and the messages."""
        rows = np.flatnonzero(cases.broken & cases.due_in(since, close))
        message = cases.message[rows]
        ended = np.minimum(cases.measured[rows], self.trace.log.fates[cases.stream].ended[message])
        late = ended.clip(max=self.scenario.horizon) - cases.due[rows]
        yield from zip(late.tolist(), message.tolist(), strict=True)
