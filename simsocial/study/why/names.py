"""What messages and agents are called (R62)."""

from __future__ import annotations

from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario
from simsocial.simulation.trace import Trace


def name_of(scenario: Scenario, stream: int, message: int) -> str:
    """Write the name of a message, such as ``mentions.1234``; messages of a stream count from 0 (R62)."""
    return f"{scenario.streams[stream].name}.{message}"


def name_of_agent(scenario: Scenario, team: int, number: int) -> str | None:
    """Return what a rota calls an agent; ``None`` where he has only a number in his team."""
    names = scenario.teams[team].names
    return names[number] if names else None


def message_named(scenario: Scenario, trace: Trace, name: str) -> tuple[int, int]:
    """Return stream and index of a message, written as ``mentions.1234``, or as ``1234`` where there is one stream.

    Raises
    ------
    InputError
        When there is no such message.
    """
    streams = [stream.name for stream in scenario.streams]
    stream, _, number = name.rpartition(".")
    stream = stream or (streams[0] if len(streams) == 1 else "")
    if stream not in streams or not (number.isascii() and number.isdigit()):
        fault = f'write a message as stream and number, such as "{streams[0]}.12" (got "{name}")'
        raise InputError(Fault(f"{fault}; streams are {', '.join(streams)}", path="message"))
    index, size = streams.index(stream), len(trace.given.streams[streams.index(stream)])
    if int(number) >= size:
        there = f"{stream} has the messages 0 to {size - 1}" if size else f"{stream} has no messages"
        raise InputError(Fault(f"{there} in this replication (got {number})", path="message"))
    return index, int(number)
