"""The verdict: for every stage and team an answer and a sentence in plain words, the worst first (R54)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from simsocial.measure.behind.kept import Kept
from simsocial.measure.behind.onset import Outlook, StageOutlook, TeamOutlook
from simsocial.measure.behind.stages import Stage
from simsocial.measure.behind.wording import (
    days,
    elsewhere_in_words,
    median_in_words,
    promises_in_words,
    replications_in_words,
    share_in_words,
    spelled_day,
    teams_in_words,
    turning_in_words,
)
from simsocial.measure.turning_point import TurningPoint
from simsocial.model.scenario import Scenario


class Answer(Enum):
    """What becomes of a stage or team, the worst first."""

    FALLS_BEHIND = "falls behind"
    """At least half of the replications fall behind, and at least half are behind at the horizon."""
    COMES_AND_GOES = "comes and goes"
    """At least half fall behind, but fewer than half are behind at the horizon."""
    STRUGGLES = "struggles"
    """Fewer than half fall behind, but at least half struggle (R50)."""
    BREAKS_PROMISE = "breaks its promise"
    """Fewer than half fall behind, but over the whole run a promise charged to the stage was surely not kept."""
    MAY_FALL_BEHIND = "may fall behind"
    """Some fall behind, fewer than half."""
    KEEPS_UP = "keeps up"
    """None falls behind."""
    CANNOT_BE_JUDGED = "cannot be judged"
    """There are fewer checkpoints than falling behind takes."""

    @property
    def of_several(self) -> str:
        """The answer as it is said of several teams."""
        return _OF_SEVERAL.get(self, self.value)


_OF_SEVERAL: Final = {
    Answer.FALLS_BEHIND: "fall behind",
    Answer.COMES_AND_GOES: "come and go",
    Answer.STRUGGLES: "struggle",
    Answer.BREAKS_PROMISE: "break their promise",
    Answer.KEEPS_UP: "keep up",
}


_BAD: Final = tuple(answer for answer in Answer if answer not in (Answer.KEEPS_UP, Answer.CANNOT_BE_JUDGED))


@dataclass(frozen=True)
class Verdict:
    """An answer with its reasons.

    Parameters
    ----------
    subject
        ``mentions.respond (team desk)``, or ``team desk``.
    answer
        What becomes of it.
    because
        The figures behind the answer, in words.
    outlook
        The same figures as estimates.
    """

    subject: str
    answer: Answer
    because: str
    outlook: StageOutlook | TeamOutlook = field(repr=False)

    @property
    def predicate(self) -> str:
        """The answer in the grammar of the subject: ``falls behind``, or of teams named together ``fall behind``."""
        several = isinstance(self.outlook, TeamOutlook) and len(self.outlook.stages[0].team_names) > 1
        return self.answer.of_several if several else self.answer.value

    @property
    def sentence(self) -> str:
        return f"{self.subject} {self.predicate}: {self.because}"


Promises = Callable[[Stage], Sequence[Kept]]
"""Tells how far the promises charged to a stage were kept."""


Turning = Mapping[str, TurningPoint]
"""Turning points of the stages by name; what has none is left out."""


def stage_verdicts(
    scenario: Scenario, outlooks: Sequence[StageOutlook], *, kept: Promises, turning: Turning
) -> tuple[Verdict, ...]:
    """Judge the stages of ``scenario``; the worst first, equals in the order given."""
    return _worst_first(_of_stage(scenario, outlook, kept, turning.get(outlook.stage.name)) for outlook in outlooks)


def team_verdicts(scenario: Scenario, outlooks: Sequence[TeamOutlook], *, kept: Promises) -> tuple[Verdict, ...]:
    """Judge the teams of ``scenario``; the worst first, equals in the order given."""
    return _worst_first(_of_team(scenario, outlook, kept) for outlook in outlooks)


def _worst_first(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(verdicts, key=_rank))


def _rank(verdict: Verdict) -> tuple[int, float, float]:
    outlook = verdict.outlook
    return list(Answer).index(verdict.answer), outlook.first_onset.value, -outlook.p_behind.value


def _of_stage(scenario: Scenario, outlook: StageOutlook, kept: Promises, turning: TurningPoint | None) -> Verdict:
    stage = outlook.stage
    broken = _broken((stage,), kept)
    answer = _answer(scenario, (stage,), outlook, struggling=outlook.struggling.value >= 0.5, broken=bool(broken))
    because = _because(scenario, answer, (stage,), outlook)
    if answer is Answer.COMES_AND_GOES:
        because = f"{because}; {_stays_in_words(outlook)}"
    if answer is Answer.STRUGGLES:
        because = f"late on {share_in_words(outlook.late_share)} of {days(stage)}, {because}"
    if answer is Answer.BREAKS_PROMISE:
        because = f"{promises_in_words(broken)}; {because}"
    if answer in _BAD and (blamed := elsewhere_in_words(kept(stage))):
        because = f"{because}; {blamed}"
    if turning is not None and _agrees(turning, answer):
        because = f"{because}; {turning_in_words(turning)}"
    return Verdict(f"{stage.name} ({teams_in_words(stage.team_names)})", answer, because, outlook)


def _agrees(turning: TurningPoint, answer: Answer) -> bool:
    """Whether the forecast says the same as the simulation, so that its turning point is worth telling (R86)."""
    if answer is Answer.KEEPS_UP:
        return turning.holds
    return answer is Answer.FALLS_BEHIND and not turning.holds and turning.most >= 1


def _of_team(scenario: Scenario, outlook: TeamOutlook, kept: Promises) -> Verdict:
    broken = _broken(outlook.stages, kept)
    answer = _answer(scenario, outlook.stages, outlook, struggling=False, broken=bool(broken))
    because = _because(scenario, answer, outlook.stages, outlook)
    if answer is Answer.BREAKS_PROMISE:
        because = f"{promises_in_words(broken)}; {because}"
    return Verdict(teams_in_words(outlook.stages[0].team_names), answer, because, outlook)


def _broken(judged: Sequence[Stage], kept: Promises) -> list[Kept]:
    return [promise for stage in judged for promise in kept(stage) if promise.broken]


def _answer(scenario: Scenario, judged: Sequence[Stage], outlook: Outlook, *, struggling: bool, broken: bool) -> Answer:
    if all(len(stage.checkpoints) < scenario.run.persistence for stage in judged):
        return Answer.CANNOT_BE_JUDGED
    if math.isfinite(outlook.first_onset.value):
        return Answer.FALLS_BEHIND if math.isfinite(outlook.onset_for_good.value) else Answer.COMES_AND_GOES
    if struggling:
        return Answer.STRUGGLES
    if broken:
        return Answer.BREAKS_PROMISE
    return Answer.MAY_FALL_BEHIND if outlook.p_behind.value > 0 else Answer.KEEPS_UP


def _because(scenario: Scenario, answer: Answer, judged: Sequence[Stage], outlook: Outlook) -> str:
    if answer is Answer.CANNOT_BE_JUDGED:
        most = max(len(stage.checkpoints) for stage in judged)
        return f"{most} checkpoints are fewer than the {scenario.run.persistence} in a row that falling behind takes"
    often = replications_in_words(outlook.p_behind)
    if answer not in (Answer.FALLS_BEHIND, Answer.COMES_AND_GOES):
        return f"behind in {often}"
    first = f"first onset in median on {median_in_words(scenario, outlook.first_onset)}, in {often}"
    if answer is Answer.FALLS_BEHIND:
        return f"{first}; for good from {spelled_day(scenario, outlook.onset_for_good.value)} in median"
    return f"{first}; behind at the end in {replications_in_words(outlook.p_behind_for_good)}"


def _stays_in_words(outlook: StageOutlook) -> str:
    stays = f"mean {outlook.episodes.value:.1f} episodes"
    if math.isnan(outlook.drain_time.value):
        return stays
    return f"{stays}, drains in {outlook.drain_time.value:.1f} {days(outlook.stage)} on average"
