"""A slow twin of lateness, written from R47–R49 word by word: plain loops over dates, visits and windows of a log.

It shares nothing with the fast one but the data structures: no tallies, no stages, no calendars. With it come random
desks whose times lie on whole hours, so that everything that can happen at the same tick does.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from builders import MONDAY, ReviewSpec, ShiftSpec, StepSpec, StreamSpec, TeamSpec, at, by_due, scenario
from random_logs import Case

from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import compile_roster
from simsocial.engines.reference import simulate
from simsocial.model.calendar import Calendar
from simsocial.model.laws import Deterministic, Uniform
from simsocial.model.log import MessageOutcome, VisitOutcome
from simsocial.model.promises import Measured, Promise
from simsocial.model.scenario import Scenario
from simsocial.units import DAY, HOUR, NEVER

HOLIDAY = dt.date(2025, 1, 9)
CLOSE = {"office": 17, "shop": 15}
OPEN_DAYS = {"office": 5, "shop": 6}
HORIZON = 11 * DAY


def random_case(random: Random) -> Case:
    """Run a random desk for eleven days."""
    world = _world(random)
    messages, roster = draw_messages(world, seed=random.randrange(1000), replication=0), compile_roster(world)
    return Case(world, messages, roster, simulate(world.desk, messages, roster))


def _world(random: Random) -> Scenario:
    review = ReviewSpec(0.5, "respond", rework=Deterministic(random.choice([2, 5]) * HOUR), max_rounds=3)
    respond = StepSpec("respond", Deterministic(random.choice([1, 3]) * HOUR))
    check = StepSpec("check", Deterministic(HOUR), share=0.7, review=review)
    promised = (
        _promise(random, Measured.FIRST_RESPONSE, 1, 12),
        _promise(random, Measured.PICKUP, 0, 4),
        _promise(random, Measured.STEP, 0, 5),
    )
    mentions = StreamSpec(
        "mentions",
        _arrivals(random),
        (respond, check),
        promises=random.choice([(), promised]),
        patience=random.choice([None, Uniform(4 * HOUR, 80 * HOUR)]),
        calendar=random.choice([None, 0]),
    )
    help_out = StepSpec("help", Deterministic(2 * HOUR))
    completion = _promise(random, Measured.COMPLETION, 0, 9)
    questions = StreamSpec("questions", _arrivals(random), (help_out,), promises=random.choice([(), (completion,)]))
    return scenario(
        mentions,
        questions,
        teams=(_team(random, "desk"), _team(random, "pool"), TeamSpec("night", 1, ("mentions.check",))),
        horizon=HORIZON,
        calendars=[_calendar(name) for name in CLOSE],
        warmup=random.choice([0, 0, DAY, 41 * HOUR]),
    )


def _calendar(name: str) -> Calendar:
    hours = tuple((day * DAY + 9 * HOUR, day * DAY + CLOSE[name] * HOUR) for day in range(OPEN_DAYS[name]))
    return Calendar.compile(name, start=MONDAY, hours=hours, holidays=frozenset({HOLIDAY}), until=HORIZON)


def _arrivals(random: Random):  # type: ignore[no-untyped-def]
    return at(*sorted(random.randrange(HORIZON // HOUR) * HOUR for _ in range(random.choice([5, 20, 40]))))


def _promise(random: Random, measured: Measured, step: int, hours: int) -> Promise:
    share = random.choice([0.5, 0.75, 1.0])
    name = ("respond", "check")[step] if measured is Measured.STEP else measured.value
    # Elapsed time, though the checkpoints may be those of a calendar: due instants have tests of their own.
    return Promise(name, measured, step, hours * HOUR, None, share, None)


def _team(random: Random, name: str) -> TeamSpec:
    queues = ["mentions.respond", "mentions.check", "questions.help"]
    random.shuffle(queues)
    one, two, three = queues
    serves = random.choice(
        [
            (one, two, three),
            (one, (two, three)),
            (by_due(one, two), three),
            ("mentions.respond.rework", one, two, three),
        ]
    )
    hours = tuple((day * DAY + 9 * HOUR, day * DAY + 17 * HOUR) for day in range(random.choice([5, 7])))
    shifts = (
        ShiftSpec("day", hours, pace=random.choice([0.5, 1.0, 2.0])),
        ShiftSpec("other", hours, serves=(random.choice(queues),)),
    )
    return TeamSpec(name, random.choice([1, 2]), serves, shifts, slots=random.choice([1, 2]))


class Twin:
    """Lateness of every stage the long way; what a test mutates is a method."""

    def __init__(self, case: Case) -> None:
        self.world, self.roster, self.log = case.scenario, case.roster, case.log
        self.messages = case.messages
        visits = case.log.visits
        names = ("stream", "message", "step", "queue", "joined", "start", "end", "work", "outcome")
        self.visits = [
            dict(zip(names, row, strict=True))
            for row in zip(*(getattr(visits, n).tolist() for n in names), strict=True)
        ]

    def stages(self) -> list[tuple[int, int]]:
        return [(s, k) for s, route in enumerate(self.world.desk.routes) for k in range(len(route.steps))]

    def late(self) -> dict[str, list[bool]]:
        routes = self.world.desk.routes
        return {f"{routes[s].stream}.{routes[s].steps[k].name}": self.late_stage(s, k) for s, k in self.stages()}

    def late_stage(self, stream: int, step: int) -> list[bool]:
        closes = self.closes(stream)
        broken = [False] * len(self.promises(stream, step))
        found = []
        for before, now, after in zip([-1, *closes], closes, closes[1:], strict=False):
            if now >= self.world.horizon:
                break
            if now > self.world.warmup:
                broken = self.broken(stream, step, broken, before, now)
                found.append(
                    self.verdict(any(broken), self.backlog(stream, step, now), self.capacity(stream, step, now, after))
                )
        return found

    def verdict(self, broken: bool, backlog: int, capacity: float) -> bool:
        return broken or backlog > capacity

    # ---- R48 ---------------------------------------------------------------------------------------------------

    def closes(self, stream: int) -> list[int]:
        """Return closes of the office for a stream that names it, else midnights: there are two calendars."""
        office = self.world.streams[stream].calendar == 0
        days = [
            day
            for day in range(40)
            if not office or (day % 7 < 5 and MONDAY.date() + dt.timedelta(days=day) != HOLIDAY)
        ]
        return [day * DAY + (17 * HOUR if office else DAY) for day in days]

    # ---- R49 (a) -----------------------------------------------------------------------------------------------

    def promises(self, stream: int, step: int) -> list[Promise]:
        return [promise for promise in self.world.streams[stream].promises if promise.step == step]

    def broken(self, stream: int, step: int, before: list[bool], since: int, now: int) -> list[bool]:
        found = []
        for promise, was in zip(self.promises(stream, step), before, strict=True):
            kept = [done for due, done in self.cases(stream, promise) if self.falls_due(since, due, now)]
            found.append(self.none_due(was) if not kept else sum(kept) < promise.share * len(kept))
        return found

    def falls_due(self, since: int, due: int, now: int) -> bool:
        return since < due <= now

    def none_due(self, was: bool) -> bool:
        return was

    def cases(self, stream: int, promise: Promise) -> list[tuple[int, bool]]:
        """Return (due, kept) of all to whom the promise was made."""
        arrival = self.messages.streams[stream].arrival.tolist()
        if promise.measured is Measured.STEP:
            left = (VisitOutcome.ABANDONED, VisitOutcome.EXPIRED)
            made = [v for v in self.visits if (v["stream"], v["step"]) == (stream, promise.step)]
            cases = [(arrival[v["message"]], v["joined"], NEVER if v["outcome"] in left else v["end"]) for v in made]
        else:
            cases = [(since, since, self.measured(stream, m, promise)) for m, since in enumerate(arrival)]
        within = promise.within or 0
        return [(since + within, end <= since + within) for came, since, end in cases if came >= self.world.warmup]

    def measured(self, stream: int, message: int, promise: Promise) -> int:
        fates = self.log.fates[stream]
        if promise.measured is Measured.PICKUP:
            return min(v["start"] for v in self.visits if (v["stream"], v["message"]) == (stream, message))
        if promise.measured is Measured.COMPLETION:
            return int(fates.ended[message]) if fates.outcome[message] == MessageOutcome.HANDLED else NEVER
        return int(fates.published[message])

    # ---- R49 (b) -----------------------------------------------------------------------------------------------

    def backlog(self, stream: int, step: int, now: int) -> int:
        queues = self.own(stream, step) | self.above(stream, step)
        return sum(v["work"] for v in self.visits if v["queue"] in queues and self.waits(v, now))

    def waits(self, visit: dict[str, int], now: int) -> bool:
        until = visit["start"] if visit["start"] != NEVER else visit["end"]
        return visit["joined"] <= now < until

    def own(self, stream: int, step: int) -> set[int]:
        return {q for q, queue in enumerate(self.world.desk.queues) if (queue.stream, queue.step) == (stream, step)}

    def rankings(self, stream: int, step: int) -> list[int]:
        return [r for r, ranking in enumerate(self.world.desk.rankings) if ranking.queues & self.own(stream, step)]

    def above(self, stream: int, step: int) -> set[int]:
        own, found = self.own(stream, step), set()
        for ranking in self.rankings(stream, step):
            groups = self.world.desk.rankings[ranking].groups
            for place, group in enumerate(groups):
                if any(own & set(lower.queues) for lower in groups[place + 1 :]):
                    found |= set(group.queues)
        return found - own

    def capacity(self, stream: int, step: int, now: int, after: int) -> float:
        total = 0.0
        for agent, start, end, pace, serves in zip(
            *(getattr(self.roster, n).tolist() for n in ("agent", "start", "end", "pace", "serves")), strict=True
        ):
            if serves in self.rankings(stream, step):
                total += max(0, min(end, after) - max(start, now)) * int(self.roster.slots[agent]) / pace
        return total
