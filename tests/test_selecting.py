"""Selection of the best by how often it is right in simulation, and by the paper's own words; negative controls too."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from made_up_runs import MEASURES, made_up

import simsocial as ss
from simsocial.measure.definitions import Kind
from simsocial.measure.selecting import FIRST_STAGE, Question, betting, kim_nelson
from simsocial.measure.selecting.betting import _won
from simsocial.measure.selecting.kim_nelson import spread
from simsocial.simulation.selection import Selection, rounds

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator], Floats]

CONFIDENCE = 0.8
"""Low, so that what is wrong shows in few races."""


def right_z(right: float, races: int, *, least: float = CONFIDENCE) -> float:
    """Return by how many standard errors races were right more often than they had to be."""
    return (right - least) / math.sqrt(least * (1 - least) / races)


def raced(kind: Kind, draw: Draw, truth: Floats, indifference: float, races: int) -> tuple[float, list[Selection]]:
    """Return the share of decided races that selected one less than the indifference above the smallest."""
    random = np.random.default_rng(31)
    found = [
        ss.select_best(
            made_up(kind, draw(random)),
            MEASURES[kind].name,
            indifference=indifference,
            confidence=CONFIDENCE,
            most=4000,
        )
        for _ in range(races)
    ]
    assert all(each.decided for each in found), "long enough"
    good = [truth[int(each.leader)] < truth.min() + indifference - 1e-12 for each in found]
    return float(np.mean(good)), found


def common(random: np.random.Generator, n: int, k: int, part: float) -> Floats:
    """Return normal values of variance 1 of which a part is common to all alternatives."""
    return np.sqrt(part) * random.normal(size=(n, 1)) + np.sqrt(1 - part) * random.normal(size=(n, k))


# ---- Kim & Nelson ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [0.05, 0.0125, 0.1])
def test_the_spread_solves_the_equation_of_the_paper(error: float) -> None:
    """½ (1 + 2η)^(−(n₀ − 1)/2) = α/(k − 1), h² = 2 η (n₀ − 1), with c = 1."""
    for first in (5, 10, FIRST_STAGE):
        eta = spread(error, first) / (2 * (first - 1))
        assert 0.5 * (1 + 2 * eta) ** (-(first - 1) / 2) == pytest.approx(error)


def by_the_paper(values: Floats, question: Question) -> tuple[list[bool], bool]:
    """Kim & Nelson's screening after n replications, pair by pair as it is printed: who is kept, whether it ends."""
    n, k = values.shape
    error = (1 - question.confidence) / (question.alternatives - 1)
    eta = 0.5 * ((2 * error) ** (-2 / (FIRST_STAGE - 1)) - 1)
    h2, delta, first = 2 * eta * (FIRST_STAGE - 1), question.indifference, values[:FIRST_STAGE]
    kept, longest = [], 0
    for i in range(k):
        stays = True
        for other in range(k):
            if other == i:
                continue
            difference = first[:, i] - first[:, other]
            variance = sum((d - difference.mean()) ** 2 for d in difference) / (FIRST_STAGE - 1)
            longest = max(longest, math.floor(h2 * variance / delta**2))
            width = max(0.0, delta / 2 * (h2 * variance / delta**2 - n) / n)
            stays = stays and values[:, i].mean() >= values[:, other].mean() - width
        kept.append(stays)
    return kept, sum(kept) == 1 or n >= longest + 1


def test_screening_is_that_of_the_paper() -> None:
    random = np.random.default_rng(4)
    seen = set()
    for n in (20, 40, 80, 200) * 12:
        values = common(random, n, 4, 0.5) + np.array([0.3, 0.2, 0, 0])
        question = Question(4, 0.3, 0.9)
        kept, ends = by_the_paper(values, question)
        standing = kim_nelson(values, np.ones_like(values), question)
        assert standing.kept.tolist() == kept
        assert (standing.best is not None) == ends
        if standing.best is not None:
            assert standing.best == values.mean(axis=0).argmax()
        seen.add((sum(kept), ends))
    assert {many for many, _ in seen} == {1, 2, 3, 4}, "all that can happen did"


GAP = 0.2


def slippage(k: int, part: float, *, most: int = 1600) -> tuple[Draw, Floats]:
    """Return draws of normal values of which the first is better (smaller) than all others by just ``GAP``."""
    truth = np.full(k, GAP)
    truth[0] = 0.0
    return lambda random: common(random, most, k, part) + truth, truth


