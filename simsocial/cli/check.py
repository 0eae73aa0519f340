"""``simsocial check``: what is known before a run."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from simsocial.cli.options import Config, Set


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
) -> None:
    """Print load, capacity, gaps and the cost of a run; run nothing."""
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.check_report import check_report, weeks_report
    from simsocial.report.rota_report import rota_report

    scenario = simsocial.load(config, overrides=changes or ())
    if resolved:
        typer.echo(simsocial.resolved(scenario), nl=False)
    if roster or since:
        paper().print(rota_report(simsocial.duties(scenario, since=since)))
        typer.echo("two weeks at most are shown; --from DATE shows others")
    if weeks:
        paper().print(weeks_report(simsocial.check(scenario)))
    if not (resolved or roster or since or weeks):
        paper().print(check_report(simsocial.check(scenario)))
