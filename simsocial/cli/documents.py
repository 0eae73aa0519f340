"""``simsocial schema`` and ``simsocial dictionary``: what may be written, and what is written."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    experiment: Annotated[bool, typer.Option("--experiment", help="That of an experiment file.")] = False,
) -> None:
    """Print the JSON Schema of a config, for editors."""
    import simsocial

    typer.echo(simsocial.experiment_schema_text() if experiment else simsocial.schema_text(), nl=False)


def dictionary() -> None:
    """Print what every measure and column of a run means."""
    import simsocial

    typer.echo(simsocial.dictionary(), nl=False)
