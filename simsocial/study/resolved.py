"""A scenario written down as the config that it was understood to be."""

from __future__ import annotations

from simsocial.errors import InputError
from simsocial.model.scenario import Scenario


def resolved(scenario: Scenario) -> str:
    """Return the normalised config as TOML: shorthands expanded, defaults filled in, overrides applied.

    Raises
    ------
    InputError
        When the scenario was made in code.
    """
    import tomli_w

    if scenario.origin is None:
        raise InputError("the scenario was made in code; there is no config of it")
    return tomli_w.dumps(scenario.origin.config)
