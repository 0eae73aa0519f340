"""The folder of a solved config: the values tried, the answer, its provenance, and a figure (R124)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from simsocial.measure.columns import TRIED
from simsocial.measure.stats import Estimate
from simsocial.report.as_json import json_text
from simsocial.report.figures.pages import Panel, write_pages
from simsocial.report.figures.solved import solved
from simsocial.report.folder import unwritable
from simsocial.report.run_folder import write_csv
from simsocial.report.solve_report import solve_document
from simsocial.study.provenance import PROVENANCE, cpu_features, versions
from simsocial.study.solve.conditions import Condition
from simsocial.study.solve.solution import Solution, Tried

PANEL: Final = 2.6
"""Height of a panel, inches."""


def write_solution(solution: Solution, place: Path, *, overrides: Sequence[str] = (), figures: bool = False) -> None:
    """Write ``tried.csv``, ``solution.json`` and the provenance into an empty folder, and a figure if it is asked for.

    The same question on the same config gives the same bytes, except in the provenance.
    """
    with unwritable(place):
        write_csv(_table(solution), place / "tried.csv")
        (place / "solution.json").write_text(json_text(solve_document(solution)), encoding="utf-8")
        provenance = json.dumps(_provenance(solution, overrides), indent=2, ensure_ascii=False, allow_nan=False)
        (place / PROVENANCE).write_text(f"{provenance}\n", encoding="utf-8")
        if figures:
            (place / "figures").mkdir()
            panels: list[Panel] = [
                partial(solved, solution=solution, condition=n) for n in range(len(solution.conditions))
            ]
            write_pages([("solved", PANEL, panels)], place / "figures")


def _table(solution: Solution) -> dict[str, list[Any]]:
    """Return a row per value tried and condition."""
    rows = [
        (tried, condition, estimate)
        for tried in solution.tried
        for condition, estimate in zip(solution.conditions, tried.estimates, strict=True)
    ]
    columns = list(zip(*(_row(solution, *each) for each in rows), strict=True))
    return {column.name: list(values) for column, values in zip(TRIED, columns, strict=True)}


def _row(solution: Solution, tried: Tried, condition: Condition, estimate: Estimate) -> tuple[Any, ...]:
    row = condition.row
    return (
        *(solution.vary.path, tried.written, tried.number),
        *(row.stream, row.step, row.team, row.measure, row.unit),
        *(estimate.value, estimate.low, estimate.high, estimate.confidence, estimate.n),
        *("<=" if condition.at_most else ">=", condition.limit),
        *(str(condition.met_by(estimate.value)).lower(), condition.standing(estimate).name.lower()),
    )


def _provenance(solution: Solution, overrides: Sequence[str]) -> dict[str, Any]:
    origin = solution.scenario.origin
    assert origin is not None, "it was read from a file"
    return {
        "command": "solve",
        "config": origin.config,
        "base": str(Path(origin.base).resolve()),
        "files": origin.files,
        "overrides": list(overrides),
        "vary": f"{solution.vary.path}={solution.vary.written(0)}..{solution.vary.written(len(solution.vary) - 1)}",
        "step": str(solution.vary.step),
        "until": " and ".join(map(str, solution.conditions)),
        "sure": solution.sure,
        "seed": solution.seed,
        "replications": solution.effort.start,
        "most": solution.effort.most,
        "versions": versions(),
        "cpu_features": cpu_features(),
        "started": solution.started.isoformat(timespec="seconds"),
        "process_seconds": round(solution.process_seconds, 3),
    }
