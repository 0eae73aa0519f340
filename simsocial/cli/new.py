"""``simsocial new``: a commented config to start from."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from simsocial.cli.options import Quiet
from simsocial.errors import InputError


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The config to write.", show_default=False)],
    like: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which bundled config to copy; default: the quickstart.", show_default=False),
    ] = None,
    rota: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="A rota of your own: its people and its dates take the place of the quickstart's.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented config to start from."""
    from simsocial.report.new_files import write_files

    if rota is not None and like is not None:
        raise InputError("--rota goes into the quickstart; leave --like out")
    files, told = _copied(file, like) if rota is None else _with_rota(file, rota)
    write_files(files, overwrite=force)
    if not quiet:
        config = shlex.quote(str(file))
        typer.echo(f"written to {' and '.join(map(str, files))}: {told}")
        typer.echo(f"next: simsocial check {config} (load and capacity), simsocial run {config} (the verdict)")


def _copied(file: Path, like: str | None) -> tuple[Mapping[Path, bytes], str]:
    from simsocial.study.bundled import STARTER, bundled

    source = bundled(like or STARTER)
    others = {file.parent / name: content for name, content in source.files.items()}
    return {file: source.text.encode(), **others}, f"a copy of {source.name}, to be changed into your desk"


def _with_rota(file: Path, rota: Path) -> tuple[Mapping[Path, bytes], str]:
    from simsocial.report.words import counted
    from simsocial.study.starter import with_rota

    made = with_rota(rota, beside=file)
    left = [f"{team or 'no team'} ({counted(rows, 'row')})" for team, rows in made.others.items()]
    rest = f"; not read: {', '.join(left)}" if left else ""
    told = f"the quickstart with the people of {rota} from {made.first} to {made.last} as team {made.team}{rest}; "
    return {file: made.text.encode()}, told + "change the volume, the work and the promises into yours"
