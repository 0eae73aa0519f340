"""``simsocial solve``: the smallest, largest or latest value that keeps a measure within a limit."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsocial.cli.options import Config, FromBacklog, Json, Memory, Quiet, Set, Workers, with_backlog
from simsocial.cli.progress_of_points import progress_of_points
from simsocial.engines import ENGINES
from simsocial.errors import Fault, InputError

if TYPE_CHECKING:
    from simsocial.study.solve.solution import Solution


def solve(
    config: Config,
    vary: Annotated[
        str,
        typer.Option(
            metavar="PATH=LOW..HIGH",
            help='The value sought, and its range: "teams.desk.headcount=1..20".',
            show_default=False,
        ),
    ],
    until: Annotated[
        str,
        typer.Option(
            metavar="CONDITION",
            help='What must hold: "mentions.respond.p_behind <= 5 %"; several are joined with "and".',
            show_default=False,
        ),
    ],
    step: Annotated[
        str | None, typer.Option(help="How finely to tell the value; default: by the range.", show_default=False)
    ] = None,
    sure: Annotated[
        bool, typer.Option("--sure", help="Ask for a value that holds by the whole interval, not by the estimate.")
    ] = False,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Of every value tried; default: those of the config.")
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(min=1, help="Of the values near the answer; default: some four times as many."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of all that is random; default: that of the config.")] = None,
    engine: Annotated[
        str | None, typer.Option(help=f"What simulates: {' or '.join(ENGINES)}; default: the quicker one.")
    ] = None,
    changes: Set = None,
    from_backlog: FromBacklog = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default: none.", show_default=False)
    ] = None,
    figures: Annotated[bool, typer.Option("--figures", help="Draw the measure over the value too, in DIR.")] = False,
    memory: Memory = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the smallest, largest or latest value that keeps a promise, or P(behind) within a limit."""
    import simsocial
    from simsocial.report.folder import new_folder
    from simsocial.report.solve_folder import write_solution
    from simsocial.study.fitting_memory import memory_together

    if figures and out is None:
        raise InputError(Fault("say where: --out DIR", path="--figures"))
    overrides = with_backlog(config, changes, from_backlog)
    with ExitStack() as open_until_written:
        place = None if out is None else open_until_written.enter_context(new_folder(out))
        with progress_of_points(silent=quiet) as watch:
            solution = simsocial.solve(
                config,
                vary=vary,
                until=until,
                step=step,
                sure=sure,
                replications=replications,
                most=most,
                seed=seed,
                engine=engine,
                overrides=overrides,
                memory=memory_together(memory),
                workers=workers,
                progress=watch,
            )
        if place is not None:
            write_solution(solution, place, overrides=overrides, figures=figures)
    _print(solution, out, as_json=as_json, quiet=quiet)


def _print(solution: Solution, out: Path | None, *, as_json: bool, quiet: bool) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.solve_report import solve_document, solve_lines, solve_report

    if as_json:
        typer.echo(json_text({**solve_document(solution), "folder": out}), nl=False)
    elif quiet:
        typer.echo("\n".join(solve_lines(solution)))
    else:
        paper().print(solve_report(solution))
        if out is not None:
            typer.echo(f"written to {out}")
