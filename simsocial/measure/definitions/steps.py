"""Measures of steps: visits, waits, backlogs, and what reviews decided (R44, R56)."""

from __future__ import annotations

from typing import Final

from simsocial.measure.definitions.measure import Entity, Kind, Measure, count, ratio
from simsocial.measure.wait_quantiles import of_everyone, of_the_served
from simsocial.model.careers import BANDS
from simsocial.units import HOUR, MINUTE


def _wait_quantile(share: float) -> Measure:
    return Measure(
        f"wait_p{100 * share:.0f}", "min", Entity.STEP, Kind.QUANTILE,
        f"Wait that {100 * share:.0f} % of the visits whose work began did not exceed (R44).",
        lambda t: of_the_served(t.steps.wait_histogram, share) / MINUTE,
    )  # fmt: skip


def _kaplan_meier(share: float) -> Measure:
    return Measure(
        f"wait_km_p{100 * share:.0f}", "min", Entity.STEP, Kind.QUANTILE,
        f"Wait that {100 * share:.0f} % of all visits would not exceed if nobody left and the run went on: "
        "Kaplan–Meier, those who left or still wait as censored; infinite where the waits do not reach so far (R44).",
        lambda t: of_everyone(t.steps.wait_histogram, t.steps.lost_histogram + t.steps.open_histogram, share) / MINUTE,
    )  # fmt: skip


STEP: Final = (
    count(Entity.STEP, "offered", "visits", "Visits that joined the queue.", lambda t: t.steps.offered),
    count(Entity.STEP, "served", "visits", "Visits whose work began.", lambda t: t.steps.started),
    count(Entity.STEP, "finished", "visits", "Visits whose work ended.", lambda t: t.steps.finished),
    count(
        Entity.STEP, "abandoned", "visits", "Visits that left the queue when patience ended.",
        lambda t: t.steps.abandoned,
    ),
    count(
        Entity.STEP, "expired", "visits", "Visits that left the queue when expiry ended.", lambda t: t.steps.expired
    ),
    count(
        Entity.STEP, "pending", "visits", "Visits waiting or at work at the horizon.",
        lambda t: t.steps.offered - t.steps.finished - t.steps.abandoned - t.steps.expired,
    ),
    ratio(
        Entity.STEP, "lost_share", "", "Share of the visits that joined which left the queue.",
        lambda t: t.steps.abandoned + t.steps.expired, lambda t: t.steps.offered,
    ),
    ratio(
        Entity.STEP, "wait_mean", "min", "Mean wait from joining to the start of work, of those whose work began.",
        lambda t: t.steps.wait_sum / MINUTE, lambda t: t.steps.started,
    ),
    ratio(
        Entity.STEP, "waited_share", "", "Share of those whose work began that waited at all.",
        lambda t: t.steps.waited, lambda t: t.steps.started,
    ),
    *(_wait_quantile(share) for share in (0.5, 0.9, 0.95)),
    *(_kaplan_meier(share) for share in (0.5, 0.9)),
    ratio(
        Entity.STEP, "handling_mean", "min", "Mean time from start to end of work, pauses of suspended work included.",
        lambda t: t.steps.service_sum / MINUTE, lambda t: t.steps.finished,
    ),
    ratio(
        Entity.STEP, "visit_mean", "min", "Mean time from joining to the end of work, of those whose work ended.",
        lambda t: t.steps.sojourn_sum / MINUTE, lambda t: t.steps.finished,
    ),
    count(Entity.STEP, "backlog", "visits", "Visits waiting at the horizon.", lambda t: t.left_waiting.count[..., 0]),
    count(
        Entity.STEP, "backlog_work", "h", "Drawn work, at pace 1, of the visits waiting at the horizon.",
        lambda t: t.left_waiting.work[..., 0] / HOUR,
    ),
    ratio(
        Entity.STEP, "backlog_age", "h", "Mean time since joining of the visits waiting at the horizon.",
        lambda t: t.left_waiting.age[..., 0] / HOUR, lambda t: t.left_waiting.count[..., 0],
    ),
    count(
        Entity.STEP, "backlog_mean", "visits", "Visits waiting, averaged over time from the warm-up to the horizon.",
        lambda t: t.mean_waiting,
    ),
    count(
        Entity.STEP, "backlog_work_mean", "h",
        "Drawn work of the visits waiting, averaged over the ends of the reporting intervals after the warm-up.",
        lambda t: t.backlogs.work.mean(axis=-1) / HOUR,
    ),
    ratio(
        Entity.STEP, "backlog_age_mean", "h",
        "Mean time since joining of the visits waiting at the ends of the reporting intervals after the warm-up.",
        lambda t: t.backlogs.age.sum(axis=-1) / HOUR, lambda t: t.backlogs.count.sum(axis=-1),
    ),
)  # fmt: skip


def _yield_by_tenure(band: int) -> Measure:
    begins, ends = (0, *BANDS)[band], (*BANDS, 0)[band]
    name = f"{begins}_to_{ends}_months" if ends else f"after_{begins}_months"
    who = f"longer than {begins} and up to {ends} months" if begins and ends else f"up to {ends} months"
    return ratio(
        Entity.REVIEW_OF_CAREERS, f"first_pass_yield_{name}", "",
        "Share of the first reviews of an item that passed it, of work whose author had been there "
        f"{who if ends else f'longer than {begins} months, or for nobody knows how long'} (R112).",
        lambda t: t.steps.first_passed_by_tenure[..., band], lambda t: t.steps.first_reviews_by_tenure[..., band],
    )  # fmt: skip


REVIEW: Final = (
    count(
        Entity.REVIEW, "reviews", "visits", "Reviews that decided.", lambda t: t.steps.passed + t.steps.rejected
    ),
    count(Entity.REVIEW, "rejected", "visits", "Reviews that rejected.", lambda t: t.steps.rejected),
    ratio(
        Entity.REVIEW, "rejected_share", "", "Share of the reviews that rejected.",
        lambda t: t.steps.rejected, lambda t: t.steps.passed + t.steps.rejected,
    ),
    ratio(
        Entity.REVIEW, "first_pass_yield", "", "Share of the first reviews of an item that passed it.",
        lambda t: t.steps.first_passed, lambda t: t.steps.first_reviews,
    ),
    ratio(
        Entity.REVIEW, "rounds", "", "Reviews per reviewed item.",
        lambda t: t.steps.passed + t.steps.rejected, lambda t: t.steps.first_reviews,
    ),
)  # fmt: skip

REVIEW_OF_CAREERS: Final = tuple(_yield_by_tenure(band) for band in range(len(BANDS) + 1))
