"""Measures of promises: due, kept and broken (R8)."""

from __future__ import annotations

from typing import Final

from simsocial.measure.definitions.measure import Entity, count, ratio

PROMISE: Final = (
    count(
        Entity.PROMISE, "due", "promises", "Promises due by the horizon, losses within the grace left out (R8).",
        lambda t: t.promises.due,
    ),
    count(
        Entity.PROMISE, "kept", "promises", "Promises due by the horizon that were kept.", lambda t: t.promises.kept
    ),
    count(
        Entity.PROMISE, "broken", "promises", "Promises due by the horizon and not kept.",
        lambda t: t.promises.due - t.promises.kept,
    ),
    ratio(
        Entity.PROMISE, "kept_share", "",
        "Share of the promises due by the horizon that were kept; losses break them (R8).",
        lambda t: t.promises.kept, lambda t: t.promises.due,
    ),
    ratio(
        Entity.PROMISE, "kept_share_telephone", "",
        "The telephone form of it: those who left by the due instant are left out instead of broken.",
        lambda t: t.promises.kept, lambda t: t.promises.due - t.promises.excused,
    ),
)  # fmt: skip
