"""Pages that are generated are those in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from builders import poisson, single_stage_scenario

from simsocial.measure.behind.stays import Stay
from simsocial.measure.columns import FILES
from simsocial.measure.dictionary import dictionary
from simsocial.model.laws import Exponential
from simsocial.simulation.replication import run_replication
from simsocial.units import DAY, HOUR

DOCS = Path(__file__).parent.parent / "docs"


def test_the_data_dictionary_is_the_one_generated_from_the_definitions() -> None:
    written = (DOCS / "measures.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run: python -m simsocial.measure.dictionary > docs/measures.md"


def test_rules_that_the_dictionary_cites_exist() -> None:
    rules = set(re.findall(r"\*\*(R\d+) ?", (DOCS / "model.md").read_text(encoding="utf-8")))
    cited = set(re.findall(r"R\d+", dictionary()))
    assert cited
    assert cited <= rules


def test_columns_of_the_logs_are_those_that_are_written() -> None:
    world = single_stage_scenario(arrivals=poisson(per_hour=1, horizon=DAY), work=Exponential(HOUR))
    trace = run_replication(world).trace
    for file, columns in (("visits.parquet", trace.visit_columns()), ("messages.parquet", trace.message_columns())):
        assert ["replication", *columns] == [column.name for column in FILES[file]]


def test_columns_of_episodes_are_those_that_are_written() -> None:
    assert ["scenario", "point", *Stay._fields] == [column.name for column in FILES["episodes.csv"]]


def test_columns_of_a_file_have_names_of_their_own() -> None:
    for columns in FILES.values():
        assert len({column.name for column in columns}) == len(columns)
        assert all(column.definition.endswith(".") for column in columns)
