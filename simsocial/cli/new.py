"""``simsocial new``: a commented config to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.options import Quiet


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The config to write.", show_default=False)],
    like: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which bundled config to copy; default: the quickstart.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented config to start from."""
    from simsocial.report.new_files import write_files
    from simsocial.study.bundled import STARTER, bundled

    source = bundled(like or STARTER)
    others = {file.parent / name: content for name, content in source.files.items()}
    write_files({file: source.text.encode(), **others}, overwrite=force)
    if not quiet:
        written, config = " and ".join(map(str, (file, *others))), shlex.quote(str(file))
        typer.echo(f"written to {written}: a copy of {source.name}, to be changed into your desk")
        typer.echo(f"next: simsocial check {config} (load and capacity), simsocial run {config} (the verdict)")
