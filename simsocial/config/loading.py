"""From a config file to a scenario: read, override, judge, resolve; every fault found is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simsocial.config.document import Document
from simsocial.config.locating import Locator
from simsocial.config.mending import mended, untouched
from simsocial.config.overrides import Overrides, override
from simsocial.config.places import Place, expanded
from simsocial.config.reading import read_document
from simsocial.config.resolve import resolve
from simsocial.config.sources import sources_and_ranges, with_long_forms
from simsocial.config.wording import in_order, worded
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario


def load(path: str | Path, *, overrides: Overrides = ()) -> Scenario:
    """Read a config file into the scenario it describes.

    Parameters
    ----------
    path
        A TOML file; the files that it names are read from its folder.
    overrides
        Texts ``dotted.path=value`` as after ``--set``, or a mapping from dotted paths to values.

    Raises
    ------
    InputError
        With all faults of the file at once, each with its line and dotted path.
    """
    file = Path(path)
    written, lines = read_document(file)
    changed, overridden = override(written, Document, overrides)
    return scenario_of(changed, file.parent, Locator(file, lines, overridden))


def parse(config: Mapping[str, Any], *, base: str | Path = ".") -> Scenario:
    """Read a config given as plain tables, such as `Origin.config`, into the scenario it describes.

    Parameters
    ----------
    config
        What a TOML file would hold; dates may be texts.
    base
        Folder from which the files that it names are read.

    Raises
    ------
    InputError
        With all faults at once, each with its dotted path.
    """
    return scenario_of(config, Path(base), Locator())


def normalised(document: Document) -> dict[str, Any]:
    """Return the config as plain tables with shorthands expanded and defaults filled in, in the user's units."""
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def scenario_of(written: Mapping[str, Any], base: Path, where: Locator) -> Scenario:
    """Return the scenario that a document describes, or raise `InputError` with all faults at once.

    Parameters
    ----------
    written
        What a TOML file holds.
    base
        Folder from which the files that it names are read.
    where
        Knows file and lines, for faults.
    """
    try:
        document = Document.model_validate(written)
    except ValidationError as error:
        faults = worded(error, Document, written, where)
        raise InputError(in_order([*faults, *_faults_elsewhere(written, base, where)])) from None
    return with_origin(resolve(document, base=base, where=where), document, written)


def with_origin(scenario: Scenario, document: Document, written: Mapping[str, Any]) -> Scenario:
    """Return a scenario that knows what was written, and as which document it was understood."""
    assert scenario.origin is not None
    long = expanded(written, Place.of(Document))
    sources, ranges = sources_and_ranges(long)
    config = with_long_forms(normalised(document), long)
    return replace(scenario, origin=replace(scenario.origin, config=config, sources=sources, ranges=ranges))


def _faults_elsewhere(written: Mapping[str, Any], base: Path, where: Locator) -> list[Fault]:
    """Return what resolving would find wrong besides the faults that the vocabulary found."""
    if (stand_in := mended(written, Document)) is None:
        return []
    document, touched = stand_in
    try:
        timed = not any(f"{path}.".startswith("time.") for path in touched)
        resolve(document, base=base, where=where, timed=timed)
    except InputError as error:
        return untouched(error.faults, touched)
    return []
