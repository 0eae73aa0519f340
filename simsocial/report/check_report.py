"""What is known before a run, in 80 columns: what is overloaded when, load, capacity, and what the run costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.model.files import FileRead
from simsocial.report.sentence import Name, Sentence
from simsocial.report.words import amount, counted, day, percent, roughly
from simsocial.study.check import Check, Estimate, Headcount, Shrinkage, StageLoad
from simsocial.units import SECOND, format_duration, format_size


def check_report(check: Check) -> RenderableType:
    """Return what the command line prints of a check."""
    return Group(
        first_overloaded(check),
        _stages(check),
        _teams(check),
        *_shrinkage(check),
        *_headcounts(check),
        _streams(check),
        *(Sentence(f"look at {remark.where}: {remark.text}") for remark in check.remarks),
        *map(file_read, check.files),
        _run(check.estimate),
    )


def file_read(file: FileRead) -> Sentence:
    """Return how a file was read: which column as what, from when to when, and what was found in it."""
    read_as = (name if name == what else f"{name} as {what}" for name, what in file.columns)
    when = [_instants(file.first, file.last)] if file.first and file.last else []
    left = [f"not used: {', '.join(file.unused)}"] if file.unused else []
    found = "; ".join([", ".join(read_as), *when, *file.notes, *left])
    rows = counted(file.rows, "row")
    return Sentence(f"read {file.name} ({file.at}): {rows}, columns separated by {file.separator}: {found}")


def _instants(first: dt.datetime, last: dt.datetime) -> str:
    dates = first.time() == last.time() == dt.time()
    return " to ".join(f"{instant:%Y-%m-%d}" if dates else f"{instant:%Y-%m-%d %H:%M}" for instant in (first, last))


def weeks_report(check: Check) -> RenderableType:
    """Return every week of every stage: its work, what its teams must do, and what they can."""
    rows = (
        (
            Name(week.stage),
            day(week.start.date()),
            amount(week.hours),
            amount(week.load_hours),
            amount(week.shared_capacity_hours),
            "overloaded" if week.overloaded else "",
        )
        for week in check.stage_weeks
    )
    return _table(("Stage", "Week of", "Work\nh", "and what\nranks above", "Capacity\nh", ""), rows, words=2)


def first_overloaded(check: Check) -> Sentence:
    """Return the sentence that says which stage is overloaded first, and when."""
    first = check.first_overloaded
    if first is None or first.first_overloaded is None:
        return Sentence(("no stage is overloaded in any week", "bold green"))
    why = f", by what ranks above or beside it (most of all {first.filled_by})" if first.filled_by else ""
    when = day(first.first_overloaded.date())
    return Sentence((f"{first.stage} is overloaded first{why}: from the week of {when}", "bold red"))


def _stages(check: Check) -> Table:
    head = ("Stage and team", "Visits\na week", "Work h\na week", "busiest\nweek", "Capacity\nh a week", "Erlangs")
    rows = (
        (
            Name(stage.stage, " + ".join(stage.teams) or "nobody"),
            amount(stage.visits_per_week),
            amount(stage.hours_per_week),
            amount(stage.busiest_hours),
            amount(stage.capacity_hours),
            amount(stage.erlangs),
            _overloaded(stage),
        )
        for stage in check.stages
    )
    return _table((*head, "Overloaded"), rows)


def _overloaded(stage: StageLoad) -> str:
    if stage.first_overloaded is None:
        return "never"
    return f"{counted(stage.overloaded_weeks, 'week')},\nfrom {stage.first_overloaded.date().isoformat()}"


def _teams(check: Check) -> Table:
    head = (
        "Team",
        "People",
        "On duty h\na week",
        "Capacity h\na week",
        "least\nweek",
        "Work that only\nit does, h a week",
    )
    rows = (
        (
            team.team,
            amount(team.agents),
            amount(team.on_duty_hours),
            amount(team.capacity_hours),
            amount(team.least_capacity_hours),
            amount(team.hours_per_week),
        )
        for team in check.teams
    )
    return _table(head, rows)


def _shrinkage(check: Check) -> Iterable[Table]:
    """Return the table of paid time, if any team is away for more than breaks."""
    if not any(team.away > team.breaks for team in check.shrinkage):
        return
    learning = any(team.training for team in check.shrinkage)
    fails = any(team.outages for team in check.shrinkage)
    wide = learning or fails
    training, outages = ["Train-\ning"] * learning, ["Out-\nages"] * fails
    absent = "Ab-\nsent" if wide else "Absent"
    away = ("Breaks", "Meet-\nings", "Other\nduties", *training, "Leave", absent, *outages, "Shrink-\nage")
    rows = (_shrinks(team, learning=learning, fails=fails) for team in check.shrinkage)
    yield _table(("Team", "Paid h\na week", "On\nduty" if wide else "On duty", *away), rows)


def _shrinks(team: Shrinkage, *, learning: bool, fails: bool) -> tuple[str, ...]:
    training, outages = [team.training] * learning, [team.outages] * fails
    off = (team.breaks, team.meetings, team.other_duties, *training, team.leave, team.absent, *outages)
    return (team.team, *map(amount, (team.paid, team.on_duty, *off)), percent(team.share))


def _headcounts(check: Check) -> Iterable[Table]:
    """Return the table of people over time, if any team's people come, learn or leave."""
    if not check.headcounts:
        return
    stages = ("People", "In\nclass", "Nest-\ning", "Ramp-\ning", "Full", "Wait-\ning")
    head = ("Team", "Four weeks\nfrom", *stages, "Learn-\ning h", "Teach-\ning h")
    yield _table(head, map(_people, check.headcounts), words=2)


def _people(period: Headcount) -> tuple[str, ...]:
    stages = (period.employed, period.in_class, period.nesting, period.ramping, period.full, period.waiting)
    hours = (period.training_hours, period.teaching_hours)
    return (period.team, f"{period.start:%Y-%m-%d}", *(f"{each:.1f}" for each in stages), *map(amount, hours))


def _streams(check: Check) -> Table:
    head = ("Stream", "Messages", "a week", "Noise", "Gone before anyone\nis on duty")
    rows = (
        (
            stream.stream,
            amount(stream.messages),
            amount(stream.messages_per_week),
            percent(stream.noise_share),
            percent(stream.lost_before_duty),
        )
        for stream in check.streams
    )
    return _table(head, rows)


def _run(estimate: Estimate) -> Sentence:
    least, most = estimate.replications
    number = counted(most, "replication") if least == most else f"{least} to {most} replications"
    time = format_duration(estimate.seconds * most * SECOND, digits=2)
    return Sentence(
        f"a run: {number} of about {amount(estimate.messages)} messages; "
        f"{time} on one core, {format_size(roughly(estimate.memory))}"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str | Name]], *, words: int = 1) -> Table:
    """Return a table whose first ``words`` columns are words and the others numbers."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, heading in enumerate(head):
        table.add_column(heading, justify="left" if place < words else "right", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Name) else Text(cell) for cell in row))
    return table
