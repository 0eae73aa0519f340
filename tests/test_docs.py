"""Pages that are generated are those in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from builders import poisson, single_stage_scenario

from simsocial.draw.randomness import REPLICATION_LIMIT
from simsocial.measure import warmup
from simsocial.measure.behind.stays import Stay
from simsocial.measure.columns import FILES
from simsocial.measure.dictionary import dictionary
from simsocial.model import memory
from simsocial.model.laws import Exponential
from simsocial.report.words import percent
from simsocial.simulation.replication import run_replication
from simsocial.units import DAY, HOUR, format_size

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RULE = re.compile(r"(?<![A-Za-z0-9_])R(\d+)(?:–R?(\d+))?(?![A-Za-z0-9_])")
"""A citation of a rule, or of a row of rules."""


def rules() -> set[int]:
    """The rules that there are."""
    return {
        int(number) for number in re.findall(r"^- \*\*R(\d+) ", (DOCS / "model.md").read_text("utf-8"), re.MULTILINE)
    }


def cited_in(text: str) -> set[int]:
    """The rules that a text names; of a row of them, the first and the last."""
    return {int(number) for ends in RULE.findall(text) for number in ends if number}


def citing(*folders: str) -> dict[str, set[int]]:
    """What every file in these folders cites, by its path."""
    files = [
        file for folder in folders for suffix in ("py", "md", "toml") for file in (ROOT / folder).rglob(f"*.{suffix}")
    ]
    return {str(file.relative_to(ROOT)): cited_in(file.read_text("utf-8")) for file in sorted(files)}


def test_the_data_dictionary_is_the_one_generated_from_the_definitions() -> None:
    written = (DOCS / "measures.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run: python -m simsocial.measure.dictionary > docs/measures.md"


def test_rules_that_are_cited_exist() -> None:
    unknown = {file: cited - rules() for file, cited in citing("simsocial", "tests", "configs", "docs").items()}
    assert {file: cited for file, cited in unknown.items() if cited} == {}


def test_every_rule_is_cited_by_what_obeys_it() -> None:
    assert rules() - set().union(*citing("simsocial", "tests").values()) == set()


def rule(number: int) -> str:
    """The text of a rule on one line."""
    (text,) = re.findall(rf"^- \*\*R{number} (.*?)(?=\n- |\n\n)", (DOCS / "model.md").read_text("utf-8"), re.M | re.S)
    return " ".join(text.split())


def test_limits_are_those_of_the_rule() -> None:
    said = rule(61)
    assert f"more than {format_size(memory.MOST_BYTES)} of memory" in said
    assert f"messages expected, {memory.BYTES_PER_VISIT} bytes each; the pieces of its rate" in said
    assert f"its rate, {memory.BYTES_PER_PIECE}; a team's shifts worked, {memory.BYTES_PER_WINDOW}; the rep" in said
    assert f"intervals, {memory.BYTES_PER_CELL} for each measure" in said
    assert f"numbered below 2^{REPLICATION_LIMIT.bit_length() - 1}." in said


def test_advice_for_a_warm_up_is_that_of_the_rule() -> None:
    said = rule(9)
    assert warmup.LEAST_WEEKS == 4
    assert "fewer than four weeks" in said
    assert f"differ by more than {percent(warmup.STEADY)} of the first" in said
    assert f"number waiting by more than {percent(warmup.MATTERS)}." in said


def test_citations_are_found_in_rows_and_in_passing() -> None:
    """Negative control: a check that reads no citations would pass always."""
    assert cited_in("as by R50–R52, (R8, R9): not SR5, R7x or R_3") == {50, 52, 8, 9}


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
