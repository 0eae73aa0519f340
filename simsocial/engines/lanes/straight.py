"""The visits that a message makes when nothing sends it back: each step that it needs once, in route order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simsocial.engines.lanes.drawn import Drawn
from simsocial.engines.lanes.records import ENDS, NOT_A_REVIEW, Columns
from simsocial.engines.lanes.sent_back import Known, SentBack, Visits, possible
from simsocial.model.desk import Route
from simsocial.model.log import MessageOutcome
from simsocial.model.messages import Bools, Floats, Ticks
from simsocial.units import NEVER


@dataclass(frozen=True, eq=False)
class Stage:
    """The first visits to one step.

    Parameters
    ----------
    message
        Shape (visits,), who makes them.
    before
        Shape (visits,), how many visits each makes before.
    uniform
        Shape (visits,) of a review, empty otherwise.
    fails
        Places of those that may be rejected.
    """

    message: Ticks
    before: npt.NDArray[np.int16]
    uniform: Floats
    fails: Ticks


class StreamRecords:
    """The records of one stream in several replications.

    Parameters
    ----------
    route, drawn
        The stream.
    qualities
        The smallest and the largest quality that any work can have.

    Attributes
    ----------
    each
        Shape (messages,), how many records each message has.
    number
        Shape (messages,), its index in its replication.
    """

    def __init__(self, route: Route, drawn: Drawn, qualities: tuple[float, float]) -> None:
        self.route, self.drawn, self.qualities = route, drawn, qualities
        self.no_noise = bool(drawn.actionable.all())
        self.goes_on = drawn.actionable | route.triage  # R17
        self.straight = np.zeros(len(drawn), np.int16)
        self.stages = [self._stage(where) for where in range(len(route.steps))]
        self.back = self._sent_back()
        begins = np.repeat(drawn.first_of[:-1], np.diff(drawn.first_of))
        self.number = (np.arange(len(drawn)) - begins).astype(np.int32)
        self.each = self.straight.astype(np.int32)
        if self.back is not None:
            self.each += np.bincount(self.back.message, minlength=len(drawn)).astype(np.int32)

    def _stage(self, where: int) -> Stage:
        visited = self.drawn.needs[where] & self.goes_on
        message = np.flatnonzero(visited)
        uniform: Floats = np.zeros(0)
        fails = np.zeros(0, np.int64)
        if self.route.steps[where].review is not None:
            uniform = self.drawn.first(where, "reject")[message].astype(np.float64, copy=False)
            passes, may_fail = possible(self.route.steps[where], uniform, self.qualities)
            fails = np.flatnonzero(may_fail & self.drawn.actionable[message])
            self.goes_on[message[~passes]] = False
        before = self.straight[message]
        self.straight += visited
        if not self.no_noise:
            self.goes_on &= self.drawn.actionable | ~visited
        return Stage(message, before, uniform, fails)

    def _sent_back(self) -> Known | None:
        """Return what may happen after the first rejection of each message, if any may be sent back at all.

        Who is sent back from the first review comes first, then from the second.
        """
        back = SentBack(self.route, self.drawn, self.qualities)
        rejected = []
        for where, stage in enumerate(self.stages):
            message = stage.message[stage.fails]
            if self._sends_back(where) and len(message):
                visits = np.zeros((len(message), len(self.route.steps)), np.int64)
                for earlier in range(where + 1):
                    visits[:, earlier] = self.drawn.needs[earlier][message]
                rejected.append(back.after(where, message, visits, visits.copy()))
        return back.follow(Visits.joined(rejected)) if rejected else None

    def _sends_back(self, where: int) -> bool:
        """Return whether a step's first rejection does not withdraw the message (R25)."""
        rule = self.route.steps[where].review
        return rule is not None and rule.max_rounds > 1

    # ---- writing ----------------------------------------------------------------------------------------------------

    def write(self, columns: Columns, start: Ticks) -> None:
        """Write the records down; ``start``, shape (messages,), is where those of each message begin."""
        places = np.zeros(0, np.int64) if self.back is None else self._write_back(self.back, columns, start)
        waits, sent = self._waits_for_publication(), 0
        for where, stage in enumerate(self.stages):
            place = start[stage.message] + stage.before
            self._write_stage(columns, where, place, waits[where])
            fails = place[stage.fails]
            if self._sends_back(where):
                its = slice(sent, sent + len(fails))
                columns.rejected[fails], sent = places[its], its.stop
                self._write_delays(columns, fails, its)
            else:
                columns.rejected[fails] = ENDS[MessageOutcome.WITHDRAWN]

    def _waits_for_publication(self) -> list[Bools]:
        """Return, by step, whether messages still need one before they are published (R24)."""
        waits = [np.zeros(len(self.drawn), np.bool_)]
        for later in reversed(range(1, len(self.route.steps))):
            waits.append(waits[-1] | self.drawn.needs[later] if later <= self.route.published_after else waits[-1])
        return waits[::-1]

    def _write_stage(self, columns: Columns, where: int, place: Ticks, waits: Bools) -> None:
        stage, step = self.stages[where], self.route.steps[where]
        message = stage.message
        columns.queue[place] = step.queue
        columns.message[place] = self.number.take(message)
        columns.work[place] = self._work(where)
        columns.publishes[place] = ~waits[message]
        if step.review is not None:
            columns.uniform[place] = stage.uniform
        goes_on = np.flatnonzero(self.straight[message] > stage.before + 1)
        columns.passed[place[goes_on]] = place[goes_on] + 1
        self._write_leaving(columns, where, place)
        if not self.no_noise:
            self._write_noise(columns, where, place)

    def _work(self, where: int) -> Ticks:
        """Return the work of first visits; the message's first one includes triage (R40), noise has no other (R17)."""
        stage = self.stages[where]
        work: Ticks = self.drawn.first(where, "work")[stage.message].astype(np.int64, copy=False)
        if not self.no_noise:
            work[~self.drawn.actionable[stage.message]] = 0
        if self.route.triage:
            work += np.where(stage.before == 0, self.drawn.triage[stage.message], 0)
        return work

    def _write_leaving(self, columns: Columns, where: int, place: Ticks) -> None:
        """Write down when patience ends, or expiry, and which of them comes first (R26); and who is fresh."""
        stage, step = self.stages[where], self.route.steps[where]
        first = np.flatnonzero(stage.before == 0)
        message, its_place = stage.message[first], place[first]
        arrival = self.drawn.arrival[message]
        columns.fresh.setdefault(step.queue, []).append((its_place, arrival))
        patience = self.drawn.patience_ends[message]
        if step.expires_after < NEVER:
            columns.leaves[place] = np.minimum(self.drawn.arrival[stage.message] + step.expires_after, NEVER)
            columns.by_patience[its_place] = patience <= columns.leaves[its_place]
            patience = np.minimum(patience, columns.leaves[its_place])
        else:
            columns.by_patience[its_place] = True
        columns.leaves[its_place] = patience

    def _write_noise(self, columns: Columns, where: int, place: Ticks) -> None:
        """Let noise leave after its triage: nothing is decided about it, and it is never published (R17, R24)."""
        noise = place[~self.drawn.actionable[self.stages[where].message]]
        columns.uniform[noise] = NOT_A_REVIEW
        columns.publishes[noise] = False
        columns.passed[noise] = ENDS[MessageOutcome.NOISE]

    def _write_back(self, back: Known, columns: Columns, start: Ticks) -> Ticks:
        """Write down visits after rejections, behind the others of their message; return where each of them is."""
        order = np.argsort(back.message, kind="stable")
        message = back.message[order]
        place = np.empty(len(back), np.int64)
        begins = start[message] + self.straight[message]
        place[order] = begins + np.arange(len(back)) - np.searchsorted(message, message)
        columns.message[place] = self.number.take(back.message)
        for name in ("queue", "visit", "work", "leaves", "uniform", "publishes"):
            getattr(columns, name)[place] = getattr(back, name)
        for name in ("passed", "rejected"):
            link = getattr(back, name)
            getattr(columns, name)[place] = np.where(link >= 0, place[np.maximum(link, 0)], link)
        again = np.flatnonzero(back.rejected >= 0)
        self._write_delays(columns, place[again], back.rejected[again])
        return place

    def _write_delays(self, columns: Columns, place: Ticks, behind: slice | Ticks) -> None:
        """Write down how long after a rejection the visits ``behind`` join."""
        if self.back is not None:
            delay = self.back.delay[behind]
            late = np.flatnonzero(delay)
            columns.delayed.append((place[late], delay[late]))
