"""The story of one message in plain words: its timeline, what it waited for, and when it became late."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from rich.console import RenderableType

from simsocial.report.sentence import Sentence, facts
from simsocial.report.words import agent_called, counted, day, hours, moment, work
from simsocial.study.why.message import Deadline, MessageStory, Visit
from simsocial.study.why.waiting import Amount

REACHED = {
    "pickup": "picked up",
    "first_response": "answered",
    "publication": "published",
    "completion": "completed",
    "step": "done",
}
FATES = {
    "handled": "its last step was done",
    "abandoned": "its sender lost patience",
    "expired": "it expired",
    "withdrawn": "it was withdrawn after too many rejections",
    "noise": "it turned out to be noise",
    "lost": "a filter took it for noise",
}
RELATIONS = {
    "the same queue": "that had joined {queue} before it",
    "ranked above": "of {queue}, which ranks above",
    "of equal rank": "of {queue}, which has equal rank",
}
Event = tuple[dt.datetime, str]


def message_headline(story: MessageStory) -> str:
    """Return in one line whether the message was late, and how late."""
    late = [each for each in story.deadlines if each.kept is False]
    arrived = f"{story.message} arrived {moment(story.arrived)}"
    if not late:
        return f"{arrived} and broke no promise"
    return f"{arrived} and was late: {'; '.join(map(_late, late))}"


def message_lines(story: MessageStory) -> Iterator[RenderableType]:
    """Yield the headline, then what happened in order of time, then what it waited for."""
    broken = any(each.kept is False for each in story.deadlines)
    yield ""
    yield Sentence((message_headline(story), "bold red" if broken else "bold green"))
    yield facts((moment(at), words) for at, words in _together(story))
    for visit in story.visits:
        if visit.wait_hours > 0:
            yield Sentence(_wait(visit))


def _together(story: MessageStory) -> Iterator[Event]:
    """Yield the events in order of time, those of an instant in one line."""
    in_order = sorted(_events(story), key=lambda event: event[0])
    for at, events in itertools.groupby(in_order, key=lambda event: event[0]):
        yield at, ", ".join(words for _, words in events)


def _late(deadline: Deadline) -> str:
    due = f"{deadline.promise} was due {moment(deadline.due)}"
    if deadline.late_hours is None:
        return f"{due} and never kept"
    return f"{due}, {hours(deadline.late_hours)} before it was {REACHED[deadline.measured]}"


# ---- in order of time ------------------------------------------------------------------------------------------------


def _events(story: MessageStory) -> Iterator[Event]:
    yield story.arrived, "arrived"
    for visit in story.visits:
        yield from _visit_events(visit)
    for deadline in story.deadlines:
        if deadline.kept is False:
            before = "" if deadline.before_it is None else f", {_amount(deadline.before_it)} before it"
            yield deadline.due, f"{deadline.promise} became late, {deadline.where}{before}"
    if story.published is not None:
        yield story.published, "published"
    if story.ended is not None:
        yield story.ended, FATES[story.outcome]


def _visit_events(visit: Visit) -> Iterator[Event]:
    again = "" if visit.visit == 1 else f" (visit {visit.visit})"
    yield visit.joined, f"joined {visit.queue}{again}, {_amount(visit.before_it)} before it"
    who = "work began" if visit.agent is None else f"{agent_called(visit.name, visit.agent)} of {visit.team} began"
    if visit.start is not None:
        yield visit.start, f"{who}, after {hours(visit.wait_hours)}"
        if visit.end is not None:
            yield visit.end, f"{visit.queue} {visit.outcome}"


def _amount(some: Amount) -> str:
    return f"{counted(some.visits, 'message')} ({work(some.hours)} of work)" if some.visits else "nothing"


# ---- what it waited for ----------------------------------------------------------------------------------------------


def _wait(visit: Visit) -> str:
    attended = visit.wait_hours - visit.unattended_hours
    ended = "" if visit.start is not None else ", in vain" if visit.end is not None else ", to the end of the run"
    absent = "; ".join(
        f"{agent_called(each.name, each.agent)} of {each.team} was absent on {day(each.date)}" for each in visit.absent
    )
    words = f"in {visit.queue} it waited {hours(visit.wait_hours)}{ended}: {_parts(visit, attended)}"
    return f"{words}; {absent}" if absent else words


def _parts(visit: Visit, attended: float) -> str:
    who = " or ".join(visit.teams) or "nobody"
    alone = f"{hours(visit.unattended_hours)} with nobody of {who} on duty" if visit.unattended_hours else ""
    busy = f"{hours(attended)} while those on duty were at other work" if attended > 0 else ""
    began = ", ".join(
        f"{_amount(each.begun)} {RELATIONS[each.relation].format(queue=each.queue)}" for each in visit.overtaking
    )
    meanwhile = f"; first came {began}" if began else ""
    return " and ".join(part for part in (alone, busy) if part) + meanwhile
