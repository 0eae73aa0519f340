"""``simsocial diff``: two configs or runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.options import FromBacklog, Json, Quiet, with_backlog

Place = Annotated[Path, typer.Argument(help="A config file, or the folder of a run.", show_default=False)]


def diff(
    a: Place,
    b: Place,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Run both configs, so many times each; default: forecast only.")
    ] = None,
    from_backlog: FromBacklog = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two configs or two runs: both verdicts, what differs in the configs, and what came of it.

    For several alternatives by chosen measures, and for the best of them, see compare.
    """
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.diff_report import diff_document, diff_report, quiet_report
    from simsocial.study.fitting_memory import refuse_too_large

    for config in (a, b) if replications else ():
        if not config.is_dir():
            refuse_too_large(simsocial.load(config, overrides=with_backlog(config, None, from_backlog)))
    found = simsocial.diff(a, b, replications=replications, from_backlog=from_backlog)
    if as_json:
        typer.echo(json_text(diff_document(found)), nl=False)
    elif quiet:
        typer.echo("\n".join(quiet_report(found)))
    else:
        paper().print(diff_report(found))
