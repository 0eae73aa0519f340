"""Which messages come to people: arrivals less what outages hold back, filters drop and tools do (R53, R106–R108)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from simsocial.measure.volume import expected_arrivals
from simsocial.model.desk import Route
from simsocial.model.outages import together, up_share
from simsocial.model.scenario import Scenario
from simsocial.model.streams import Stream

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def expected_messages(scenario: Scenario, number: int, instant: npt.ArrayLike) -> Floats:
    """Return the expected number of messages in ``[0, instant)``, noise included (R53, R108).

    Planned outages hold them back or lose them exactly. Of those at random, which are expected as often at any time,
    those that lose messages take their share, and the short delay by the others is left out.

    Parameters
    ----------
    scenario, number
        Outages, and the index of the stream; of a part of one it is the whole that counts (R90).
    instant
        Any shape, ticks; nothing arrives at or after the horizon.

    Returns
    -------
    ndarray of float
        Shape of ``instant``.
    """
    arrivals, horizon = scenario.streams[number].arrivals, scenario.horizon
    outages = [outage for outage in scenario.outages if number in outage.streams]

    def sent(until: npt.ArrayLike) -> Floats:
        return expected_arrivals(arrivals, until, horizon=horizon)

    if not outages:
        return sent(instant)
    planned = [outage.planned(start=scenario.start, until=horizon).clip(min=0) for outage in outages]
    out = together(planned)
    losing = together(each for each, outage in zip(planned, outages, strict=True) if outage.loses)
    until = _before(np.minimum(instant, horizon), out)
    begun = np.searchsorted(losing[:, 0], until)
    whole = np.append(0.0, np.cumsum(sent(losing[:, 1]) - sent(losing[:, 0])))
    beyond = np.append(0, losing[:, 1])[begun]  # of the last that has begun, what is yet to be lost does not count
    lost = whole[begun] - (sent(np.maximum(beyond, until)) - sent(until))
    return (sent(until) - lost) * up_share(outage for outage in outages if outage.loses)


def _before(instant: Ticks, stretches: Ticks) -> Ticks:
    """Return the beginning of the stretch in which, or at whose end, each instant lies; else the instant itself."""
    place = np.searchsorted(stretches[:, 1], instant)
    begins = np.append(stretches[:, 0], np.iinfo(np.int64).max)
    before: Ticks = np.minimum(instant, begins[place])
    return before


@dataclass(frozen=True, eq=False)
class Coming:
    """Messages of a stream that go the same ways.

    Parameters
    ----------
    messages
        Shape (buckets,), those that are triaged where there is triage.
    actionable, noise
        Shape (buckets,), of them.
    shares
        Of them that need each step of people.
    triage
        Its mean, ticks; 0 without.
    heavier
        By step: what a tool multiplies the work by that it leaves to people, shape (buckets,).
    quality
        By step: the quality of what a tool did, shape (buckets,).
    """

    messages: Floats
    actionable: Floats
    noise: Floats
    shares: Sequence[float]
    triage: float
    heavier: Mapping[int, Floats] = field(default_factory=dict)
    quality: Mapping[int, Floats] = field(default_factory=dict)


def arriving(stream: Stream, route: Route, messages: Floats, edges: Ticks) -> Iterator[Coming]:
    """Yield what arrives, told apart by what tools do of it (R107); noise goes with what they leave to people.

    Parameters
    ----------
    stream, route
        Of the messages.
    messages
        Shape (buckets,), expected to arrive.
    edges
        Shape (buckets + 1,), ticks; shares count with their mean over a bucket.
    """
    usual = _unfiltered(stream, messages) if stream.filter is None else _filtered(stream, messages, edges)
    tools = {at: laws.automation for at, laws in enumerate(stream.steps) if laws.automation is not None}
    for done in product((False, True), repeat=len(tools)):
        alone = [at for at, by_tool in zip(tools, done, strict=True) if by_tool]
        weight = np.ones(len(messages))
        for at, tool in tools.items():
            weight = weight * (tool.alone(edges) if at in alone else 1 - tool.alone(edges))
        noise = usual.noise * (not alone)
        yield Coming(
            messages=usual.messages if not tools else usual.actionable * weight + noise,
            actionable=usual.actionable * weight,
            noise=noise,
            shares=[0.0 if at in alone else share for at, share in enumerate(usual.shares)],
            triage=0.0 if 0 in alone else usual.triage,
            heavier={at: tool.harder(edges) for at, tool in tools.items() if at not in alone},
            quality={at: tools[at].quality.average(edges) for at in alone},
        )


def waiting(stream: Stream, buckets: int) -> Iterator[Coming]:
    """Yield what is there at the start, in the first bucket: its own step first, and none before it (R88, R91)."""
    for those in stream.waiting:
        messages = np.zeros(buckets)
        messages[0] = len(those) * (stream.share if those.shared else 1)
        usual = _unfiltered(stream, messages)
        shares = [0.0] * those.step + [1.0, *usual.shares[those.step + 1 :]]
        triaged = those.step == 0 and stream.triage is not None
        yield usual if triaged else Coming(messages, messages, np.zeros(buckets), shares, 0.0)


def _unfiltered(stream: Stream, messages: Floats) -> Coming:
    return Coming(
        messages=messages,
        actionable=messages * stream.actionable,
        noise=messages * (1 - stream.actionable),
        shares=[laws.share for laws in stream.steps],
        triage=0.0 if stream.triage is None else stream.triage.mean,
    )


def _filtered(stream: Stream, messages: Floats, edges: Ticks) -> Coming:
    """Leave out what the filter drops (R106)."""
    assert stream.filter is not None
    usual = _unfiltered(stream, messages)
    actionable = usual.actionable * (1 - stream.filter.lost.average(edges))
    noise = usual.noise * (1 - stream.filter.noise.average(edges))
    return Coming(actionable + noise, actionable, noise, usual.shares, usual.triage)
