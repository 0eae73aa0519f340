"""The command line: each verb calls one public function and prints what it returns."""

from __future__ import annotations

import signal
from typing import Annotated, NoReturn

import typer

import simsocial
from simsocial.cli.check import check
from simsocial.cli.compare import compare
from simsocial.cli.diff import diff
from simsocial.cli.documents import dictionary, schema
from simsocial.cli.faults import Terminated, Verbs, ending_in_words
from simsocial.cli.new import new
from simsocial.cli.picture import picture
from simsocial.cli.replay import replay
from simsocial.cli.run import run
from simsocial.cli.sensitivity import sensitivity
from simsocial.cli.solve import solve
from simsocial.cli.standard_output import guard_standard_output
from simsocial.cli.sweep import sweep
from simsocial.cli.verify import verify
from simsocial.cli.why import why

app = typer.Typer(
    name="simsocial",
    cls=Verbs,
    help=simsocial.__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(simsocial.__version__)
        raise typer.Exit


@app.callback()
def _simsocial(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


VERBS = (
    *(new, check, run, why, diff, compare, solve, sweep, picture),
    *(sensitivity, replay, verify, schema, dictionary),
)
for verb in VERBS:
    app.command()(verb)


def main() -> None:
    """Run the command line; a request to terminate unwinds as Ctrl-C does, so that nothing half-written stays."""
    signal.signal(signal.SIGTERM, _terminate)
    guard_standard_output()
    with ending_in_words():
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        app()


def _terminate(_number: int, _frame: object) -> NoReturn:
    raise Terminated
