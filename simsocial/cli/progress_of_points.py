"""The progress of a study of many points, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simsocial.cli.paper import watched


@contextmanager
def progress_of_points(*, silent: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield what a study calls with the points done and planned; it shows a bar and the time left on standard error.

    Nothing is shown when it is to be silent, what is printed is sent on, or bars are not wanted.
    """
    if silent or not watched():
        yield lambda done, planned: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("points"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)
