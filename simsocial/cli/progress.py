"""The progress of a run, on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simsocial.cli.paper import watched

if TYPE_CHECKING:
    from simsocial.simulation.replication import Replication
    from simsocial.simulation.run import Finished, Watch


@contextmanager
def progress(*, silent: bool = False) -> Iterator[Finished]:
    """Yield what a run calls with the messages of every finished replication; it shows a bar on standard error.

    Nothing is shown when it is to be silent, what is printed is sent on, or bars are not wanted.
    """
    if silent or not watched():
        yield lambda messages, planned: None
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
        begun, told = time.monotonic(), 0

        def finished(messages: int, planned: int) -> None:
            nonlocal told
            told += messages
            bar.update(task, advance=1, total=planned, speed=told / (time.monotonic() - begun))

        yield finished


def watching(finished: Finished) -> Watch:
    """Return something that calls ``finished`` with the number of messages of each replication."""

    def watch(replication: Replication, planned: int) -> None:
        finished(sum(len(stream) for stream in replication.messages.streams), planned)

    return watch


def all_of(*watches: Watch | None) -> Watch:
    """Return something that calls each of ``watches`` that is there."""

    def watch(replication: Replication, planned: int) -> None:
        for each in watches:
            if each is not None:
                each(replication, planned)

    return watch
