"""``simsocial compare``: several alternatives on the same draws, and the best of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from simsocial.cli.options import Json, Memory, Quiet, Set, Workers
from simsocial.cli.progress_of_points import progress_of_points
from simsocial.errors import Fault, InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simsocial.report.documents import Document
    from simsocial.simulation.alternatives import Offered

Places = Annotated[
    list[str],
    typer.Argument(
        metavar="ALTERNATIVE...",
        help="Config files, variants as CONFIG:PATH=VALUE, folders of runs, or points of sweeps as DIR#FACTOR=VALUE.",
        show_default=False,
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=V1,V2,...",
        help="Every config with each of these values; of several, each combination.",
        show_default=False,
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="NAME",
        help="Compare by it, such as desk.occupancy; may be repeated; default: P(behind) and promises kept.",
        show_default=False,
    ),
]


def compare(
    alternatives: Places,
    vary: Vary = None,
    changes: Set = None,
    measures: Measures = None,
    all_pairs: Annotated[bool, typer.Option("--all-pairs", help="Each with each, not all with the first.")] = False,
    best: Annotated[
        str | None, typer.Option(metavar="NAME", help="Select the best by this measure.", show_default=False)
    ] = None,
    indifference: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE",
            help="With --best: less is no difference that matters, such as 0.02, 5 min.",
            show_default=False,
        ),
    ] = None,
    largest: Annotated[
        bool | None,
        typer.Option("--largest/--smallest", help="Which is best, where it is not plain.", show_default=False),
    ] = None,
    most: Annotated[
        int | None, typer.Option(help="With --best: replications of each at most; default: 1000.", show_default=False)
    ] = None,
    confidence: Annotated[
        float | None, typer.Option(help="Of all that is said together; default: that of the config.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Of each; default: those of the first config.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of all that is random; default: that of the configs.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="What simulates; default: the quicker one.")] = None,
    memory: Memory = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare several alternatives on the same draws, or select the best of them.

    Paired differences by chosen measures, whose intervals hold all together; with --best, replications are added where
    they decide which is best. For two, with all that differs in their configs and in every measure, see diff.
    """
    from simsocial.study.choices import choices
    from simsocial.study.fitting_memory import memory_together

    _refuse_beside_best(
        best,
        without={"--indifference": indifference, "--largest/--smallest": largest, "--most": most},
        beside={"--measure": measures, "--all-pairs": all_pairs or None, "--replications": replications},
    )
    offered = choices(alternatives, vary=vary or (), changes=changes or ())
    how = {"--replications": replications, "--engine": engine, "--memory": memory, "--workers": workers}
    _refuse_of_what_was_run(offered, how)
    _refuse_too_large(offered)
    settings = {
        "confidence": confidence,
        "seed": seed,
        "engine": engine,
        "memory": memory_together(memory),
        "workers": _fitting(offered, replications) if workers is None else workers,
    }
    with progress_of_points(silent=quiet) as watch:
        if best is not None:
            asked = {"indifference": indifference, "largest": largest, **({} if most is None else {"most": most})}
            printed = _selected(offered, best, **asked, **settings, watch=watch)
        else:
            more = {"measures": measures or (), "all_pairs": all_pairs, "replications": replications}
            printed = _compared(offered, **more, **settings, watch=watch)
    _print(printed, as_json=as_json, quiet=quiet)


class _Printed(NamedTuple):
    """What was found, in each of the ways in which it may be printed."""

    document: Document
    lines: list[str]
    report: RenderableType


def _compared(offered: Mapping[str, Offered], **settings: Any) -> _Printed:
    import simsocial
    from simsocial.report.several_report import several_document, several_lines, several_report

    found = simsocial.compare_several(offered, **settings)
    return _Printed(several_document(found), several_lines(found), several_report(found))


def _selected(offered: Mapping[str, Offered], measure: str, **settings: Any) -> _Printed:
    import simsocial
    from simsocial.report.selection_report import selection_document, selection_line, selection_report

    found = simsocial.select_best(offered, measure, **settings)
    return _Printed(selection_document(found), [selection_line(found)], selection_report(found))


def _print(printed: _Printed, *, as_json: bool, quiet: bool) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text

    if as_json:
        typer.echo(json_text(printed.document), nl=False)
    elif quiet:
        typer.echo("\n".join(printed.lines))
    else:
        paper().print(printed.report)


def _refuse_beside_best(best: str | None, *, without: Mapping[str, object], beside: Mapping[str, object]) -> None:
    """Refuse options that would do nothing, and a best without an indifference."""
    idle = without if best is None else beside
    faults = [
        Fault("goes with --best NAME" if best is None else "goes without --best", path=option)
        for option, given in idle.items()
        if given is not None
    ]
    if best is not None and without["--indifference"] is None:
        told = "say how small a difference does not matter, such as --indifference 0.02"
        faults.append(Fault(told, path="--indifference"))
    if faults:
        raise InputError(faults)


def _refuse_of_what_was_run(offered: Mapping[str, Offered], given: Mapping[str, object]) -> None:
    """Refuse options on how to simulate where all alternatives are only read."""
    from simsocial.model.scenario import Scenario

    if any(isinstance(each, Scenario) for each in offered.values()):
        return
    told = "is nothing for what has been run, which is only read; leave it out, or give configs"
    if faults := [Fault(told, path=option) for option, value in given.items() if value is not None]:
        raise InputError(faults)


def _fitting(offered: Mapping[str, Offered], replications: int | None) -> int:
    """Return how many workers the scenarios are worth; each may be run more often than is known before."""
    from simsocial.model.scenario import Scenario
    from simsocial.study.fitting_workers import fitting_workers

    scenarios = [each for each in offered.values() if isinstance(each, Scenario)]
    if not scenarios:
        return 1
    each = scenarios[0].run.replications if replications is None else replications
    return fitting_workers(scenarios[0], each * len(scenarios))


def _refuse_too_large(offered: Mapping[str, Offered]) -> None:
    from simsocial.model.scenario import Scenario
    from simsocial.study.fitting_memory import refuse_too_large

    for each in offered.values():
        if isinstance(each, Scenario):
            refuse_too_large(each)
