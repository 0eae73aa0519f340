"""``simsocial sweep EXPERIMENT --list``: the points and what they take, with nothing run."""

from __future__ import annotations

from pathlib import Path

import typer


def print_listing(experiment: Path, *, workers: int | None, as_json: bool) -> None:
    """Judge and print the points of an experiment file; run nothing."""
    import simsocial
    from simsocial.cli.paper import paper
    from simsocial.report.as_json import json_text
    from simsocial.report.listing_report import listing_document, listing_report
    from simsocial.simulation.executors import cores

    listing = simsocial.list_points(simsocial.load_experiment(experiment), workers=workers or cores())
    if as_json:
        typer.echo(json_text(listing_document(listing)), nl=False)
    else:
        paper().print(listing_report(listing))
