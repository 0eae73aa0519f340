"""``simsocial sweep``: every point of an experiment, in a folder from which a killed sweep goes on."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsocial.cli.faults import ending_in_words
from simsocial.cli.listing import print_listing
from simsocial.cli.options import Json, Quiet, Workers
from simsocial.cli.paper import watched
from simsocial.errors import InputError

if TYPE_CHECKING:
    from simsocial.config.experiments.experiment import Experiment
    from simsocial.model.scenario import Scenario
    from simsocial.study.sweep import Progress, Sweep
    from simsocial.study.sweep.progress import Watch


def sweep(
    experiment: Annotated[
        Path, typer.Argument(metavar="EXPERIMENT", help="An experiment file (TOML), or its folder.", show_default=False)
    ],
    only_list: Annotated[
        bool, typer.Option("--list", help="Judge all points and print them with what they take; run nothing.")
    ] = False,
    workers: Workers = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster, such as tcp://10.0.0.1:8786.")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="What all workers here, or each of a cluster, may take; default: a quarter of what is free, or 1 GB.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write or go on with; default: sweeps/<experiment>.")
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Forget what the folder holds of an earlier sweep.")] = False,
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Allow workers with other libraries or processors: last digits may differ.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run every point of an experiment; go on where an earlier sweep was ended."""
    import simsocial
    from simsocial.config.experiments.loading import experiment_file

    if only_list:
        print_listing(experiment_file(experiment), workers=workers, as_json=as_json)
        return
    from simsocial.study.fitting_memory import refuse_too_large
    from simsocial.study.fitting_workers import fitting_workers
    from simsocial.study.sweep.identity import default_folder

    asked = simsocial.load_experiment(experiment)
    first = _first(asked)
    refuse_too_large(first)
    place = out or default_folder(asked)
    goes_on = f"stopped; what is done is kept in {place}, and goes on with: {shlex.join(['simsocial', *sys.argv[1:]])}"
    with ending_in_words(stopping=goes_on), _progress(silent=quiet) as watch:
        made = simsocial.sweep(
            asked,
            out=place,
            workers=workers or fitting_workers(first, len(asked.points) * asked.replications),
            cluster=cluster,
            memory=memory,
            anew=anew,
            mixed=mixed,
            progress=watch,
            tell=lambda sentence: typer.echo(sentence, err=True),
        )
    _print(made, as_json=as_json, quiet=quiet)


def _first(asked: Experiment) -> Scenario:
    """Return the scenario of the first point; when that is at fault, judge all of them."""
    from simsocial.config.experiments.judging import judge_points
    from simsocial.config.variants import Variants

    try:
        return Variants(asked.base).scenario(asked.points[0].changes)
    except InputError:
        judge_points(asked)
        raise


def _print(made: Sweep, *, as_json: bool, quiet: bool) -> None:
    from simsocial.report.as_json import json_text
    from simsocial.report.documents import sweep_document
    from simsocial.study.sweep.verdict import fared, lines

    if as_json:
        typer.echo(json_text(sweep_document(made)), nl=False)
    else:
        typer.echo("\n".join([*lines(fared(made.folder)), *([] if quiet else _told(made))]))


def _told(made: Sweep) -> list[str]:
    done = made.progress
    there = f", {done.before:,} were there" if done.before else ""
    return [
        f"{done.of_points:,} points; {done.simulated:,} replications were simulated{there}",
        f"the tables are in {made.folder}: design, results and replications, as Parquet",
    ]


@contextmanager
def _progress(*, silent: bool) -> Iterator[Watch]:
    """Yield what a sweep calls as it goes on; it shows a bar on standard error where somebody looks at a terminal."""
    if silent or not watched():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.fields[points]}"), BarColumn(), TextColumn("{task.fields[rate]}"))
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None, points="points", rate="")

        def watch(now: Progress) -> None:
            points = f"points {now.points:,}/{now.of_points:,}"
            bars.update(task, completed=now.replications, total=now.of_replications, points=points, rate=_rate(now))

        yield watch


def _rate(now: Progress) -> str:
    """Say how fast it goes, and how long it will still take."""
    left = now.seconds_left
    if left is None:
        return ""
    from simsocial.units import SECOND, format_duration

    points = (now.replications - now.before) * now.of_points / now.of_replications
    return (
        f"{now.rate(points):,.3g} points/s, {now.rate(now.simulated):,.3g} replications/s, "
        f"{now.rate(now.messages):,.0f} messages/s, {format_duration(left * SECOND)} left"
    )
