"""Stages: what of a desk can fall behind, with its promises, its teams, and its checkpoints (R47, R48)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.model.calendar import Calendar
from simsocial.model.capacity import rankings_serving
from simsocial.model.desk import Ranking
from simsocial.model.piecewise import frozen
from simsocial.model.promises import Promise
from simsocial.model.scenario import Scenario

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Stage:
    """A step's queue with its rework (R47).

    Parameters
    ----------
    stream, step
        Names.
    queues
        Indexes into ``Desk.queues``: the step's own, and its rework queue if it has one.
    rankings
        Indexes into ``Desk.rankings``: those that serve one of its queues.
    teams, team_names
        The teams with such a ranking, in the config's order.
    above
        Queues, not its own, that such a ranking puts above a queue of the stage (R49 b).
    promises, shares
        Rows of ``PromiseCounts`` charged to it, and their promised shares.
    on_calendar
        Whether its checkpoints are closes of business days; midnights otherwise.
    marks
        Shape (checkpoints + 2,), ticks: the last close up to the warm-up (-1 if there is none), the checkpoints, and
        the first close at or after the horizon.
    """

    stream: str
    step: str
    queues: tuple[int, ...]
    rankings: tuple[int, ...]
    teams: tuple[int, ...]
    team_names: tuple[str, ...]
    above: tuple[int, ...]
    promises: tuple[int, ...]
    shares: tuple[float, ...]
    on_calendar: bool
    marks: Ticks

    def __post_init__(self) -> None:
        object.__setattr__(self, "marks", frozen(self.marks, np.int64))

    def __repr__(self) -> str:
        return f"<Stage {self.name} ({self.team}): {len(self.checkpoints)} checkpoints>"

    @property
    def name(self) -> str:
        return f"{self.stream}.{self.step}"

    @property
    def team(self) -> str:
        """The teams that serve it, as tables name them: ``desk``, ``desk + pool``."""
        return " + ".join(self.team_names)

    @property
    def checkpoints(self) -> Ticks:
        """Shape (checkpoints,), ticks after the warm-up and before the horizon (R2, R9)."""
        return self.marks[1:-1]


def stages(scenario: Scenario) -> tuple[Stage, ...]:
    """Return the stages of a scenario, in the order of streams and routes.

    A step served by nobody (R28) never has waiting work, so it cannot be behind and is no stage.
    """
    return tuple(
        _stage(scenario, stream, step)
        for stream, route in enumerate(scenario.desk.routes)
        for step, part in enumerate(route.steps)
        if not part.nobody
    )


def served_together(stages: Sequence[Stage]) -> tuple[tuple[int, ...], ...]:
    """Return the indexes of the stages that the same teams serve, in the order of those teams (R51).

    A team that alone serves a stage is behind when that stage is; teams that share one are named together.
    """
    by_teams: dict[tuple[int, ...], list[int]] = {}
    for index, stage in enumerate(stages):
        by_teams.setdefault(stage.teams, []).append(index)
    return tuple(tuple(served) for _, served in sorted(by_teams.items()))


def _stage(scenario: Scenario, stream: int, step: int) -> Stage:
    desk = scenario.desk
    queues = tuple(q for q, queue in enumerate(desk.queues) if (queue.stream, queue.step) == (stream, step))
    rankings = rankings_serving(desk, queues)
    teams = tuple(sorted({desk.rankings[ranking].team for ranking in rankings}))
    promises = scenario.streams[stream].promises
    first_row = sum(len(other.promises) for other in scenario.streams[:stream])
    charged = [(first_row + i, promise) for i, promise in enumerate(promises) if promise.step == step]
    calendar = _calendar(scenario, stream, (promise for _, promise in charged))
    return Stage(
        stream=scenario.streams[stream].name,
        step=desk.routes[stream].steps[step].name,
        queues=queues,
        rankings=rankings,
        teams=teams,
        team_names=tuple(desk.teams[team] for team in teams),
        above=_above(queues, (desk.rankings[ranking] for ranking in rankings)),
        promises=tuple(row for row, _ in charged),
        shares=tuple(promise.share for _, promise in charged),
        on_calendar=calendar is not None,
        marks=_marks(scenario, calendar),
    )


def _above(queues: tuple[int, ...], rankings: Iterable[Ranking]) -> tuple[int, ...]:
    """Return the queues that must be empty before the last of ``queues`` is served in one of ``rankings``."""
    above: set[int] = set()
    for ranking in rankings:
        last = max(i for i, group in enumerate(ranking.groups) if not set(queues).isdisjoint(group.queues))
        above.update(queue for group in ranking.groups[:last] for queue in group.queues)
    return tuple(sorted(above.difference(queues)))


def _calendar(scenario: Scenario, stream: int, charged: Iterable[Promise]) -> int | None:
    """Return the calendar whose closes are the checkpoints: R48, where it has none the stream's (R10)."""
    of_stream = scenario.streams[stream]
    candidates = [promise.calendar for promise in charged]
    candidates += [of_stream.calendar, *(promise.calendar for promise in of_stream.promises)]
    if len(scenario.calendars) == 1:
        candidates.append(0)
    return next((calendar for calendar in candidates if calendar is not None), None)


def _marks(scenario: Scenario, calendar: int | None) -> Ticks:
    if calendar is None:
        clock = Calendar.around_the_clock(start=scenario.start, until=scenario.horizon)
    else:
        clock = scenario.calendars[calendar]
    last = scenario.horizon - 1  # R2: a close at the horizon does not happen
    closes = clock.checkpoints(last)
    skipped = int(np.searchsorted(closes, scenario.warmup, side="right"))  # R9
    return np.concatenate(([-1], closes, [clock.next_checkpoint(last)]))[skipped:]
