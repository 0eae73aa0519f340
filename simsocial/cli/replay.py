"""``simsocial replay``: a run or a point of a sweep done again, number for number; or an export, through a new desk."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from simsocial.cli.faults import FAILED
from simsocial.cli.options import Figures, Json, Log, Quiet, Set
from simsocial.cli.progress import all_of, progress, watching
from simsocial.cli.run import run_and_write
from simsocial.engines import ENGINES
from simsocial.errors import InputError
from simsocial.study.export import ROLES, exported

if TYPE_CHECKING:
    from simsocial.model.scenario import Scenario
    from simsocial.study.replay import Replay


def replay(
    source: Annotated[
        Path,
        typer.Argument(metavar="DIR|CSV", help="The folder of a run or of a sweep, or an export.", show_default=False),
    ],
    config: Annotated[
        Path | None, typer.Option(metavar="CONFIG", help="The desk that an export comes to.", show_default=False)
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option("--map", metavar="COLUMN=ROLE,…", help=f"Which column of an export is which: {', '.join(ROLES)}."),
    ] = None,
    changes: Set = None,
    point: Annotated[
        str | None,
        typer.Option(
            metavar="KEY|FACTOR=VALUE,…",
            help="Which point of a sweep: its key, or values that no other has.",
            show_default=False,
        ),
    ] = None,
    replication: Annotated[int | None, typer.Option(min=0, help="The only one to run; default: all.")] = None,
    engine: Annotated[
        str | None, typer.Option(help=f"What simulates: {' or '.join(ENGINES)}; default: that which did.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default with --log: in runs.")
    ] = None,
    log: Log = False,
    figures: Figures = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run again a run, or a point of a sweep, and compare the numbers; or run a config on the messages of an export."""
    import simsocial
    from simsocial.report.run_folder import default_folder

    if config is None and columns is None and not changes and not source.is_file():
        which = _Which(point, replication, engine)
        _again(source, which, out=out, log=log, figures=figures, as_json=as_json, quiet=quiet)
    elif config is None:
        raise InputError("an export comes to a desk; say which with --config CONFIG")
    elif replication is not None or point is not None:
        option = "--point" if replication is None else "--replication"
        raise InputError(
            f"{option} goes with the folder of a {'sweep' if replication is None else 'run'}; leave it out"
        )
    else:
        place = out or default_folder(f"{source.stem}_on_{config.stem}", now=dt.datetime.now())
        overrides = [*exported(source, config, columns or ""), *(changes or ())]
        scenario = simsocial.load(config, overrides=overrides)
        if not (quiet or as_json):
            _tell_files(scenario)
        run_and_write(
            scenario,
            place,
            overrides=overrides,
            engine=engine,
            log=log,
            figures=figures,
            as_json=as_json,
            quiet=quiet,
        )


def _tell_files(scenario: Scenario) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.check_report import file_read

    paper().print(*(file_read(file) for file in (scenario.origin.read if scenario.origin else ())))


class _Which(NamedTuple):
    """What of a folder is to be run again, and by which engine."""

    point: str | None
    replication: int | None
    engine: str | None


def _again(
    folder: Path,
    which: _Which,
    *,
    out: Path | None,
    log: bool,
    figures: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    import simsocial
    from simsocial.report.run_folder import default_folder, recording
    from simsocial.study.fitting_memory import refuse_too_large
    from simsocial.study.replay import held_in

    refuse_too_large(held_in(folder, point=which.point).scenario())
    place = out or (
        default_folder(f"{folder.resolve().name}_replay", now=dt.datetime.now()) if log or figures else None
    )
    with ExitStack() as open_until_written:
        record = open_until_written.enter_context(recording(place)) if place else None
        with progress(silent=quiet) as bar:
            watch = all_of(watching(bar), record.log if record and log else None)
            again = simsocial.replay(folder, **which._asdict(), progress=watch)
        if record:
            record.finish(again.results, overrides=again.provenance.overrides, figures=figures)
    _tell(again, folder, place, as_json=as_json, quiet=quiet)
    if again.difference is not None:
        typer.echo(f"different: {again.difference}{_made_with(again.provenance.versions)}", err=True)
        raise typer.Exit(FAILED)


def _tell(again: Replay, folder: Path, place: Path | None, *, as_json: bool, quiet: bool) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.documents import replay_document
    from simsocial.report.run_report import run_report
    from simsocial.report.words import counted
    from simsocial.study.provenance import REPLICATIONS

    if as_json:
        typer.echo(json_text(replay_document(again, folder=place)), nl=False)
        return
    if not quiet:
        paper().print(run_report(again.results))
    if place and not quiet:
        typer.echo(f"written to {place}")
    if again.difference is None:
        runs, numbers = counted(len(again.results), "replication"), folder / REPLICATIONS
        point = f" with {again.point}" if again.point else ""
        typer.echo(f"identical: every measure of {runs}{point} is that of {numbers}")


def _made_with(versions: dict[str, str]) -> str:
    """Return which versions differ from those that the run was made with."""
    from simsocial.study.provenance import versions as present_versions

    present = present_versions()
    others = [
        f"{name} {made} (here {present.get(name)})" for name, made in versions.items() if present.get(name) != made
    ]
    return f"; the run was made with {', '.join(others)}" if others else ""
