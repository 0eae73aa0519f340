"""Execution against what must be, whatever becomes of the workers: every task once, in order, and nobody left over."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import pytest

from simsocial.errors import SimsocialError
from simsocial.simulation.execution import ATTEMPTS, BrokenTaskError, in_order
from simsocial.simulation.executors import ONE_THREAD, cores, here, local

TESTS = Path(__file__).parent


# ---- what workers do -------------------------------------------------------------------------------------------------


def squared(number: int) -> int:
    return number * number


def die_once(task: tuple[int, Path]) -> int:
    """End the worker abruptly at the first attempt at task 3."""
    number, place = task
    mark = place / "died"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse_three(number: int) -> int:
    if number == 3:
        raise LookupError("three is not there")
    return number


def who_am_i(_task: int) -> tuple[int, object, dict[str, str | None]]:
    return os.getpid(), signal.getsignal(signal.SIGINT), {name: os.environ.get(name) for name in ONE_THREAD}


def begin(place: Path) -> None:
    (place / str(os.getpid())).touch()


def sleep_long(place: Path) -> None:
    begin(place)
    time.sleep(600)


# ---- executors that break as they are told ---------------------------------------------------------------------------


class Breaking(Executor):
    """Does tasks when the first result is asked for; breaks, with all that is under way, at those of ``bad``."""

    def __init__(self, seen: list[list[int]], bad: Callable[[int], bool], submits: int = 1000) -> None:
        self.seen, self.bad, self.submits = seen, bad, submits
        self.seen.append([])

    def submit(self, fn: Callable[..., int], /, *args: int) -> Future[int]:  # type: ignore[override]
        if len(self.seen[-1]) >= self.submits:
            raise BrokenExecutor("no more")
        self.seen[-1].append(args[0])
        future: Future[int] = Future()
        if any(self.bad(number) for number in self.seen[-1]):
            future.set_exception(BrokenExecutor("broke"))
        else:
            future.set_result(fn(*args))
        return future


def test_every_task_is_done_in_order_whatever_the_executor() -> None:
    expected = [squared(number) for number in range(20)]
    for opens, ahead in ((here(), 1), (here(), 7), (local(2), 4)):
        assert list(in_order(squared, range(20), executor=opens, ahead=ahead)) == expected


def test_tasks_are_read_no_further_ahead_than_wanted() -> None:
    read: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(9):
            read.append(number)
            yield number

    results = in_order(squared, tasks(), executor=here(), ahead=3)
    assert next(results) == 0
    assert read == [0, 1, 2]
    assert next(results) == 1
    assert read == [0, 1, 2, 3]


def test_nothing_to_do_is_done() -> None:
    assert list(in_order(squared, [], executor=here(), ahead=3)) == []


def test_workers_are_two_heed_no_interruption_and_use_one_thread() -> None:
    found = list(in_order(who_am_i, range(12), executor=local(2), ahead=4))
    assert 1 <= len({process for process, *_ in found}) <= 2
    assert os.getpid() not in {process for process, *_ in found}
    assert all(handler == signal.SIG_IGN for _, handler, _ in found)
    assert all(threads == ONE_THREAD for *_, threads in found)


def test_the_driver_keeps_its_own_threads_and_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert list(in_order(squared, [2], executor=local(1), ahead=1)) == [4]
    assert (os.environ["OMP_NUM_THREADS"], os.environ.get("MKL_NUM_THREADS")) == ("5", None)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, set()) == before


def test_what_is_shared_is_given_once_to_every_worker(tmp_path: Path) -> None:
    assert list(in_order(squared, range(9), executor=local(2, begin, (tmp_path,)), ahead=4))[-1] == 64
    assert 1 <= len(list(tmp_path.iterdir())) <= 2
    inside = tmp_path / "inside"
    inside.mkdir()
    assert list(in_order(squared, range(3), executor=here(begin, (inside,)), ahead=1)) == [0, 1, 4]
    assert [each.name for each in inside.iterdir()] == [str(os.getpid())]


# ---- what breaks -----------------------------------------------------------------------------------------------------


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    tasks = [(number, tmp_path) for number in range(8)]
    assert list(in_order(die_once, tasks, executor=local(2), ahead=4)) == list(range(8))
    assert (tmp_path / "died").exists()


def test_a_task_that_kills_its_worker_each_time_is_named() -> None:
    results = in_order(die_at_three, range(8), executor=local(2), ahead=4, named="cell number {}".format)
    assert list(itertools.islice(results, 3)) == [0, 1, 2]
    with pytest.raises(BrokenTaskError, match=f"cell number 3: .*, {ATTEMPTS} times") as caught:
        next(results)
    assert isinstance(caught.value, SimsocialError)


def test_the_last_attempt_is_made_alone_and_done_work_is_kept() -> None:
    seen: list[list[int]] = []
    results = in_order(
        squared, range(6), executor=lambda: Breaking(seen, lambda n: n == 3), ahead=4, named="task {}".format
    )
    assert list(itertools.islice(results, 3)) == [0, 1, 4]
    with pytest.raises(BrokenTaskError, match="task 3: "):
        next(results)
    assert seen == [[0, 1, 2, 3, 4, 5], [3, 4, 5], [3]]


def test_an_executor_that_takes_nothing_is_given_up() -> None:
    seen: list[list[int]] = []
    with pytest.raises(BrokenTaskError, match=r"^0: "):
        list(in_order(squared, range(3), executor=lambda: Breaking(seen, lambda _: False, submits=0), ahead=2))
    assert len(seen) == ATTEMPTS


def test_an_executor_that_breaks_while_it_is_given_tasks_is_opened_again() -> None:
    seen: list[list[int]] = []
    results = in_order(squared, range(7), executor=lambda: Breaking(seen, lambda _: False, submits=3), ahead=2)
    assert list(results) == [0, 1, 4, 9, 16, 25, 36]
    assert seen == [[0, 1, 2], [3, 4, 5], [6]]


@pytest.mark.parametrize("opens", [here(), local(2)], ids=["here", "local"])
def test_an_exception_of_a_task_is_raised_as_it_is(opens: Callable[[], Executor]) -> None:
    with pytest.raises(LookupError, match="three is not there"):
        list(in_order(refuse_three, range(8), executor=opens, ahead=4))


# ---- who ends early --------------------------------------------------------------------------------------------------


def waited_for(happens: Callable[[], bool]) -> bool:
    """Return whether something happens within a minute."""
    until = time.monotonic() + 60
    while not happens() and time.monotonic() < until:
        time.sleep(0.02)
    return happens()


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def at_work(place: Path) -> list[int]:
    return [int(each.name) for each in place.iterdir()]


def test_a_consumer_who_leaves_ends_the_workers(tmp_path: Path) -> None:
    results = in_order(first_quick, [None, tmp_path, tmp_path], executor=local(2), ahead=3)
    assert next(results) == "quick"
    assert waited_for(lambda: len(at_work(tmp_path)) == 2)
    results.close()  # type: ignore[attr-defined]
    assert all(gone(process) for process in at_work(tmp_path))


def first_quick(place: Path | None) -> str:
    if place is not None:
        sleep_long(place)
    return "quick"


DRIVER = """
import sys
from pathlib import Path
from simsocial.simulation.execution import in_order
from simsocial.simulation.executors import local
from test_execution import sleep_long

if __name__ == "__main__":
    list(in_order(sleep_long, [Path(sys.argv[1])] * 3, executor=local(2), ahead=3))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_no_worker_outlives_its_driver(tmp_path: Path, number: signal.Signals) -> None:
    script, place = tmp_path / "driver.py", tmp_path / "workers"
    script.write_text(DRIVER)
    place.mkdir()
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    driver = subprocess.Popen(
        [sys.executable, str(script), str(place)],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )
    assert waited_for(lambda: len(at_work(place)) == 2)
    if number is signal.SIGINT:
        os.killpg(driver.pid, number)  # as a terminal does: to everybody
    else:
        driver.send_signal(number)
    _, told = driver.communicate(timeout=60)
    assert driver.returncode == -number
    assert waited_for(lambda: all(gone(process) for process in at_work(place)))
    assert told.count(b"Traceback") == (number is signal.SIGINT), "the driver's own, none of a worker"


def test_cores_are_those_that_this_process_may_use() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
