"""Simulation of a researcher's own arrays: builders for messages and agents, exact to the tick (R66)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simsocial.errors import Fault, InputError
from simsocial.model.desk import Desk, Group, Queue, Ranking, Route, RouteStep
from simsocial.model.messages import Messages, PerVisit, StepDraws, StreamMessages
from simsocial.model.roster import Roster
from simsocial.simulation.engine import engine_named
from simsocial.simulation.trace import Trace, ticks_of
from simsocial.units import NEVER

Ticks = npt.NDArray[np.int64]


def messages(
    *,
    arrival: npt.ArrayLike,
    work: npt.ArrayLike,
    patience: npt.ArrayLike | None = None,
    unit: str = "h",
) -> Messages:
    """Build the messages of one stream with one step from plain arrays.

    Parameters
    ----------
    arrival
        Shape (messages,), ``unit`` since the start, ascending.
    work
        Shape (messages,), ``unit``: how long the message occupies an agent of pace 1.
    patience
        Shape (messages,), ``unit`` from arrival until it leaves unless it is being served; infinite for never.
    unit
        Of all three: ``"h"``, ``"min"``, … or a length of time such as ``"6 min"``.

    Raises
    ------
    InputError
        When shapes differ, or a value is not a number, negative, or arrivals go back in time.

    Examples
    --------
    >>> import simsocial as ss
    >>> trace = ss.simulate(ss.messages(arrival=[0, 1, 2], work=[2, 2, 2], unit="min"), ss.roster(agents=1))
    >>> trace.visits(unit="min")["start"].tolist()
    [0.0, 2.0, 4.0]
    """
    tick = ticks_of(unit)
    begin, length = _ticks("arrival", arrival, tick), np.maximum(_ticks("work", work, tick), 1)  # R1
    given = {} if patience is None else {"patience": _ticks("patience", patience, tick, endless=True)}
    _refuse_uneven(arrival=begin, work=length, **given)
    wait = given.get("patience", np.full(len(begin), NEVER))
    nothing = np.zeros(len(begin), np.int64)
    stream = StreamMessages(
        arrival=begin,
        patience_ends=np.where(wait == NEVER, NEVER, begin + wait),
        actionable=np.ones(len(begin), np.bool_),
        triage=nothing,
        due=np.zeros((0, len(begin)), np.int64),
        promises=(),
        steps=(StepDraws(needs=np.ones(len(begin), np.bool_), work=PerVisit(length)),),
    )
    return Messages((stream,))


def roster(
    *,
    agents: int = 1,
    windows: Sequence[Sequence[tuple[float, float]]] | None = None,
    pace: float | Sequence[float] = 1.0,
    unit: str = "h",
) -> Roster:
    """Build a team of agents.

    Parameters
    ----------
    agents
        How many.
    windows
        For each agent the (start, end) of his times on duty, in ``unit`` since the start; always on duty without it.
    pace
        Of all agents, or of each: multiplies work (2 takes twice as long).
    unit
        Of the windows.

    Raises
    ------
    InputError
        When there is not one list of windows and one pace per agent, or windows overlap or are empty.
    """
    tick = ticks_of(unit)
    lists = [[(0.0, np.inf)]] * agents if windows is None else list(windows)
    if agents < 1 or len(lists) != agents:
        raise InputError(
            f"windows: give one list of (start, end) for each of at least one agent (got {len(lists)} for {agents})"
        )
    agent = np.repeat(np.arange(agents), [len(each) for each in lists])
    flat = np.array([window for each in lists for window in each], np.float64).reshape(-1, 2)
    start, end = _ticks("windows", flat[:, 0], tick), _ticks("windows", flat[:, 1], tick, endless=True)
    same = agent[1:] == agent[:-1]
    if (end <= start).any() or (start[1:] < end[:-1])[same].any():
        raise InputError(
            "windows: each must end after it starts, and an agent's windows must ascend without overlapping"
        )
    paces = np.broadcast_to(np.asarray(pace, np.float64), (agents,))
    if not (np.isfinite(paces).all() and (paces > 0).all()):
        raise InputError(f"pace: must be positive (got {pace})")
    none = np.zeros(0, np.int64)
    return Roster(
        team=np.zeros(agents, np.int64),
        slots=np.ones(agents, np.int64),
        agent=agent,
        start=start,
        end=end,
        pace=paces[agent],
        quality=np.ones(len(agent)),
        serves=np.zeros(len(agent), np.int64),
        away_agent=none,
        away_start=none,
        away_end=none,
        away_why=none,
    )


def simulate(
    messages: Messages,
    roster: Roster,
    *,
    desk: Desk | None = None,
    horizon: str | int | None = None,
    engine: str = "simpy",
) -> Trace:
    """Simulate given messages and agents; nothing is drawn.

    Parameters
    ----------
    messages
        From :func:`messages`, or any :class:`~simsocial.model.messages.Messages`.
    roster
        From :func:`roster`, or any :class:`~simsocial.model.roster.Roster`.
    desk
        Structure; without it every stream has one step, and one team serves the streams in their order, each in order
        of arrival.
    horizon
        Length of time (``"52 weeks"``) or ticks at which it stops; without it, when nothing more can happen. A ``desk``
        has its own.
    engine
        Name of an engine.

    Raises
    ------
    InputError
        When desk, messages and roster do not fit together, or a message arrives at or after the horizon.
    """
    run = engine_named(engine)
    if desk is not None and horizon is not None:
        raise InputError("horizon: the desk has its own; give one of the two")
    structure = desk if desk is not None else _plain_desk(messages, roster, _horizon(horizon))
    faults = [
        Fault(f"a message of stream {number} arrives at or after the horizon; leave it out", path="messages")
        for number, stream in enumerate(messages.streams)
        if len(stream) and stream.arrival[-1] >= structure.horizon
    ]
    if faults:
        raise InputError(faults)
    return Trace(structure, messages, roster, run(structure, messages, roster))


def _ticks(name: str, values: npt.ArrayLike, tick: int, *, endless: bool = False) -> Ticks:
    """Return ``values`` in ticks, rounded to the nearest; infinity is ``NEVER`` where ``endless``."""
    numbers = _numbers(name, values)
    never = np.isposinf(numbers) & endless
    if not (np.isfinite(numbers) | never).all() or (numbers < 0).any():
        raise InputError(f"{name}: must be a list of numbers, none negative")
    if (numbers[~never] * tick >= NEVER).any():
        raise InputError(f"{name}: too far away to be counted in milliseconds; is the unit right?")
    if name == "arrival" and (np.diff(numbers) < 0).any():
        raise InputError("arrival: must be in ascending order; sort the messages by arrival")
    return np.where(never, NEVER, np.rint(np.where(never, 0, numbers) * tick)).astype(np.int64)


def _numbers(name: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        numbers = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: must be a list of numbers") from None
    if numbers.ndim != 1:
        raise InputError(f"{name}: must be one list of numbers (got an array of shape {numbers.shape})")
    return numbers


def _refuse_uneven(**arrays: Ticks) -> None:
    sizes = {name: len(array) for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        raise InputError(f"give as many of each ({', '.join(f'{size} {name}' for name, size in sizes.items())})")


def _horizon(horizon: str | int | None) -> int:
    if horizon is None:
        return NEVER
    return horizon if isinstance(horizon, int) else ticks_of(horizon)


def _plain_desk(messages: Messages, roster: Roster, horizon: int) -> Desk:
    """Return a desk of one team and one step per stream, the first stream served first."""
    streams = range(len(messages.streams))
    if any(len(stream.steps) != 1 for stream in messages.streams) or roster.team.any() or roster.serves.any():
        raise InputError("desk: messages with several steps or a roster of several teams need a desk")
    names = ["messages"] if len(streams) == 1 else [f"messages_{stream}" for stream in streams]
    return Desk(
        horizon=horizon,
        queues=tuple(Queue(f"{names[stream]}.serve", stream, 0) for stream in streams),
        routes=tuple(Route(names[stream], (RouteStep("serve", stream, prefer=(0,)),), 0) for stream in streams),
        rankings=(Ranking(0, tuple(Group((stream,)) for stream in streams)),),
        teams=("team",),
    )
