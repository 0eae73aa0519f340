"""``simsocial sensitivity``: which of the inputs that carry a range the answer hangs on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsocial.cli.options import Config, Json, Memory, Quiet, Set, Workers
from simsocial.cli.progress_of_points import progress_of_points
from simsocial.cli.standard_output import telling_instead

if TYPE_CHECKING:
    from simsocial.study.sensitivity import Sensitivity


def sensitivity(
    config: Config,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="NAME",
            help="What is judged, such as mentions.respond.late_share; may be repeated; default: P(behind) of stages.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[int, typer.Option(min=0, help="Sobol points, a power of two; 0 for the tornado alone.")] = 0,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Of every point; default: those of the config, at most 25.")
    ] = None,
    changes: Set = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default: in runs.", show_default=False)
    ] = None,
    memory: Memory = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Move the inputs that carry a range, and tell which of them the answer hangs on."""
    import simsocial
    from simsocial.config.overrides import by_path
    from simsocial.report.run_folder import default_folder
    from simsocial.report.sensitivity_folder import write_sensitivity
    from simsocial.study.fitting_memory import memory_together, refuse_too_large

    overrides = by_path(changes or ())
    refuse_too_large(simsocial.load(config, overrides=overrides))
    place = out or default_folder(f"{config.stem}_sensitivity", now=dt.datetime.now())
    with progress_of_points(silent=quiet) as watch:
        found = simsocial.sensitivity(
            config,
            measures=measures or (),
            points=points,
            replications=replications,
            overrides=overrides,
            memory=memory_together(memory),
            workers=workers,
            progress=watch,
        )
    write_sensitivity(found, place)
    with telling_instead(f"the tables are in {place}"):
        _print(found, place, as_json=as_json, quiet=quiet)


def _print(found: Sensitivity, place: Path, *, as_json: bool, quiet: bool) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.sensitivity_report import sensitivity_document, sensitivity_report
    from simsocial.study.sensitivity.verdict import sentences

    if as_json:
        typer.echo(json_text(sensitivity_document(found, folder=place)), nl=False)
    elif quiet:
        typer.echo("\n".join(sentences(found)))
    else:
        paper().print(sensitivity_report(found))
        typer.echo(f"written to {place}")
