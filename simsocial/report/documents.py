"""What a command found, as tables that become one JSON document; their names are for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from simsocial.measure.behind.onset import StageOutlook
from simsocial.measure.behind.verdict import Verdict
from simsocial.measure.stats import Estimate
from simsocial.model.scenario import Scenario
from simsocial.simulation.results import Results, Table
from simsocial.study.check import Check, serious_remarks
from simsocial.study.duties import Duty
from simsocial.study.replay import Replay
from simsocial.study.sweep import Sweep
from simsocial.study.sweep.verdict import fared
from simsocial.study.verify import Verification

Document = dict[str, Any]


def run_document(results: Results, *, folder: Path | None, command: str = "run") -> Document:
    """Return what a run found, and where it was written."""
    return {
        "command": command,
        "folder": folder,
        **_scenario(results.scenario),
        "seed": results.seed,
        "engine": results.engine,
        "first_replication": results.first,
        "replications": len(results),
        "remarks": serious_remarks(results.scenario),
        "verdict": verdicts(results.verdict()),
        "warmup_advice": results.warmup_advice().sentence if results.warmup_advice().matters else None,
        "summary": rows(results.summary_table()),
        "support": rows(results.support_table()),
    }


def replay_document(again: Replay, *, folder: Path | None) -> Document:
    """Return what a run done again found, where that was written, and whether it is what it was."""
    return {
        **run_document(again.results, folder=folder, command="replay"),
        "point": again.point or None,
        "identical": again.difference is None,
        "difference": again.difference,
    }


def sweep_document(made: Sweep) -> Document:
    """Return where a sweep's tables are, how many points it has, and how many replications this call simulated."""
    return {
        "command": "sweep",
        "folder": made.folder,
        "points": made.progress.of_points,
        "simulated": made.progress.simulated,
        "verdict": [asdict(each) for each in fared(made.folder)],
        "results": made.results().to_dict("records"),
    }


def check_document(
    scenario: Scenario,
    check: Check,
    *,
    config: dict[str, Any] | None = None,
    roster: Iterable[Duty] | None = None,
    weeks: bool = False,
) -> Document:
    """Return what a check found; resolved config, duties and weeks are null unless they are given or asked for."""
    first = check.first_overloaded
    return {
        "command": "check",
        **_scenario(scenario),
        "first_overloaded": None if first is None else {"stage": first.stage, "week_of": first.first_overloaded},
        "streams": check.streams,
        "stages": check.stages,
        "teams": check.teams,
        "shrinkage": check.shrinkage,
        "headcounts": check.headcounts,
        "remarks": check.remarks,
        "files": check.files,
        "estimate": check.estimate,
        "stage_weeks": check.stage_weeks if weeks else None,
        "team_weeks": check.team_weeks if weeks else None,
        "config": config,
        "roster": None if roster is None else list(roster),
    }


def verify_document(scenario: Scenario, found: Verification) -> Document:
    """Return what comparing the engines brought."""
    return {
        "command": "verify",
        **_scenario(scenario),
        "end": scenario.when(found.horizon),
        "identical": found.identical,
        "replications": found.replications,
        "visits": found.visits,
        "difference": found.difference,
    }


def verdicts(told: Iterable[Verdict]) -> list[Document]:
    """Return verdicts with the estimates behind them."""
    return [
        {
            "about": "stage" if isinstance(verdict.outlook, StageOutlook) else "team",
            "stages": _stage_names(verdict),
            "teams": _team_names(verdict),
            "answer": verdict.answer,
            "sentence": verdict.sentence,
            **{
                field.name: getattr(verdict.outlook, field.name)
                for field in fields(verdict.outlook)
                if isinstance(getattr(verdict.outlook, field.name), Estimate)
            },
        }
        for verdict in told
    ]


def rows(table: Table) -> list[Document]:
    """Return the rows of a table of columns."""
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def _scenario(scenario: Scenario) -> Document:
    return {"scenario": scenario.name, "start": scenario.start, "end": scenario.when(scenario.horizon)}


def _stage_names(verdict: Verdict) -> list[str]:
    outlook = verdict.outlook
    return [outlook.stage.name] if isinstance(outlook, StageOutlook) else [stage.name for stage in outlook.stages]


def _team_names(verdict: Verdict) -> tuple[str, ...]:
    outlook = verdict.outlook
    return outlook.stage.team_names if isinstance(outlook, StageOutlook) else outlook.stages[0].team_names
