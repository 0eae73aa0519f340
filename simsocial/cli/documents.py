"""``simsocial schema`` and ``simsocial dictionary``: what may be written, and what is written."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema of a config, for editors."""
    import simsocial

    typer.echo(simsocial.schema_text(), nl=False)


def dictionary() -> None:
    """Print what every measure and column of a run means."""
    import simsocial

    typer.echo(simsocial.dictionary(), nl=False)
