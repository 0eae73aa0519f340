"""Sweeps against what really happens to them: drivers and workers killed, two at once, a cluster that loses workers.

Whatever happens, nothing is lost or counted twice: the tables are those of an undisturbed sweep, to the last byte.
The cluster's tests take half a minute: ``python -m pytest -m long tests/test_sweep_faults.py``.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import swept

import simsocial
from simsocial.errors import InputError
from simsocial.simulation.execution import BrokenTaskError
from simsocial.study.provenance import Provenance
from simsocial.study.sweep import planning
from simsocial.study.sweep.folder import SweepProvenance
from simsocial.study.sweep.progress import Progress

FACTORS = {
    "teams.desk.headcount": "[1, 2, 3, 4]",
    "streams.mentions.arrivals.rate": '["40 / day", "50 / day", "60 / day"]',
}
KILLS = 3


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return swept.experiment(tmp_path_factory.mktemp("faults") / "staffing", factors=FACTORS, replications=6)


@pytest.fixture(scope="module")
def undisturbed(file: Path) -> list[bytes]:
    return swept.tables(simsocial.sweep(file, out=file.parent / "undisturbed").folder)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LANES_AT_FIRST": 6, "FEWEST_LANES": 6, "SECONDS": 0.0}.items():
        monkeypatch.setattr(planning, name, value)


def chunks(folder: Path) -> set[str]:
    return {each.name for each in (folder / "chunks").glob("*.parquet")}


def wait_for_chunks(process: subprocess.Popen[str], wanted: int) -> None:
    """Return when a driver has said that it has written so many chunks."""
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= wanted:
            return
    raise AssertionError("the driver ended before")


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    assert process.stdout is not None
    process.stdout.close()


# ---- the driver ------------------------------------------------------------------------------------------------------


def test_a_driver_killed_at_random_moments_goes_on(file: Path, undisturbed: list[bytes], tmp_path: Path) -> None:
    """Killed KILLS times, each time within a random part of the time that some chunks take."""
    dice, kept = random.Random(6), set[str]()
    for _ in range(KILLS):
        process = swept.driver(file, tmp_path / "o")
        wait_for_chunks(process, dice.randint(1, 2))
        time.sleep(dice.uniform(0, 0.1))  # into the middle of anything: simulating, writing, renaming
        killed(process)
        assert kept <= chunks(tmp_path / "o"), "what was done is still there"
        assert not (tmp_path / "o" / "results.parquet").exists()
        kept = chunks(tmp_path / "o")
    assert len(kept) >= KILLS
    made = simsocial.sweep(file, out=tmp_path / "o")
    assert swept.tables(tmp_path / "o") == undisturbed
    assert 0 < made.progress.simulated <= 12 * 6 - 6 * len(kept)
    assert SweepProvenance.read(tmp_path / "o").finished


def test_a_driver_killed_while_it_writes_tables_goes_on(file: Path, undisturbed: list[bytes], tmp_path: Path) -> None:
    made = simsocial.sweep(file, out=tmp_path / "o")
    for name, left in (("results.parquet", b"PAR1 half"), ("chunks/000099-aa.parquet", b"PAR1")):
        (tmp_path / "o" / f"{name}.partial").write_bytes(left)
    (tmp_path / "o" / "replications.parquet").unlink()
    again = simsocial.sweep(file, out=tmp_path / "o")
    assert (swept.tables(made.folder), again.progress.simulated) == (undisturbed, 0)
    assert not list((tmp_path / "o").rglob("*.partial"))


INTERRUPTED = """
import os, signal
from simsocial.cli import main
from simsocial.study.sweep import sweeping

signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where it is ignored
written = sweeping.write_chunk

def write_chunk(*given):
    file = written(*given)
    os.kill(os.getpid(), signal.SIGINT)
    return file

