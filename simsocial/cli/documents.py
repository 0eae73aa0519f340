"""``simsocial schema`` and ``simsocial dictionary``: what may be written, and what is written."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema of a config, for completion and checks in editors."""
    import simsocial

    typer.echo(simsocial.schema_text(), nl=False)


def dictionary() -> None:
    """Print the data dictionary: every measure and every column that a run writes, with its definition."""
    import simsocial

    typer.echo(simsocial.dictionary(), nl=False)
