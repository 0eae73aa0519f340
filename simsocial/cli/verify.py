"""``simsocial verify``: whether both engines tell the same of a config."""

from __future__ import annotations

from typing import Annotated

import typer

from simsocial.cli.faults import FAILED
from simsocial.cli.options import Config, FromBacklog, Json, Quiet, Set, with_backlog
from simsocial.cli.progress import progress, watching


def verify(
    config: Config,
    replications: Annotated[int, typer.Option(min=1, help="How many to compare.")] = 3,
    weeks: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many weeks; default: all.", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of all that is random; default: that of the config.")] = None,
    changes: Set = None,
    from_backlog: FromBacklog = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run with both engines, and compare every visit and every counter."""
    import simsocial
    from simsocial.report.as_json import json_text
    from simsocial.report.documents import verify_document
    from simsocial.report.words import counted
    from simsocial.study.fitting_memory import refuse_too_large

    scenario = simsocial.load(config, overrides=with_backlog(config, changes, from_backlog))
    refuse_too_large(scenario)
    with progress(silent=quiet) as bar:
        found = simsocial.verify(scenario, replications=replications, weeks=weeks, seed=seed, progress=watching(bar))
    if as_json:
        typer.echo(json_text(verify_document(scenario, found)), nl=False)
    elif found.difference is not None:
        typer.echo(f"different: {found.difference}", err=True)
    else:
        typer.echo(f"identical: {found.visits:,} visits in {counted(found.replications, 'replication')}")
    if not found.identical:
        raise typer.Exit(FAILED)
