"""``simsocial why``: a late day or message of a run, explained."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.options import Json, Quiet


def why(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.", show_default=False)],
    message: Annotated[
        str | None,
        typer.Option(metavar="ID", help="A message, such as mentions.1234 (numbers as in messages.parquet)."),
    ] = None,
    day: Annotated[
        dt.datetime | None, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="A day, such as 2026-03-16.")
    ] = None,
    replication: Annotated[
        int | None, typer.Option(min=0, help="Which; default: the first, or the worst where nothing is asked for.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell in plain words why a day or a message was late; without either, the worst day and its latest message."""
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.why_report import quiet_report, why_report
    from simsocial.study.fitting_memory import refuse_too_large
    from simsocial.study.replay import recorded_scenario

    refuse_too_large(recorded_scenario(folder))
    found = simsocial.why(folder, message=message, day=None if day is None else day.date(), replication=replication)
    if as_json:
        typer.echo(json_text({"command": "why", **vars(found)}), nl=False)
    elif quiet:
        typer.echo(quiet_report(found))
    else:
        paper().print(why_report(found))
