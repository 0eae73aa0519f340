"""Oracle: what it means that every value has an address of its own (R19)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from simsocial.draw.randomness import Dice, Kind, Lineage, Uniforms

Floats = npt.NDArray[np.float64]


def source(seed: int = 1, replication: int = 0, entity: str = "mentions", kind: Kind = Kind.WORK) -> Uniforms:
    return Dice(seed, replication)(entity, kind)


def lineage(weeks: int, branches: int, indexes: int) -> Lineage:
    week, branch, index = np.meshgrid(np.arange(weeks), np.arange(branches), np.arange(indexes), indexing="ij")
    return Lineage(week.ravel(), branch.ravel(), index.ravel())


def test_kinds_are_numbered_for_ever() -> None:
    assert {kind.name: int(kind) for kind in Kind} == {
        "ARRIVAL": 1,
        "DAY_FACTOR": 2,
        "REPLAY_COPY": 3,
        "REPLAY_PLACE": 4,
        "ACTIONABLE": 5,
        "TRIAGE": 6,
        "PATIENCE": 7,
        "NEED": 8,
        "WORK": 9,
        "REJECT": 10,
        "REWORK": 11,
        "AUTHOR_DELAY": 12,
        "PART": 13,
        "BURST_SIZE": 20,
        "FOLLOWERS": 21,
        "FOLLOWER_DELAY": 22,
        "ABSENCE": 30,
        "LEAVING": 40,
        "FILTERED": 60,
        "AUTOMATED": 61,
        "CONTAINED": 62,
        "OUTAGE": 65,
        "OUTAGE_LENGTH": 66,
    }


def test_values_of_an_address_stay_what_they_are() -> None:
    """Written down once: a change here changes every number that anyone ever published with a seed."""
    drawn = Dice(2025, 7)("mentions.respond", Kind.WORK).vector(3, week=4, branch=1, visit=2)
    assert drawn.tolist() == [0.7016320853749924, 0.7018251625539247, 0.31753779044617203]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 1000])
def test_a_value_is_the_same_however_many_are_asked_for(count: int) -> None:
    assert np.array_equal(source().vector(count, week=3), source().vector(2000, week=3)[:count])


def test_a_value_is_the_same_whatever_was_asked_before() -> None:
    used = source()
    for week in (5, 0, 3):
        used.vector(7, week=week, branch=2)
    assert np.array_equal(used.vector(10, week=3), source().vector(10, week=3))


def test_a_value_is_the_same_whatever_else_the_dice_were_asked() -> None:
    dice = Dice(1, 0)
    patience = dice("mentions", Kind.PATIENCE)
    patience.vector(7, week=3)
    work = dice("mentions", Kind.WORK)
    for _ in range(2):
        assert np.array_equal(work.vector(5, week=3), source().vector(5, week=3))
        assert np.array_equal(patience.vector(6, week=3), source(kind=Kind.PATIENCE).vector(6, week=3))


def test_a_message_has_its_value_in_any_company() -> None:
    family = lineage(4, 3, 50)
    drawn = source().of(family, visit=2)
    some = np.random.default_rng(1).permutation(len(family))[:99]
    assert np.array_equal(source().of(family.take(some), visit=2), drawn[some])
    assert np.array_equal(drawn[family.week == 2][50:100], source().vector(50, week=2, branch=1, visit=2))
    assert len(source().of(family.take(np.zeros(len(family), dtype=bool)))) == 0


def test_things_are_numbered_inside_their_week() -> None:
    numbered = Lineage.numbered(np.array([0, 0, 2, 2, 2, 5]))
    assert numbered.index.tolist() == [0, 1, 0, 1, 2, 0]
    assert numbered.branch.tolist() == [0] * 6


def overlaps(vectors: list[Floats]) -> int:
    """How many values occur more than once; 53-bit uniforms that are independent hardly ever do."""
    values = np.concatenate(vectors)
    return len(values) - len(np.unique(values))


def test_no_two_addresses_share_values() -> None:
    sources = [
        source(seed, replication, entity, kind)
        for seed in (0, 1, 2**32, 1 + 5 * 2**32, 2**70)
        for replication in (0, 1, 5)
        for entity in ("", "mentions", "dms", "mentions.respond")
        for kind in Kind
    ]
    addresses = [(week, branch, visit) for week in (0, 1, 2) for branch in (0, 1, 2) for visit in (1, 2)]
    vectors = [
        each.vector(20, week=week, branch=branch, visit=visit) for each in sources for week, branch, visit in addresses
    ]
    assert overlaps(vectors) == 0
    again = sources[17].vector(20, week=1, branch=2, visit=1)
    assert overlaps([*vectors, again[5:]]) == 15


def test_a_replication_fits_in_its_word() -> None:
    with pytest.raises(AssertionError):
        source(replication=2**32)


def distance(u: Floats) -> float:
    """Kolmogorov's √n D against the uniform law; above 2.4 once in 50 000 times."""
    return math.sqrt(len(u)) * float(stats.kstest(u, "uniform").statistic)


def first_values() -> Floats:
    """The first value of many addresses, where poor keys would show."""
    return np.array(
        [
            source(seed, replication, entity).vector(1, week=week)[0]
            for seed in range(5)
            for replication in range(20)
            for entity in ("a", "b", "c")
            for week in range(20)
        ]
    )


def within_an_address() -> Floats:
    return source().vector(20_000, week=0)


def over_weeks_and_branches() -> Floats:
    return source().of(lineage(200, 5, 20))


@pytest.mark.parametrize("draw", [first_values, within_an_address, over_weeks_and_branches])
def test_values_are_uniform(draw: Callable[[], Floats]) -> None:
    u = draw()
    assert distance(u) < 2.4
    assert distance(u**1.12) > 2.4  # the check can fail
    pairs = u[: len(u) // 2 * 2].reshape(-1, 2) - 0.5
    z = 12 * pairs.prod(axis=1).mean() * math.sqrt(len(pairs))
    assert abs(z) < 4.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (source(seed=1), source(seed=2)),
        (source(replication=0), source(replication=1)),
        (source(entity="a"), source(entity="b")),
        (source(kind=Kind.WORK), source(kind=Kind.PATIENCE)),
    ],
)
def test_neighbouring_addresses_are_uncorrelated(one: Uniforms, other: Uniforms) -> None:
    assert abs(np.arctanh(np.corrcoef(one.vector(20_000, week=0), other.vector(20_000, week=0))[0, 1])) < 4.5 / 141
    assert abs(np.corrcoef(one.vector(20_000, week=0), one.vector(20_000, week=1))[0, 1]) < 4.5 / 141