sweeping.write_chunk = write_chunk
main()
"""
"""A command that somebody interrupts when the first chunk is written, however slow the machine is."""


def test_an_interrupted_command_says_how_to_go_on(file: Path, undisturbed: list[bytes], tmp_path: Path) -> None:
    script = tmp_path / "command.py"
    script.write_text(f"{swept.SMALL_CHUNKS}\n{INTERRUPTED}", encoding="utf-8")
    words = [sys.executable, str(script), "sweep", str(file), "--out", str(tmp_path / "o")]
    process = subprocess.run(words, stderr=subprocess.PIPE, text=True, env=swept.environment(), check=False)
    told = process.stderr
    assert chunks(tmp_path / "o")
    assert process.returncode == 130
    assert f"what is done is kept in {tmp_path / 'o'}, and goes on with: simsocial sweep {file}" in told
    simsocial.sweep(file, out=tmp_path / "o")
    assert swept.tables(tmp_path / "o") == undisturbed


def test_a_sweep_that_has_not_ended_is_told_from_a_run_and_from_nothing(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "o"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simsocial.sweep(file, out=place, progress=stop)
    for point in (None, "desk.headcount=1"):
        with pytest.raises(
            InputError, match="is the folder of a sweep that has not ended; go on with it: simsocial sweep"
        ):
            simsocial.replay(place, point=point)
    finished = simsocial.sweep(file, out=place).folder
    with pytest.raises(
        InputError, match=r"is the folder of a sweep, not of a run; make a run of one of its points: simsocial replay"
    ):
        Provenance.read(finished / "provenance.json")


# ---- two at once -----------------------------------------------------------------------------------------------------


def test_a_second_sweep_on_the_same_folder_is_refused(file: Path, undisturbed: list[bytes], tmp_path: Path) -> None:
    process = swept.driver(file, tmp_path / "o")
    try:
        wait_for_chunks(process, 1)
        process.send_signal(signal.SIGSTOP)  # so that it cannot end meanwhile
        with pytest.raises(InputError, match="another sweep is writing into this folder"):
            simsocial.sweep(file, out=tmp_path / "o")
    finally:
        killed(process)
    simsocial.sweep(file, out=tmp_path / "o")  # whose lock died with it
    assert swept.tables(tmp_path / "o") == undisturbed


# ---- workers ---------------------------------------------------------------------------------------------------------


def _children(process: int) -> list[int]:
    told = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in told.read_text().split()]


def _workers(process: int) -> list[int]:
    """Return the processes that work for a driver, which Python's resource tracker does not."""
    return [child for child in _children(process) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers in /proc")
def test_a_killed_worker_is_replaced(file: Path, undisturbed: list[bytes], tmp_path: Path, small_chunks: None) -> None:
    victims: list[int] = []

    def kill_one(now: Progress) -> None:
        if now.chunks == 1 and not victims:
            victims.append(_workers(os.getpid())[0])
            os.kill(victims[0], signal.SIGKILL)

    made = simsocial.sweep(file, out=tmp_path / "o", workers=2, progress=kill_one)
    assert victims
    assert swept.tables(tmp_path / "o") == undisturbed
    assert made.progress.simulated == made.progress.of_replications == 12 * 6


def test_a_task_of_which_workers_die_is_named(
    file: Path, tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import Executor, Future
    from concurrent.futures.process import BrokenProcessPool

    from simsocial.study import sweep as sweeps

    class Dying(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("died"))
            return future

    monkeypatch.setattr(sweeps, "local", lambda workers: Dying)
    first = simsocial.load_experiment(file).points[0].key
    with pytest.raises(BrokenTaskError, match=f"point {first}, replications 0 to 5.*3 times"):
        simsocial.sweep(file, out=tmp_path / "o", workers=2)


# ---- a cluster -------------------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _dask(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``dask …`` until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        env=swept.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)


@contextmanager
def _scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = str(_free_port())
    words = ("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-jupyter")
    with _dask(*words) as process:
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def _worker(address: str) -> Iterator[subprocess.Popen[bytes]]:
    words = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with _dask(*words) as process:
        yield process


def _wait_for_workers(address: str, many: int) -> None:
    from distributed import Client

    client = Client(address, timeout="60s", set_as_default=False)
    client.wait_for_workers(many, timeout="60s")
    client.close()


@pytest.mark.long
@pytest.mark.filterwarnings("default")  # Dask's own
def test_a_cluster_makes_the_same_tables_though_a_worker_is_killed(
    file: Path, undisturbed: list[bytes], tmp_path: Path, small_chunks: None
) -> None:
    pytest.importorskip("distributed")
    with _scheduler() as (address, _), _worker(address) as victim, _worker(address):
        _wait_for_workers(address, 2)

        def kill_one(now: Progress) -> None:
            if now.chunks == 2 and victim.poll() is None:
                os.killpg(victim.pid, signal.SIGKILL)

        made = simsocial.sweep(file, out=tmp_path / "o", cluster=address, progress=kill_one)
        assert victim.poll() is not None
        assert swept.tables(tmp_path / "o") == undisturbed
        assert made.progress.simulated == 12 * 6


@pytest.mark.long
@pytest.mark.filterwarnings("default")
def test_a_cluster_without_workers_is_refused(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with _scheduler() as (address, _), pytest.raises(InputError, match="has no workers; start some with: dask worker"):
        simsocial.sweep(file, out=tmp_path / "o", cluster=address)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("address", ["", "nonsense", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:8786"])
def test_an_address_that_is_none_is_refused_at_once(file: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match=r"cluster: write the scheduler's address, such as tcp://"):
        simsocial.sweep(file, out=tmp_path / "o", cluster=address)
    assert not (tmp_path / "o").exists()


def test_a_cluster_without_dask_says_how_to_install_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"cluster: needs Dask; install it with: .*simsocial\[cluster\]"):
        simsocial.sweep(file, out=tmp_path / "o", cluster="tcp://127.0.0.1:1")


@pytest.mark.long
@pytest.mark.filterwarnings("default")
def test_a_lost_scheduler_is_told_and_the_sweep_goes_on_without_it(
    file: Path, undisturbed: list[bytes], tmp_path: Path, small_chunks: None
) -> None:
    pytest.importorskip("distributed")
    with _scheduler() as (address, scheduler), _worker(address):
        _wait_for_workers(address, 1)

        def kill_it(now: Progress) -> None:
            if now.chunks == 2 and scheduler.poll() is None:
                os.killpg(scheduler.pid, signal.SIGKILL)

        with pytest.raises(BrokenTaskError, match="the scheduler was lost"):
            simsocial.sweep(file, out=tmp_path / "o", cluster=address, progress=kill_it)
    made = simsocial.sweep(file, out=tmp_path / "o")
    assert swept.tables(tmp_path / "o") == undisturbed
    assert 0 < made.progress.simulated <= 12 * 6 - 2 * 6
