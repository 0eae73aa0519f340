"""The progress of a study that runs points, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simsocial.cli.paper import watched

if TYPE_CHECKING:
    from simsocial.simulation.crew import Watch


@contextmanager
def progress_of_points(*, silent: bool) -> Iterator[Watch | None]:
    """Yield what a study calls with what it runs; it shows a bar of its replications and the time left.

    Nothing is shown when it is to be silent, what is printed is sent on, or bars are not wanted.
    """
    if silent or not watched():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}, replications", markup=False),
        *(MofNCompleteColumn(), BarColumn(), TimeRemainingColumn()),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def watch(what: str, done: int, planned: int) -> None:
            nonlocal task
            if not done:  # something else, whose time is its own
                bar.remove_task(task)
                task = bar.add_task(what, total=planned)
            bar.update(task, completed=done)

        yield watch
