"""Numbers called cited or measured have an entry in docs/sources.md, and its entries are used."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
FACTS = {int(number) for number in re.findall(r"^\| (\d+) \|", SOURCES, re.MULTILINE)}
SOURCED = {
    str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
    for folder in ("configs", "experiments", "simsocial")
    for suffix in ("py", "md", "toml")
    for file in sorted((ROOT / folder).rglob(f"*.{suffix}"))
}


def cited_in(text: str) -> set[int]:
    """The facts that a text names as a source or in passing."""
    return {int(number) for number in re.findall(r"\b(?:cited:|[Ff]act )(\d+)", text)}


def measured_in(text: str) -> list[str]:
    """The values that a text calls measured, as written."""
    return re.findall(r"value = ([^,}]+), source = \"measured\"", text)


def test_facts_that_are_cited_are_told() -> None:
    unknown = {file: cited_in(text) - FACTS for file, text in SOURCED.items()}
    assert {file: facts for file, facts in unknown.items() if facts} == {}


def test_facts_that_are_told_are_cited() -> None:
    assert FACTS - set().union(*map(cited_in, SOURCED.values())) == set()


def test_what_is_called_measured_is_told_and_quoted() -> None:
    found = {value.strip('"') for text in SOURCED.values() for value in measured_in(text)}
    assert found
    assert [value for value in found if f"`{value}`" not in SOURCES] == []
    assert sum(text.count('source = "measured"') for text in SOURCED.values()) == sum(
        len(measured_in(text)) for text in SOURCED.values()
    )


def test_citations_are_found() -> None:
    """Negative control: a check that reads no citations would pass always."""
    text = '{ source = "cited:7" }  # others saw 9 % (fact 9), cited:12\n{ value = "x", source = "measured" }'
    assert cited_in(text) == {7, 9, 12}
    assert measured_in(text) == ['"x"']


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", SOURCES)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
