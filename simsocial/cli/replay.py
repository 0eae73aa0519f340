"""``simsocial replay``: a run done again from its folder, number for number; or an export, through a desk of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.faults import FAILED
from simsocial.cli.options import Log, Quiet, Set
from simsocial.cli.progress import all_of, progress
from simsocial.cli.run import run_and_write
from simsocial.errors import InputError
from simsocial.study.export import ROLES


def replay(
    source: Annotated[
        Path, typer.Argument(metavar="DIR|CSV", help="The folder of a run, or an export.", show_default=False)
    ],
    config: Annotated[
        Path | None, typer.Option(metavar="CONFIG", help="The desk that an export comes to.", show_default=False)
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option("--map", metavar="COLUMN=ROLE,…", help=f"Which column of an export is which: {', '.join(ROLES)}."),
    ] = None,
    changes: Set = None,
    replication: Annotated[int | None, typer.Option(min=0, help="The only one to run; default: all.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default with --log: in runs.")
    ] = None,
    log: Log = False,
    quiet: Quiet = False,
) -> None:
    """Run again what a folder holds, and compare the numbers; or run a config on the messages of an export."""
    if config is None and columns is None and not changes and not source.is_file():
        _again(source, replication=replication, out=out, log=log, quiet=quiet)
    elif config is None:
        raise InputError("an export comes to a desk; say which with --config CONFIG")
    elif replication is not None:
        raise InputError("--replication goes with the folder of a run; leave it out")
    else:
        _export(source, config, columns, changes or (), out=out, log=log, quiet=quiet)


def _export(
    export: Path,
    config: Path,
    columns: str | None,
    changes: Sequence[str],
    *,
    out: Path | None,
    log: bool,
    quiet: bool,
) -> None:
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.check_report import file_read
    from simsocial.report.run_folder import default_folder
    from simsocial.study.export import exported

    overrides = [*exported(export, config, columns or ""), *changes]
    scenario = simsocial.load(config, overrides=overrides)
    if not quiet:
        paper().print(*(file_read(file) for file in (scenario.origin.read if scenario.origin else ())))
    place = out or default_folder(f"{export.stem}_on_{config.stem}", now=dt.datetime.now())
    run_and_write(scenario, place, overrides=overrides, log=log, quiet=quiet)


def _again(folder: Path, *, replication: int | None, out: Path | None, log: bool, quiet: bool) -> None:
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
