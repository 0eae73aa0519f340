"""``simsocial replay``: a run done again from its folder, number for number."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.faults import FAILED
from simsocial.cli.options import Log, Quiet
from simsocial.cli.progress import all_of, progress


def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.", show_default=False)],
    replication: Annotated[int | None, typer.Option(min=0, help="The only one to run; default: all.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default with --log: in runs.")
    ] = None,
    log: Log = False,
    quiet: Quiet = False,
) -> None:
    """Run again what a folder holds, and compare the numbers."""
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.run_folder import default_folder, recording
    from simsocial.report.run_report import run_report
    from simsocial.report.words import counted
    from simsocial.study.fitting_memory import refuse_too_large
    from simsocial.study.provenance import REPLICATIONS
    from simsocial.study.replay import recorded_scenario

    refuse_too_large(recorded_scenario(folder))
    place = out or (default_folder(f"{folder.resolve().name}_replay", now=dt.datetime.now()) if log else None)
    with ExitStack() as open_until_written:
        record = open_until_written.enter_context(recording(place)) if place else None
        with progress(silent=quiet) as bar:
            watch = all_of(bar, record.log if record and log else None)
            again = simsocial.replay(folder, replication=replication, progress=watch)
        if record:
            record.finish(again.results, overrides=again.provenance.overrides)
    if not quiet:
        paper().print(run_report(again.results))
    if place and not quiet:
        typer.echo(f"written to {place}")
    if again.difference is not None:
        typer.echo(f"different: {again.difference}{_made_with(again.provenance.versions)}", err=True)
        raise typer.Exit(FAILED)
    typer.echo(
        f"identical: every measure of {counted(len(again.results), 'replication')} is that of {folder / REPLICATIONS}"
    )


def _made_with(versions: dict[str, str]) -> str:
    """Return which versions differ from those that the run was made with."""
    from simsocial.study.provenance import versions as present_versions

    present = present_versions()
    others = [
        f"{name} {made} (here {present.get(name)})" for name, made in versions.items() if present.get(name) != made
    ]
    return f"; the run was made with {', '.join(others)}" if others else ""
