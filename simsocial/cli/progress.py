"""The progress of a run, on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simsocial.cli.paper import watched

if TYPE_CHECKING:
    from simsocial.simulation.replication import Replication
    from simsocial.simulation.run import Watch


@contextmanager
def progress(*, silent: bool = False) -> Iterator[Watch]:
    """Yield what a run calls with every finished replication and the number planned; it shows a bar on standard error.

    Nothing is shown when it is to be silent, what is printed is sent on, or bars are not wanted.
    """
    if silent or not watched():
        yield lambda replication, planned: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("replications"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[speed]:,.0f} messages/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, speed=0.0)
        begun, messages = time.monotonic(), 0

        def watch(replication: Replication, planned: int) -> None:
            nonlocal messages
            messages += sum(len(stream) for stream in replication.messages.streams)
            bar.update(task, advance=1, total=planned, speed=messages / (time.monotonic() - begun))

        yield watch


def all_of(*watches: Watch | None) -> Watch:
    """Return something that calls each of ``watches`` that is there."""

    def watch(replication: Replication, planned: int) -> None:
        for each in watches:
            if each is not None:
                each(replication, planned)

    return watch
