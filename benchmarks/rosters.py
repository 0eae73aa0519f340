"""Time of a roster: a year of 500 agents with everything that takes people off the desk and calls them in.

``python -m benchmarks.rosters [--agents N] [--weeks N] [--careers]``: laying it out once, and each replication's draw;
with careers people are hired, trained, certified, and leave.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Callable

from simsocial.config.loading import parse
from simsocial.draw.roster import RosterPlan

DESK = """
name = "a large desk"
[time]
start = 2026-01-05
horizon = "{weeks} weeks"
[streams.mentions]
route = ["respond"]
arrivals.rate = "40 / day"
steps.respond.work = "6 min"
[teams.desk]
headcount = {agents}
serves = ["*"]
absence = {{ share = 0.06, spell = "3 days" }}
leave = {{ days = "25 days / year", at_once = {away} }}
meetings.weekly = "Mon 09:00-09:30"
other_duties.posts = "Mon-Fri 10:00-11:00"
on_call.weekend = {{ hours = "Sat-Sun 10:00-14:00", agents = 5 }}
on_call.cover = {{ hours = "Mon-Fri 06:00-08:00", agents = 5, called = "for the absent" }}
shifts.early = {{ days = "Mon-Fri", hours = "08:00-16:00", break = {{ after = "4 h", length = "30 min" }} }}
shifts.late = {{ days = "Tue-Sat", hours = "14:00-22:00", break = {{ after = "4 h", length = "30 min" }} }}
"""
CAREERS = """
leaving.rate = "33 % / year"
leaving.by_tenure = [{{ until = "6 months", rate = "60 % / year" }}]
leaving.replaced_after = "3 weeks"
tenure = [{{ share = 0.1, length = "8 weeks" }}]
hiring.spring = {{ date = 2026-03-02, count = {away}, lead_time = "4 weeks" }}
[teams.desk.training]
class = "3 weeks"
class_size = 40
trainers = "1 / 8"
nesting = {{ length = "2 weeks", pace = 1.8, quality = 2.5 }}
ramp = {{ shape = "exponential", pace = 1.5, quality = 2.0, time_constant = "8 weeks" }}
continuing = {{ hours = "2 h / month", group = 10, cover = 50 }}
certification.mentions = {{ steps = ["mentions.respond"], hours = "8 h", valid = "52 weeks", refresher = "2 h" }}
"""
DRAWS = 20


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--careers", action="store_true")
    options = parser.parse_args()
    desk = DESK + CAREERS * options.careers
    config = desk.format(agents=options.agents, weeks=options.weeks, away=options.agents // 5 + 1)
    scenario = parse(tomllib.loads(config))
    plan = RosterPlan.of(scenario)
    print(f"laid out in {1e3 * seconds(lambda: RosterPlan.of(scenario)):.0f} ms")
    drawn = sorted(seconds(lambda n=n: plan.draw(seed=1, replication=n)) for n in range(DRAWS))  # type: ignore[misc]
    windows = len(plan.draw(seed=1, replication=0).start)
    print(f"{windows:,} windows, drawn in {1e3 * drawn[DRAWS // 2]:.0f} ms (median of {DRAWS})")


if __name__ == "__main__":
    main()
