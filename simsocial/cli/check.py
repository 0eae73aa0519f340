"""``simsocial check``: what is known before a run."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from simsocial.cli.options import Config, FromBacklog, Json, Quiet, Set, with_backlog


def check(
    config: Config,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the config as it is understood, as TOML.")
    ] = False,
    roster: Annotated[bool, typer.Option("--roster", help="Print who is on duty when in the first two weeks.")] = False,
    since: Annotated[
        dt.datetime | None,
        typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="Print the roster of two weeks from a date."),
    ] = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Print load and capacity of every week.")] = False,
    changes: Set = None,
    from_backlog: FromBacklog = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print load, capacity, gaps and the cost of a run; run nothing."""
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.check_report import check_report, first_overloaded, weeks_report
    from simsocial.report.documents import check_document
    from simsocial.report.rota_report import rota_report

    scenario = simsocial.load(config, overrides=with_backlog(config, changes, from_backlog))
    duties = simsocial.duties(scenario, since=since) if roster or since else None
    if as_json:
        told = scenario.origin.config if resolved and scenario.origin else None
        document = check_document(scenario, simsocial.check(scenario), config=told, roster=duties, weeks=weeks)
        typer.echo(json_text(document), nl=False)
        return
    if quiet:
        typer.echo(first_overloaded(simsocial.check(scenario)).text.plain)
        return
    if resolved:
        typer.echo(simsocial.resolved(scenario), nl=False)
    if duties is not None:
        paper().print(rota_report(duties))
        typer.echo("two weeks at most are shown; --from DATE shows others")
    if weeks:
        paper().print(weeks_report(simsocial.check(scenario)))
    if not (resolved or duties is not None or weeks):
        paper().print(check_report(simsocial.check(scenario)))
