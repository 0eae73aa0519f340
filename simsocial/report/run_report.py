"""A run on one page of 80 columns: the verdict first, then a row per stage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simsocial.measure.behind.onset import StageOutlook, TeamOutlook
from simsocial.measure.behind.stages import Stage
from simsocial.measure.behind.verdict import Answer, Verdict
from simsocial.measure.behind.wording import TOO_FEW, closing_date
from simsocial.measure.recovery import events
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.report.sentence import Name, Sentence
from simsocial.report.support_report import support_report
from simsocial.report.training_report import training_report
from simsocial.report.words import NOTHING, counted, day, duration, moment, percent, percent_with_interval
from simsocial.simulation.results import Results
from simsocial.study.check import serious_remarks
from simsocial.units import HOUR, MINUTE

COLOURS = {
    Answer.FALLS_BEHIND: "bold red",
    Answer.COMES_AND_GOES: "bold yellow",
    Answer.STRUGGLES: "bold yellow",
    Answer.KEEPS_UP: "bold green",
}
NOTHING_WAITS = "nothing can fall behind: no work waits for anyone"


def run_report(results: Results) -> RenderableType:
    """Return what the command line prints of a run."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Stage and team", overflow="fold")
    for heading in ("Kept", "Wait p90", "Occupancy", "Behind", "First onset"):
        table.add_column(heading, justify="right")
    for outlook in results.stage_outlooks:
        table.add_row(*_Estimates(results).row(outlook))
    verdict = (*warnings(results.scenario), *verdict_report(results.verdict()), *_recoveries(results))
    paid_back = training_report(results)
    return Group(*verdict, *support_report(results), *paid_back, "", _described(results), table, *_advice(results))


def warnings(scenario: Scenario) -> list[Sentence]:
    """Return what makes the verdict on a scenario meaningless, a sentence each (R65)."""
    return [
        Sentence((f"look at {remark.where} first: {remark.text}", "bold yellow"))
        for remark in serious_remarks(scenario)
    ]


def _recoveries(results: Results) -> Iterator[Sentence]:
    """Yield for every stage how long it takes after a burst with a date until it is back (R77)."""
    for event in events(results.scenario):
        back = results.by_name[event.stream, event.step, "", event.measure]
        begins = moment(results.scenario.when(event.since))
        yield Sentence(f"{event.stream}.{event.step}: {_back_in_words(event.burst, begins, back)}")


def _back_in_words(burst: str, begins: str, back: Estimate) -> str:
    after = f"after the event {burst} of {begins}"
    low, high = duration(back.low * HOUR), duration(back.high * HOUR)
    if math.isnan(back.low) or math.isnan(back.high):
        between = TOO_FEW
    else:
        between = f"{low} to {high}" if math.isfinite(back.high) else f"at least {low}"
    sure = f"({100 * back.confidence:.4g} %: {between})"
    if math.isfinite(back.value):
        return f"back {after} in median after {duration(back.value * HOUR)} {sure}"
    return f"in median not back {after} within the run {sure}"


def quiet_lines(verdicts: Iterable[Verdict]) -> list[str]:
    """Return a line for each verdict that is bad, or one line when none is."""
    told = list(told_verdicts(verdicts))
    bad = [verdict.sentence for verdict in told if verdict.answer not in (Answer.KEEPS_UP, Answer.CANNOT_BE_JUDGED)]
    return bad or [verdict.sentence for verdict in told[:1]] or [NOTHING_WAITS]


def verdict_report(verdicts: Iterable[Verdict]) -> list[Sentence]:
    """Return a sentence for each verdict."""
    return list(map(_sentence, told_verdicts(verdicts))) or [Sentence(NOTHING_WAITS)]


def told_verdicts(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield the verdicts, without that of a team that has one stage only: the stage's says the same and more."""
    for verdict in verdicts:
        if not (isinstance(verdict.outlook, TeamOutlook) and len(verdict.outlook.stages) == 1):
            yield verdict


def _sentence(verdict: Verdict) -> Sentence:
    answer = (verdict.predicate, COLOURS.get(verdict.answer, "bold"))
    return Sentence(f"{verdict.subject} ", answer, f": {verdict.because}")


def _advice(results: Results) -> Iterator[Sentence]:
    """Yield what to do about a warm-up that is too short; nothing where it is long enough or cannot be judged."""
    advice = results.warmup_advice()
    if advice.matters:
        yield Sentence(f"warm-up: {advice.sentence}")


def _described(results: Results) -> Text:
    scenario = results.scenario
    until = scenario.when(scenario.horizon - 1).date()
    return Text(
        f"{scenario.name}\n{counted(len(results), 'replication')} of {duration(scenario.horizon)}, "
        f"{day(scenario.start.date())} to {day(until)}; seed {results.seed}"
    )


class _Estimates:
    """The estimates of a run by what they are about."""

    def __init__(self, results: Results) -> None:
        self.scenario = results.scenario
        self.by_name, self.kept = results.by_name, results.kept

    def row(self, outlook: StageOutlook) -> tuple[Name | Text, ...]:
        """Return the cells of a stage."""
        stage = outlook.stage
        occupied = [self.by_name["", "", team, "occupancy"].value for team in stage.team_names]
        return (
            Name(stage.name, stage.team),
            Text("\n".join(self._kept(stage)) or NOTHING),
            Text(duration(self.by_name[stage.stream, stage.step, "", "wait_p90"].value * MINUTE)),
            Text("\n".join(map(percent, occupied))),
            *self._behind(outlook),
        )

    def _behind(self, outlook: StageOutlook) -> tuple[Text, Text]:
        """Return P(behind) and the median first onset, where there are checkpoints enough to judge by (R50)."""
        if len(outlook.stage.checkpoints) < self.scenario.run.persistence:
            return Text(NOTHING), Text(NOTHING)
        return Text(percent(outlook.p_behind.value)), Text(_onset(self.scenario, outlook.first_onset))

    def _kept(self, stage: Stage) -> Iterator[str]:
        """Yield how far each promise charged to a stage was kept, and what was promised."""
        for kept in self.kept(stage):
            yield f"{percent_with_interval(kept.share)}\nof {percent(kept.promised)}"


def _onset(scenario: Scenario, first_onset: Estimate) -> str:
    if not math.isfinite(first_onset.value):
        return "not within\nthe horizon"
    return closing_date(scenario, first_onset.value).isoformat()
