"""Executors on a Dask cluster, whose scheduler and workers somebody else has started (R121)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from simsocial.errors import Fault, InputError
from simsocial.simulation.execution import BrokenTaskError
from simsocial.simulation.executors import Opens

if TYPE_CHECKING:
    from distributed import Client

PATIENCE: Final = "10s"
"""For how long a scheduler is waited for."""
ADDRESS: Final = re.compile(r"((tcp|tls|ws|wss|ucx)://)?[^\s/:]+(:[^\s/:]+)*:\d+")
"""How a scheduler's address is written; what has another form, Dask's client would only refuse after a long time."""
INSTALL: Final = "python -m pip install 'simsocial[cluster]'"


@contextmanager
def cluster_at(address: str) -> Iterator[tuple[Opens, int]]:
    """Yield what opens an executor on a cluster, and how many tasks it can do at once.

    Parameters
    ----------
    address
        Of its scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    InputError
        When Dask is not installed, the address is none, no scheduler answers, or it has no workers.
    BrokenTaskError
        When workers die of the same task again and again, or the scheduler is lost.
    """
    client = _connected(address)
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            fault = f"the scheduler has no workers; start some with: dask worker {address} --nthreads 1"
            raise InputError(Fault(fault, path=f"cluster {address}"))
        with _losses_told(address):
            yield lambda: _opened(client), threads
    finally:
        client.close()


def _connected(address: str) -> Client:
    if not ADDRESS.fullmatch(address):
        fault = f"write the scheduler's address, such as tcp://10.0.0.1:8786 (got {address!r})"
        raise InputError(Fault(fault, path="cluster"))
    try:
        from distributed import Client
    except ImportError:
        raise InputError(Fault(f"needs Dask; install it with: {INSTALL}", path="cluster")) from None
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        fault = f"no scheduler answers ({told}); start one with: dask scheduler, and give its address"
        raise InputError(Fault(fault, path=f"cluster {address}")) from None


def _opened(client: Client) -> Executor:
    from distributed.cfexecutor import ClientExecutor

    class Cluster(ClientExecutor):  # type: ignore[misc]  # which has no types
        """Dask's executor, with all that the standard asks of ``shutdown``."""

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=wait and not cancel_futures)

    opened: Executor = Cluster(client, pure=False)
    return opened


@contextmanager
def _losses_told(address: str) -> Iterator[None]:
    """Turn what Dask says when tasks or the scheduler are lost into a :class:`BrokenTaskError`."""
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker as killed:
        raise BrokenTaskError(f"cluster {address}: workers died of the same task again and again: {killed}") from killed
    except (CancelledError, CommClosedError) as lost:
        raise BrokenTaskError(f"cluster {address}: the scheduler was lost while it worked") from lost
