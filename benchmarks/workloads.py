"""What is simulated in benchmarks: configs, how they are changed, and for how long they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simsocial.model.scenario import Scenario

HERE: Final = Path(__file__).parent
CONFIGS: Final = HERE.parent / "configs"
SCENARIOS: Final = 8
"""Scenarios that share the draws of a replication."""


@dataclass(frozen=True)
class Workload:
    """A scenario, and those that share its draws.

    Parameters
    ----------
    config
        The file.
    hourly
        Messages that come in an hour of the run, roughly.
    staffing, staffings
        Dotted path of what the scenarios differ in, and its value in each: the same messages meet other people.
    changes
        Overrides of the config, common to all.
    least, most
        Hours: the shortest and the longest run.
    most_lanes
        Lanes beyond which nothing is measured: so many of the shortest runs fill the memory.
    """

    config: Path
    hourly: float
    staffing: str
    staffings: tuple[object, ...]
    changes: Mapping[str, object] = field(default_factory=dict)
    least: int = 24
    most: int = 24 * 364
    most_lanes: int = 2**14

    def hours(self, *, lanes: int, messages: float) -> int:
        """Return how long a run lasts if so many lanes are to have so many messages together."""
        return int(min(max(messages / (lanes * self.hourly), self.least), self.most))

    def scenarios(self, hours: int) -> Iterator[Scenario]:
        """Load the scenarios that share draws."""
        from simsocial.config.loading import load

        for value in self.staffings:
            yield load(self.config, overrides={"time.horizon": f"{hours} h", **self.changes, self.staffing: value})


def _shifts(ends: str) -> tuple[str, ...]:
    """Return eight shifts from 9:00 on that end at times ``HH:MM``."""
    return tuple(f"09:00-{end}" for end in ends.split())


M2: Final = Workload(CONFIGS / "m2.toml", 19, "teams.responders.headcount", (18, 19, 19, 20, 20, 21, 21, 22), most=240)
THREE_TEAMS: Final = Workload(
    HERE / "three_teams.toml", 32, "teams.desk.headcount", (11, 11, 12, 12, 12, 12, 13, 13), least=168, most=672
)
_OVERLOAD: Final = {
    "streams.mentions.arrivals.rate": "949 / day",
    "streams.posts.arrivals.rate": "211 / day",
    "streams.complaints.arrivals.rate": "87 / day",
}
_MANY: Final = {
    "streams.urgent.arrivals.rate": "95 / h",
    "streams.normal.arrivals.rate": "380 / h",
    "teams.reviewers.headcount": 100,
}
REVIEW: Final = Workload(
    HERE / "review_desk.toml",
    2,
    "teams.responders.headcount",
    (4, 4, 5, 5, 6, 6, 7, 7),
    least=24 * 364,
    most_lanes=256,
)

WORKLOADS: Final[dict[str, Workload]] = {
    "m2": M2,
    "quickstart": Workload(
        CONFIGS / "quickstart.toml",
        0.9,
        "teams.desk.shifts.day.hours",
        _shifts("15:00 15:15 15:30 15:45 16:00 16:15 16:30 16:45"),
        least=24 * 7 * 2,
        most=24 * 7 * 26,
    ),
    "broker_review": Workload(
        CONFIGS / "broker_review.toml",
        15,
        "teams.desk.shifts.late.hours",
        _shifts("16:45 17:00 17:15 17:30 17:45 18:00 18:15 18:30"),
        least=168,
        most=672,
    ),
    "three_teams": THREE_TEAMS,
    "many_agents": Workload(
        CONFIGS / "m2.toml",
        475,
        "teams.responders.headcount",
        tuple(range(496, 504)),
        _MANY,
        least=8,
        most=24,
        most_lanes=1024,
    ),
    "overload": Workload(
        THREE_TEAMS.config, 52, THREE_TEAMS.staffing, THREE_TEAMS.staffings, _OVERLOAD, least=168, most=672
    ),
    "review": REVIEW,
    "overload_review": Workload(
        REVIEW.config,
        2.8,
        REVIEW.staffing,
        REVIEW.staffings,
        {"streams.answers.arrivals.rate": "66.9 / day"},
        REVIEW.least,
        REVIEW.most,
        REVIEW.most_lanes,
    ),
}
"""By name. ``review`` is ``overload_review`` at a review load of 0.9."""
