"""Execution: tasks given to a standard executor, a few at a time, their results taken in the order of the tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from typing import Final, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

ATTEMPTS: Final = 3
"""How often a task is given to an executor that breaks before the break is told."""


def in_order(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    executor: Callable[[], Executor],
    ahead: int,
) -> Iterator[Result]:
    """Yield what ``function`` makes of each task, in the order of the tasks.

    Parameters
    ----------
    function
        Something that the executor's workers can import.
    tasks
        Read as they are needed.
    executor
        Opens an executor; called again when one breaks. What was under way is then done again, each task at most
        ``ATTEMPTS`` times.
    ahead
        How many tasks are under way or done and not yet taken, at most.

    Raises
    ------
    BrokenExecutor
        When a task was under way at each of ``ATTEMPTS`` breaks.
    """
    waiting = iter(tasks)
    with ExitStack() as opened:
        pool = opened.enter_context(executor())
        under_way: deque[tuple[Task, int, Future[Result]]] = deque()
        while True:
            while len(under_way) < ahead and (task := next(waiting, None)) is not None:
                under_way.append((task, 1, pool.submit(function, task)))
            if not under_way:
                return
            try:
                result = under_way[0][2].result()
            except BrokenExecutor:
                if max(attempt for _, attempt, _ in under_way) >= ATTEMPTS:
                    raise
                opened.close()
                pool = opened.enter_context(executor())
                again = [(task, attempt + 1) for task, attempt, _ in under_way]
                under_way = deque((task, attempt, pool.submit(function, task)) for task, attempt in again)
                continue
            under_way.popleft()
            yield result
