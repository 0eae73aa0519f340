"""Measures of streams: what became of their messages, and what reviews found out too late (R42, R45)."""

from __future__ import annotations

from typing import Any, Final

import numpy.typing as npt

from simsocial.measure.definitions.measure import Entity, Measure, Values, count, ratio
from simsocial.measure.totals import Totals
from simsocial.units import HOUR


def _fate(name: str, share: str, what: str, value: Values) -> tuple[Measure, Measure]:
    """Return what became of messages as a number and as a share of those that came."""
    said = f"Share of the messages that arrived, or were there at the start, that {what}."
    return (
        count(Entity.STREAM, name, "messages", f"Messages that {what}.", value),
        ratio(Entity.STREAM, share, "", said, value, _came),
    )


def _came(t: Totals) -> npt.NDArray[Any]:
    return t.streams.initial + t.streams.arrived


def _pending(t: Totals) -> npt.NDArray[Any]:
    s = t.streams
    return _came(t) - s.handled - s.abandoned - s.expired - s.withdrawn - s.noise


STOCKED: Final = (
    count(
        Entity.STOCKED, "initial", "messages", "Messages that were there at the start (R91).",
        lambda t: t.streams.initial,
    ),
)  # fmt: skip

STREAM: Final = (
    count(
        Entity.STREAM, "arrived", "messages", "Messages that arrived, noise included.", lambda t: t.streams.arrived
    ),
    *_fate("handled", "handled_share", "came to the end of their route", lambda t: t.streams.handled),
    *_fate("abandoned", "abandoned_share", "lost patience before work on them began", lambda t: t.streams.abandoned),
    *_fate("expired", "expired_share", "left a queue when their expiry ended", lambda t: t.streams.expired),
    *_fate("withdrawn", "withdrawn_share", "were rejected by their last review", lambda t: t.streams.withdrawn),
    *_fate("noise", "noise_share", "left as noise, triaged or not, or dropped by a filter", lambda t: t.streams.noise),
    *_fate("pending", "pending_share", "were still under way at the horizon", _pending),
    count(
        Entity.STREAM, "published", "messages", "Messages that were published (R24).", lambda t: t.streams.published
    ),
    ratio(
        Entity.STREAM, "turnaround_mean", "h", "Mean time from arrival to the end of the route, of those handled.",
        lambda t: t.streams.turnaround_sum / HOUR, lambda t: t.streams.handled,
    ),
    ratio(
        Entity.STREAM, "response_mean", "h", "Mean time from arrival to publication, of those published.",
        lambda t: t.streams.response_sum / HOUR, lambda t: t.streams.published,
    ),
)  # fmt: skip

FILTERED: Final = (
    count(
        Entity.FILTERED, "lost", "messages",
        "Messages that needed an answer and were dropped as noise, counted there too (R106).", lambda t: t.streams.lost,
    ),
)  # fmt: skip

AUTOMATED: Final = (
    count(
        Entity.AUTOMATED, "automated", "messages",
        "Messages that arrived and of which a tool finished at least one step without people (R107).",
        lambda t: t.streams.automated,
    ),
    ratio(
        Entity.AUTOMATED, "automated_share", "", "Share of the messages that arrived, noise included, that these are.",
        lambda t: t.streams.automated, lambda t: t.streams.arrived,
    ),
)  # fmt: skip

AUDITED: Final = (
    count(
        Entity.AUDITED, "exposed", "messages", "Published items that a review rejected afterwards (R45).",
        lambda t: t.streams.exposed,
    ),
    ratio(
        Entity.AUDITED, "exposed_share", "", "Share of the published items that a review rejected afterwards (R45).",
        lambda t: t.streams.exposed, lambda t: t.streams.published,
    ),
    ratio(
        Entity.AUDITED, "exposure_mean", "h",
        "Mean time from publication to the last correction's end, the withdrawal or the horizon, of those exposed.",
        lambda t: t.streams.exposure_sum / HOUR, lambda t: t.streams.exposed,
    ),
    count(
        Entity.AUDITED, "escaped", "messages",
        "Published items that a review after publication did not sample and would have rejected then (R45).",
        lambda t: t.streams.escaped,
    ),
    ratio(
        Entity.AUDITED, "escaped_share", "", "Share of the published items that escaped.",
        lambda t: t.streams.escaped, lambda t: t.streams.published,
    ),
)  # fmt: skip
