"""How a verb ends that cannot do its work: what is printed, and the exit code."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from simsocial.errors import InputError, OutputError, SimsocialError

FAILED = 1
BAD_INPUT = 2
STOPPED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
STOPPING = "stopped; nothing was written"


class Terminated(BaseException):
    """The system asks to end; no handler of mistakes may take it for one."""


class Verbs(TyperGroup):
    """The verbs, with errors that simsocial raises on purpose turned into lines on standard error and an exit code."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        with ending_in_words():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        with ending_in_words():
            return super().invoke(ctx)


@contextmanager
def ending_in_words(*, stopping: str = STOPPING) -> Iterator[None]:
    """End the program with a line on standard error when the block is left by an error raised on purpose, or a signal.

    Any other exception is a fault of simsocial and keeps its traceback. ``stopping`` is what is said on a signal.
    """
    try:
        yield
    except (InputError, OutputError) as error:
        _end(str(error), BAD_INPUT)
    except SimsocialError as error:
        _end(str(error), FAILED)
    except KeyboardInterrupt:
        _end(stopping, STOPPED)
    except Terminated:
        _end(stopping, TERMINATED)


def _end(words: str, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise SystemExit(code) from None
