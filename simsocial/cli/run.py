"""``simsocial run``: from a config to a verdict and a folder of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsocial.cli.options import Config, Figures, FromBacklog, Json, Log, Memory, Quiet, Set, Workers, with_backlog
from simsocial.cli.progress import progress
from simsocial.cli.standard_output import telling_instead
from simsocial.engines import ENGINES

if TYPE_CHECKING:
    from simsocial.model.scenario import Scenario
    from simsocial.simulation.results import Results


def run(
    config: Config,
    engine: Annotated[
        str | None, typer.Option(help=f"What simulates: {' or '.join(ENGINES)}; default: the quicker one.")
    ] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="How many; default: those of the config.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of all that is random; default: that of the config.")] = None,
    changes: Set = None,
    from_backlog: FromBacklog = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder to write; default: runs/<name>/<time>.")
    ] = None,
    log: Log = False,
    figures: Figures = False,
    memory: Memory = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print when and where the desk falls behind; write the tables."""
    import simsocial
    from simsocial.report.run_folder import default_folder

    overrides = with_backlog(config, changes, from_backlog)
    scenario = simsocial.load(config, overrides=overrides)
    run_and_write(
        scenario,
        out or default_folder(config.stem, now=dt.datetime.now()),
        overrides=overrides,
        replications=replications,
        seed=seed,
        engine=engine,
        memory=memory,
        workers=workers,
        log=log,
        figures=figures,
        as_json=as_json,
        quiet=quiet,
    )


def run_and_write(
    scenario: Scenario,
    place: Path,
    *,
    overrides: Sequence[str],
    replications: int | None = None,
    seed: int | None = None,
    engine: str | None = None,
    memory: str | None = None,
    workers: int | None = None,
    log: bool = False,
    figures: bool = False,
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    """Run a scenario, print the verdict, and write the tables to a new folder."""
    import simsocial
    from simsocial.report.run_folder import recording
    from simsocial.study.fitting_memory import memory_together, refuse_too_large
    from simsocial.study.fitting_workers import fitting_workers

    refuse_too_large(scenario)
    with recording(place) as folder:
        with progress(silent=quiet) as bar:
            results = simsocial.run(
                scenario,
                replications=replications,
                seed=seed,
                engine=engine,
                memory=memory_together(memory),
                workers=fitting_workers(scenario, replications) if workers is None else workers,
                finished=bar,
                progress=folder.log if log else None,
            )
        folder.finish(results, overrides=overrides, figures=figures)
    with telling_instead(f"the tables are in {place}"):
        _print(results, place, as_json=as_json, quiet=quiet)


def _print(results: Results, place: Path, *, as_json: bool, quiet: bool) -> None:
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.documents import run_document
    from simsocial.report.run_report import quiet_lines, run_report, warnings

    if as_json:
        typer.echo(json_text(run_document(results, folder=place)), nl=False)
    elif quiet:
        warned = [sentence.text.plain for sentence in warnings(results.scenario)]
        typer.echo("\n".join([*warned, *quiet_lines(results.verdict())]))
    else:
        paper().print(run_report(results))
        typer.echo(f"written to {place}")