@pytest.mark.parametrize(("k", "part"), [(2, 0.0), (5, 0.0), (5, 0.6)])
def test_kim_nelson_selects_the_best_as_often_as_it_says(k: int, part: float) -> None:
    draw, truth = slippage(k, part)
    right, _ = raced(Kind.MEAN, draw, truth, GAP, 300)
    assert right_z(right, 300) > -4.5


def test_a_spread_too_small_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, truth = slippage(5, 0.0)
    monkeypatch.setitem(kim_nelson.__globals__, "spread", lambda error: 0.1)
    right, _ = raced(Kind.MEAN, draw, truth, GAP, 300)
    assert right_z(right, 300) < -4.5


def test_ratios_are_raced_as_ratios_of_means() -> None:
    """Messages and their waits: the mean of the replications' ratios would be another measure, with another best."""
    random = np.random.default_rng(8)
    messages = random.poisson(50, (1, 1)) + random.poisson(30, (600, 3)).astype(float)
    waits = messages * np.array([2.0, 2.4, 2.4]) + random.normal(0, 20, (600, 3))
    runs = made_up(Kind.RATIO, waits, messages)
    found = ss.select_best(runs, "a.b.wait_mean", indifference=0.2)
    assert found.best == "0"
    for fate in found.fates:
        n, place = fate.replications, int(fate.name)
        assert fate.value == pytest.approx(waits[:n, place].sum() / messages[:n, place].sum())


def test_common_draws_save_replications() -> None:
    apart, together = (
        sum(fate.replications for each in raced(Kind.MEAN, *slippage(5, part), GAP, 50)[1] for fate in each.fates)
        for part in (0.0, 0.8)
    )
    assert together < apart / 2


# ---- shares ----------------------------------------------------------------------------------------------------------


def happening(shares: list[float], part: float, *, most: int = 3000) -> tuple[Draw, Floats]:
    """Return draws of what happens or not, in a ``part`` of the replications by the same uniform in all."""
    truth = np.array(shares)

    def draw(random: np.random.Generator) -> Floats:
        alone, shared = random.random((most, len(shares))), random.random((most, 1))
        return np.where(random.random((most, 1)) < part, shared, alone) < truth

    return draw, truth


@pytest.mark.parametrize(
    ("shares", "part"), [([0.3, 0.4, 0.4], 0.0), ([0.3, 0.4, 0.4], 0.8), ([0.0, 0.1], 0.0), ([0.9, 1.0, 1.0], 1.0)]
)
def test_the_race_of_shares_is_right_as_often_as_it_says(shares: list[float], part: float) -> None:
    right, _ = raced(Kind.SHARE, *happening(shares, part), 0.1, 150)
    assert right_z(right, 150) > -4.5


def test_bets_too_easily_won_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, truth = happening([0.4, 0.5, 0.5, 0.5, 0.5], 0.0)
    assert right_z(raced(Kind.SHARE, draw, truth, 0.1, 150)[0], 150) > -4.5
    monkeypatch.setitem(betting.__globals__, "_won", lambda gains, least, error: _won(gains, least, 0.9))
    assert right_z(raced(Kind.SHARE, draw, truth, 0.1, 150)[0], 150) < -4.5


def test_what_is_nearly_as_good_may_be_selected_but_nothing_worse() -> None:
    """Steps of less than the indifference: the last is worse than the first by more, and no chain of steps hides it."""
    right, found = raced(Kind.SHARE, *happening([0.2, 0.26, 0.32, 0.38], 0.5), 0.1, 150)
    assert right_z(right, 150) > -4.5
    assert len({each.leader for each in found}) > 1


def test_normal_values_would_be_the_wrong_law_for_what_is_rare() -> None:
    """Negative control: twenty replications in which nothing happened have no variance, and Kim & Nelson would stop."""
    draw, truth = happening([0.051, 0.0], 0.0, most=1000)
    right, _ = raced(Kind.SHARE, draw, truth, 0.05, 400)
    assert right_z(right, 400) > -4.5
    wrong, _ = raced(Kind.MEAN, draw, truth, 0.05, 400)
    assert right_z(wrong, 400) < -4.5


# ---- rounds ----------------------------------------------------------------------------------------------------------


def test_rounds_grow_and_end_at_the_cap() -> None:
    assert list(rounds(20)) == [20]
    assert list(rounds(110)) == [20, 40, 60, 80, 100, 110]
    assert list(rounds(210)) == [20, 40, 60, 80, 100, 125, 156, 195, 210]
