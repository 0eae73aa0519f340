"""Execution: tasks given to a standard executor, a few at a time, their results taken in the order of the tasks."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from simsocial.errors import SimsocialError

Task = TypeVar("Task")
Result = TypeVar("Result")

ATTEMPTS: Final = 3
"""How often a task is given to an executor that breaks before the break is told (R114)."""


class BrokenTaskError(SimsocialError):
    """Whoever did a task ended abruptly, every time that it was tried."""


@dataclass
class _Given(Generic[Task, Result]):
    """A task, how often it was given to an executor, and what came of the last time, unless the executor broke."""

    task: Task
    times: int = 0
    future: Future[Result] | None = None

    @property
    def at_last(self) -> bool:
        """Whether the attempt that is under way, or comes next, is the last."""
        return self.times + (self.future is None) >= ATTEMPTS

    def give(self, pool: Executor, function: Callable[[Task], Result]) -> None:
        self.times += 1
        self.future = pool.submit(function, self.task)

    def take_back(self) -> None:
        """Forget an attempt that came to nothing as the executor broke; what was done before is kept."""
        if self.future is not None and (not self.future.done() or self.future.exception() is not None):
            self.future = None


def in_order(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    executor: Callable[[], Executor],
    ahead: int,
    named: Callable[[Task], str] = str,
) -> Iterator[Result]:
    """Yield what ``function`` makes of each task, in the order of the tasks.

    The executor is shut down when all is done; when an error, a signal or a consumer that closes this iterator ends it
    before, what waits there is cancelled.

    Parameters
    ----------
    function
        Something that the executor's workers can import.
    tasks
        Read as they are needed.
    executor
        Opens an executor (see :mod:`~simsocial.simulation.executors`); called again when one breaks, as a pool of
        processes does when one of them is killed. What was under way is then done again: all together, but the last of
        a task's ``ATTEMPTS`` is made alone, so that it is known which task it was.
    ahead
        How many tasks are under way or done and not yet taken, at most.
    named
        What a task is called in a message.

    Raises
    ------
    BrokenTaskError
        When the executor broke at each of a task's attempts.
    Exception
        What ``function`` raised, as it is.
    """
    waiting = iter(tasks)
    under_way: deque[_Given[Task, Result]] = deque()
    pool = executor()
    try:
        while True:
            under_way.extend(_Given(task) for task in itertools.islice(waiting, ahead - len(under_way)))
            if not under_way:
                break
            try:
                first = _give(pool, function, under_way)
                result = first.result()
            except BrokenExecutor as broken:
                _take_back(under_way, broken, named)
                pool.shutdown(cancel_futures=True)
                pool = executor()
                continue
            under_way.popleft()
            yield result
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _give(
    pool: Executor, function: Callable[[Task], Result], under_way: Iterable[_Given[Task, Result]]
) -> Future[Result]:
    """Give the pool what it has not yet, but nothing beside a last attempt; return the future of the first task."""
    futures: list[Future[Result]] = []
    for given in under_way:
        if given.at_last and futures:
            break
        if given.future is None:
            given.give(pool, function)
        assert given.future is not None, "it was just given"
        futures.append(given.future)
        if given.at_last:
            break
    return futures[0]


def _take_back(under_way: Iterable[_Given[Task, Result]], broken: BrokenExecutor, named: Callable[[Task], str]) -> None:
    """Take back what was under way when the pool broke.

    Raises
    ------
    BrokenTaskError
        When that was a task's last attempt.
    """
    for given in under_way:
        given.take_back()
        if given.future is None and given.times >= ATTEMPTS:
            raise BrokenTaskError(
                f"{named(given.task)}: the process that did it ended abruptly, {ATTEMPTS} times; "
                "it may have been killed for want of memory: allow less at once, or fewer workers"
            ) from broken
