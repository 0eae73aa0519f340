"""Why a day or a message was late, in plain words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType

from simsocial.measure.behind.wording import teams_in_words
from simsocial.report.message_report import message_headline, message_lines
from simsocial.report.sentence import Sentence, facts
from simsocial.report.words import clock, counted, day, moment, percent, ranges, work
from simsocial.study.why import BurstDay, Day, Presence, StageDay, Why
from simsocial.study.why.presence import Span
from simsocial.study.why.stage_day import PromiseDay
from simsocial.study.why.waiting import Amount

AWAY = {
    "absent": "absent",
    "leave": "on leave",
    "meeting": "in a meeting",
    "other_duty": "at another duty",
    "training": "in training",
    "teaching": "training others",
    "outage": "without tools",
}


def why_report(found: Why) -> RenderableType:
    """Return what the command line prints of a why."""
    return Group(*_lines(found))


def quiet_report(found: Why) -> str:
    """Return the one line that says most: of the day if there is one, else of the message."""
    if found.day is not None:
        return _day_headline(found.day, found.day.stages[0])
    return message_headline(found.message) if found.message is not None else _nothing_late(found)


def _nothing_late(found: Why) -> str:
    which = "no promise was broken" if found.message is None else "the message that was latest is told below"
    return f"no stage was late on any day; {which}"


def _lines(found: Why) -> Iterator[RenderableType]:
    picked = f": {found.picked}" if found.picked else ""
    yield Sentence(f"{found.scenario}\nreplication {found.replication}, of {found.of} in {found.folder}{picked}")
    if found.day is None and not found.asked:
        yield Sentence(_nothing_late(found))
    if found.day is not None:
        for stage in found.day.stages:
            yield from _stage_lines(found.day, stage)
        yield from _bursts(found.day)
        yield from _people(found.day)
    if found.message is not None:
        yield from message_lines(found.message)
    if found.difference is not None:
        yield Sentence(f"\nthe folder tells otherwise, other versions made it: {found.difference}")


# ---- a day -----------------------------------------------------------------------------------------------------------


def _day_headline(of: Day, stage: StageDay) -> str:
    if not stage.late:
        return f"{_named(stage)} was not late on {day(of.date)}"
    return f"{_named(stage)} was late on {day(of.date)}: {'; and '.join(_reasons(stage))}"


def _named(stage: StageDay) -> str:
    return f"{stage.stage} ({teams_in_words(stage.teams)})" if stage.teams else stage.stage


def _reasons(stage: StageDay) -> Iterator[str]:
    for promise in stage.promises:
        if promise.broken:
            yield _broken(promise)
    if stage.overloaded:
        yield (
            f"{work(stage.load_hours)} of work waited at the close, more than the {work(stage.capacity_ahead_hours)} "
            f"that can be done until the next, {moment(stage.next_close)}"
        )


def _broken(promise: PromiseDay) -> str:
    promised = f"promised to {percent(promise.promised)}"
    if promise.due == 0:
        return f"no {promise.promise} was due, and too few were kept when it last was ({promised})"
    kept = percent(promise.kept / promise.due)
    return f"of {counted(promise.due, 'message')} due, {promise.kept} kept {promise.promise} ({kept}, {promised})"


def _stage_lines(of: Day, stage: StageDay) -> Iterator[RenderableType]:
    yield ""
    headline = _day_headline(of, stage)
    yield Sentence((headline, "bold red" if stage.late else "bold green"))
    yield facts(_facts(of, stage))


def _facts(of: Day, stage: StageDay) -> Iterator[tuple[str, str]]:
    if stage.behind_since is not None:
        yield "behind", f"since {day(stage.behind_since)}"
    yield "came", _came(of, stage)
    yield "done", _done(stage)
    yield "backlog", _backlogs(stage)
    for above in stage.above:
        begun, waiting = _amount(above.begun), _amount(above.waiting)
        yield "ranked first", f"{above.queue}: {begun} begun, {waiting} waiting at the close"
    for promise in stage.promises:
        if promise.first_broken is not None and promise.first_broken_due is not None:
            those = f"{promise.due - promise.kept} of {promise.due} broke {promise.promise}"
            yield "broken", f"{those}, the first {promise.first_broken}, due {moment(promise.first_broken_due)}"
    if stage.uncovered:
        yield "unattended", f"open, and nobody who serves it on duty: {_spans(stage.uncovered)}"


def _came(of: Day, stage: StageDay) -> str:
    usual = "" if stage.usual is None else f" (on a {of.date:%A} {stage.usual:g} is usual)"
    alone = f", {stage.came_unattended} of them with nobody on duty" if stage.came_unattended else ""
    return f"{stage.came.visits} since {moment(stage.since)}{usual}, {work(stage.came.hours)} of work{alone}"


def _done(stage: StageDay) -> str:
    return f"{_amount(stage.begun)} begun; those who serve it can do {work(stage.capacity_hours)} in that time"


def _backlogs(stage: StageDay) -> str:
    evening = stage.evening
    oldest = "" if evening.oldest is None else f", the oldest since {moment(evening.oldest)}"
    return (
        f"{_amount(stage.morning.waiting)} at {clock(stage.morning.at)}, "
        f"{_amount(evening.waiting)} at the close, {clock(evening.at)}{oldest}"
    )


def _amount(some: Amount) -> str:
    return f"{some.visits} ({work(some.hours)})" if some.visits else "0"


# ---- bursts ---------------------------------------------------------------------------------------------------------


def _bursts(of: Day) -> Iterator[RenderableType]:
    if of.bursts:
        yield ""
        yield Sentence(("Bursts", "bold"))
        yield facts((f"{each.stream} {each.burst}", _brought(each)) for each in of.bursts)


def _brought(burst: BurstDay) -> str:
    came = f"{burst.came} of the {counted(burst.of, 'message')} that arrived on the day came of it"
    return came if burst.began is None else f"began {moment(burst.began)}; {came}"


# ---- people ----------------------------------------------------------------------------------------------------------


def _people(of: Day) -> Iterator[RenderableType]:
    serving = {team for stage in of.stages for team in stage.teams}
    yield ""
    yield Sentence(("On duty", "bold"))
    yield facts((team.team, "; ".join(_presence(team))) for team in of.teams if team.team in serving)


def _presence(team: Presence) -> Iterator[str]:
    for hours, agents in _by_hours(team.on_duty).items():
        yield f"{_agents(team, agents)} {hours}"
    if not team.on_duty:
        yield "nobody"
    for why, words in AWAY.items():
        for hours, agents in _by_hours(team.away.get(why, {})).items():
            yield f"{_agents(team, agents)} {words} {hours}"
    if team.off:
        yield f"{_agents(team, team.off)} off duty"


def _by_hours(when: Mapping[int, Sequence[Span]]) -> Mapping[str, list[int]]:
    """Return who shares which hours."""
    shared: defaultdict[str, list[int]] = defaultdict(list)
    for agent, spans in when.items():
        shared[_spans(spans)].append(agent)
    return shared


def _agents(team: Presence, numbers: Sequence[int]) -> str:
    if team.names:
        return ", ".join(team.names[number] for number in numbers)
    return f"agent {numbers[0]}" if len(numbers) == 1 else f"agents {ranges(numbers)}"


def _spans(spans: Sequence[Span]) -> str:
    return ", ".join(f"{clock(begin)}–{_until(begin, end)}" for begin, end in spans)


def _until(begin: dt.datetime, end: dt.datetime) -> str:
    return "24:00" if end.date() > begin.date() else clock(end)
