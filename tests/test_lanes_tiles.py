"""How many messages are compiled together, and how many records are packed together, makes no difference."""

from __future__ import annotations

from random import Random

import pytest
from strategies import random_company
from test_lanes_against_reference import crowd, differing

from simsocial.engines.lanes import Lane, packed, tables
from simsocial.engines.lanes.drawn import Drawn


def differing_seeds() -> list[int]:
    """Return the seeds of companies in which a lane differs from what the reference engine tells."""
    return [seed for seed in range(30) if any(differing(lanes_of(seed)))]


def lanes_of(seed: int) -> list[Lane]:
    lanes = crowd(random_company(seed))
    Random(seed).shuffle(lanes)
    return lanes


def set_tiles(monkeypatch: pytest.MonkeyPatch, messages: int, records: int) -> None:
    monkeypatch.setattr(tables, "TILE", messages)
    monkeypatch.setattr(packed, "TILE", records)


@pytest.mark.parametrize(("messages", "records"), [(1, 1), (5, 3), (2**30, 2**30)])
def test_tiles_make_no_difference(monkeypatch: pytest.MonkeyPatch, messages: int, records: int) -> None:
    set_tiles(monkeypatch, messages, records)
    assert differing_seeds() == []


def test_replications_compiled_together_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tile that gives later visits of all replications the draws of the first one is found out."""
    level = Drawn._level

    def of_the_first(drawn: Drawn, *args: object) -> object:
        drawn.first_of[1:-1] = 0
        return level(drawn, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Drawn, "_level", of_the_first)
    with pytest.raises(AssertionError, match="R18"):
        differing_seeds()
