"""``simsocial picture``: figures of a sweep or of a sensitivity study, from its tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simsocial.cli.options import Quiet
from simsocial.errors import Fault, InputError

if TYPE_CHECKING:
    from simsocial.study.sweep.reading import SweepTables


def picture(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder of a sweep, or of a sensitivity study.", show_default=False),
    ],
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="NAME",
            help="A page for each; may be repeated; default: P(behind) of every stage.",
            show_default=False,
        ),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACTOR",
            help="Of the axes: once for curves, twice for a heatmap; default: those with most values.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Draw a frontier: the measures against this one, such as desk.paid.",
            show_default=False,
        ),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A measure of a frontier of which more is better; known of promises kept.",
            show_default=False,
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="FACTOR=VALUE", help="Only points with this value; may be repeated.", show_default=False),
    ] = None,
    limit: Annotated[
        str | None, typer.Option(metavar="VALUE", help="Where to draw a line, such as 5 %.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; default: figures in the folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    quiet: Quiet = False,
) -> None:
    """Draw a heatmap, curves or a frontier of a sweep, or the tornado of a sensitivity study, as PNG and SVG."""
    from simsocial.report.figures.sweep_pages import Shown, sweep_files, tornado_files
    from simsocial.report.folder import unwritable
    from simsocial.report.new_files import write_files
    from simsocial.report.sensitivity_folder import TORNADO, read_tornado
    from simsocial.study.sweep.reading import SweepTables

    efficient: Sequence[str] = ()
    if (folder / TORNADO).exists():
        _refuse("a tornado", over=over, against=against, more=more, where=where, limit=limit)
        made = tornado_files(read_tornado(folder / TORNADO), measures=measures or ())
    else:
        chosen, sweep = _chosen(SweepTables.read(folder), where or ())
        axes = tuple(sweep.factor(name, given_by=f"--over {name}") for name in over or ())
        names = measures or sweep.usual_measures
        _refuse_unused(names, over, against, more, limit)
        shown = Shown(tuple(names), axes, against, tuple(more or ()), _limit(limit), chosen)
        made = sweep_files(sweep, shown)
        efficient = _efficient(sweep, shown.measures, against, shown.more)
    place = out or folder / "figures"
    with unwritable(place):
        place.mkdir(parents=True, exist_ok=True)
    write_files({place / name: content for name, content in made.items()}, overwrite=force)
    if not quiet:
        typer.echo("\n".join([*efficient, *(f"written to {place / name}" for name in made if name.endswith(".png"))]))


def _chosen(sweep: SweepTables, where: Sequence[str]) -> tuple[tuple[str, ...], SweepTables]:
    """Return the factors by which points are chosen, and the points with the values asked for; of several, any."""
    asked: dict[str, list[str]] = {}
    for each in where:
        factor, equals, value = each.partition("=")
        if not equals:
            raise InputError(Fault("write FACTOR=VALUE, such as teams.desk.headcount=3", f"--where {each}"))
        asked.setdefault(sweep.factor(factor.strip(), given_by=f"--where {each}"), []).append(value)
    for factor, values in asked.items():
        sweep = sweep.where(factor, *values)
    return tuple(asked), sweep


def _refuse(drawn: str, **given: object) -> None:
    """Refuse options of which what is drawn would show nothing."""
    if faults := [Fault(f"is nothing for {drawn}; leave it out", f"--{name}") for name, each in given.items() if each]:
        raise InputError(faults)


def _refuse_unused(
    measures: Sequence[str],
    over: Sequence[str] | None,
    against: str | None,
    more: Sequence[str] | None,
    limit: str | None,
) -> None:
    """Refuse options that the figures asked for would not show."""
    if against is None:
        _refuse("figures without --against", more=more)
        return
    _refuse("a frontier", over=over, limit=limit)
    if strange := [name for name in more or () if name not in (against, *measures)]:
        told = f"is not on the frontier; ask for it with --measure {strange[0]}"
        raise InputError(Fault(told, f"--more {strange[0]}"))


def _limit(written: str | None) -> float | None:
    if written is None:
        return None
    number, percent = written.strip().removesuffix("%"), written.strip().endswith("%")
    try:
        return float(number) / (100 if percent else 1)
    except ValueError:
        raise InputError(Fault(f"write a number, such as 0.05 or 5 % (got {written!r})", "--limit")) from None


def _efficient(sweep: SweepTables, measures: Sequence[str], against: str | None, more: Sequence[str]) -> list[str]:
    """Name the efficient points of every frontier."""
    from simsocial.report.figures.frontier import efficient, named

    lines: list[str] = []
    for measure in measures if against is not None else ():
        assert against is not None
        best = efficient(sweep, measures=(against, measure), more=more)
        lines += [f"efficient in {measure} against {against}:"]
        lines += [f"  {line}".replace("\n", " ") for line in named(sweep, best, most=len(best))]
    return lines
