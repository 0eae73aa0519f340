"""Files that cover less than the run: rotas and replays that begin late or end early (R65)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from simsocial.measure.volume import expected_arrivals
from simsocial.model.arrivals import ReplayCounts, ReplayStamps
from simsocial.model.bursts import BurstyArrivals
from simsocial.model.intervals import merged
from simsocial.model.rota import Rota
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream
from simsocial.study.check.concerns import Concern, Remark
from simsocial.study.check.coverage import uncovered
from simsocial.units import DAY, format_duration

Ticks = npt.NDArray[np.int64]


def short_rota(scenario: Scenario, team: int) -> Iterator[Remark]:
    """Yield a team whose file leaves dates uncovered, before it begins or after it ends, on which it is needed."""
    rota = scenario.teams[team].rota
    if rota is None:
        return
    begin = int(rota.start.min(initial=scenario.horizon))
    end = int(rota.end.max(initial=begin))
    spells = _dates_outside(scenario, begin, end)
    if any(_needed(scenario, stream, rota, spells) for stream in _streams_of(scenario, team)):
        text = f"its file covers {_from_to(scenario, begin, end)}; nobody is on duty in the rest of the run"
        yield Remark(Concern.SHORT_ROTA, scenario.teams[team].name, text)


def short_file(scenario: Scenario, stream: Stream) -> Iterator[Remark]:
    """Yield a stream whose replayed file leaves more than a day of the run uncovered, open hours of its calendar too.

    Files are cut at midnights, at full hours, or at their last time stamp; a file of business days is whole.
    """
    arrivals = stream.arrivals.own if isinstance(stream.arrivals, BurstyArrivals) else stream.arrivals
    match arrivals:
        case ReplayCounts(start=start, end=end):
            first, last = int(start[0]), int(end[-1])
            within = np.column_stack([end[:-1], start[1:]])
        case ReplayStamps(stamps=stamps):
            first, last = map(int, stamps[[0, -1]])
            within = np.zeros((0, 2), np.int64)
        case _:
            return
    outside = np.array([(0, first), (last, scenario.horizon)])
    missing = int(np.diff(np.concatenate([within, outside]).clip(max=scenario.horizon), axis=1).clip(min=0).sum())
    spells = np.concatenate([within[within[:, 0] < within[:, 1]], _dates_outside(scenario, first, last)])
    if missing > DAY and _open(scenario, stream, spells):
        text = (
            f"its file covers {_from_to(scenario, first, last)}; "
            f"nothing arrives in the other {format_duration(missing)} of the run"
        )
        yield Remark(Concern.SHORT_FILE, stream.name, text)


def _from_to(scenario: Scenario, begin: int, end: int) -> str:
    return f"{scenario.when(begin):%a %Y-%m-%d %H:%M} to {scenario.when(end):%a %Y-%m-%d %H:%M}"


def _streams_of(scenario: Scenario, team: int) -> list[Stream]:
    """Return the streams that a team serves at some step."""
    desk = scenario.desk
    queues = frozenset[int]().union(*(ranking.queues for ranking in desk.rankings if ranking.team == team))
    return [scenario.streams[stream] for stream in sorted({desk.queues[queue].stream for queue in queues})]


def _dates_outside(scenario: Scenario, begin: int, end: int) -> Ticks:
    """Return the whole dates of the run before a file begins and after it ends; shape (spells, 2), ticks."""
    midnight = scenario.tick(scenario.start.replace(hour=0, minute=0, second=0, microsecond=0))
    before, after = midnight + (begin - midnight) // DAY * DAY, midnight - (midnight - end) // DAY * DAY
    spells = np.array([(0, before), (after, scenario.horizon)], np.int64).clip(0, scenario.horizon)
    return spells[spells[:, 0] < spells[:, 1]]


def _needed(scenario: Scenario, stream: Stream, rota: Rota, spells: Ticks) -> bool:
    """Say whether a stream needs people then: in open hours, or when messages come, longer than the file ever pauses.

    A promise of elapsed time has no hours in which it may be left alone; what the file itself does, it means.
    """
    if _calendars(stream) != {None}:
        return _open(scenario, stream, spells)
    start, end = merged(rota.start, rota.end)
    pause = int((start[1:] - end[:-1]).max(initial=DAY))
    long = spells[np.diff(spells, axis=1)[:, 0] > pause]
    return bool(np.diff(expected_arrivals(stream.arrivals, long, horizon=scenario.horizon)).sum() > 0)


def _open(scenario: Scenario, stream: Stream, spells: Ticks) -> bool:
    """Say whether a calendar of the stream is open in the spells; without a calendar it always is."""
    return len(spells) > 0 and any(
        calendar is None or uncovered(scenario.calendars[calendar], spells, horizon=scenario.horizon)[0] > 0
        for calendar in _calendars(stream)
    )


def _calendars(stream: Stream) -> set[int | None]:
    """Return the calendars that count its promises, or that of the stream where none does; ``None`` without any."""
    return {promise.calendar for promise in stream.promises} - {None} or {stream.calendar}
