"""Executors for :func:`~simsocial.simulation.execution.in_order`: this process, and processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
Opens = Callable[[], Executor]
"""Opens an executor."""

ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What numpy's libraries are told in a worker: every core has its own worker already."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def here(initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()) -> Opens:
    """Return what opens an executor that does every task in this process, as soon as it is given.

    Parameters
    ----------
    initializer, initargs
        Called once by the executor before its first task.
    """
    return partial(_Here, initializer, initargs)


def local(workers: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()) -> Opens:
    """Return what opens an executor of processes on this machine.

    The processes are spawned, not forked: a fork copies locks that other threads hold at that moment (a progress bar,
    pyarrow's pools), and deadlocks; and a spawned process is the same on every system. It costs each worker its imports
    (see docs/performance.md). A script that opens one must guard its own work with ``if __name__ == "__main__":``.

    Workers ignore Ctrl-C, which is for the driver. They end at once when the driver ends, however that happens, and
    when the executor is shut down with what waits cancelled.

    Parameters
    ----------
    workers
        How many processes.
    initializer, initargs
        Called once by each worker before its first task: what all tasks share goes there once, not with every task.
    """
    return partial(_Local, workers, initializer, initargs)


@contextmanager
def kept_open(opens: Opens) -> Iterator[Opens]:
    """Yield what opens one executor for many uses, which is shut down at the end of the block.

    A use that ends as it should leaves the executor as it is; one that cancels what waits ends it, and the next opens
    another.
    """
    lent: list[_Lent] = []

    def lend() -> Executor:
        if not lent or lent[-1].ended:
            lent.append(_Lent(opens()))
        return lent[-1]

    try:
        yield lend
    finally:
        if lent:
            lent[-1].take_back()


class _Lent(Executor):
    """An executor that outlives those who shut it down, unless they cancel what waits."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self.ended = executor, False

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self.take_back(wait=wait)

    def take_back(self, *, wait: bool = True) -> None:
        if not self.ended:
            self.ended = True
            self._executor.shutdown(wait, cancel_futures=True)


class _Here(Executor):
    """Does every task at once."""

    def __init__(self, initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
        if initializer is not None:
            initializer(*initargs)

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is taken
            future.set_exception(error)
        return future


class _Local(ProcessPoolExecutor):
    """A pool whose workers live no longer than a pipe, of which the driver alone holds the other end."""

    def __init__(self, workers: int, initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
        self._heard, self._held = multiprocessing.Pipe(duplex=False)
        spawn = multiprocessing.get_context("spawn")
        super().__init__(workers, spawn, initializer=_begin, initargs=(self._heard, initializer, initargs))

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        with _interruptions_held(), _environment(ONE_THREAD):  # workers are started here, and inherit both
            return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            self._held.close()  # workers end, whatever they do
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._held.close()
        self._heard.close()


def _begin(heard: Connection, initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(heard,), daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _end_with(heard: Connection) -> None:
    """End this process when nobody holds the other end of the pipe any more."""
    try:
        heard.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


@contextmanager
def _interruptions_held() -> Iterator[None]:
    """Hold Ctrl-C back until the end of the block; what is started in it never gets one, not even while it imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
