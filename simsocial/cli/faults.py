"""How a verb ends that cannot do its work: what is printed, and the exit code."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from simsocial.errors import InputError, OutputError, SimsocialError

FAILED = 1
BAD_INPUT = 2
STOPPED = 130
STOPPING = "stopped; nothing was written"


class Terminated(BaseException):
    """The system asks to end; no handler of mistakes may take it for one."""


class Verbs(TyperGroup):
    """The verbs, with errors that simsocial raises on purpose turned into lines on standard error and an exit code.

    Any other exception is a fault of simsocial and keeps its traceback.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (InputError, OutputError) as error:
            typer.echo(error, err=True)
            raise typer.Exit(BAD_INPUT) from None
        except SimsocialError as error:
            typer.echo(error, err=True)
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            typer.echo(STOPPING, err=True)
            raise typer.Exit(STOPPED) from None
