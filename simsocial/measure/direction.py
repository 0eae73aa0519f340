"""Which way a measure is better, where nobody would doubt it (R123)."""

from __future__ import annotations

from typing import Final

from simsocial.measure.recovery import PREFIX
from simsocial.measure.rows import Row

LARGEST: Final = (
    *("days_ahead", "first_onset", "onset_for_good", "first_pass_yield", "handled", "handled_share"),
    *("kept_share", "kept_share_telephone"),
)
SMALLEST: Final = (
    *("abandoned", "abandoned_share", "expired", "expired_share", "lost", "lost_share", "pending", "pending_share"),
    *("backlog", "backlog_age", "backlog_age_mean", "backlog_mean", "backlog_work", "backlog_work_mean", "broken"),
    *("exposed", "exposed_share", "exposure_mean", "escaped", "escaped_share", "rejected_share"),
    *(
        "response_mean",
        "turnaround_mean",
        "visit_mean",
        "wait_mean",
        "waited_share",
        "wait_p50",
        "wait_p90",
        "wait_p95",
    ),
    *("wait_km_p50", "wait_km_p90", "class_wait_mean", "drain_time", "episodes", "late_share", "overrun", "struggling"),
    *("p_behind", "p_behind_for_good", PREFIX),
)
OF_A_PROMISE: Final = ("_kept_share", "_kept_share_telephone", "_broken")
"""Ends of names that begin with that of a message's promise."""


def largest_is_best(row: Row) -> bool | None:
    """Return whether a larger value is better; ``None`` where that depends on who asks."""
    name = next((end[1:] for end in OF_A_PROMISE if row.measure.endswith(end)), row.measure)
    if name.startswith(PREFIX):
        name = PREFIX
    return name in LARGEST if name in (*LARGEST, *SMALLEST) else None
