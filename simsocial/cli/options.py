"""Arguments and options that several verbs share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from simsocial.errors import Fault, InputError

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="A config file (TOML).", show_default=False)]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change a value of the config; may be repeated.", show_default=False
    ),
]
FromBacklog = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Begin with the open items that a CSV file lists; as the config's key `backlog`.",
        show_default=False,
    ),
]
Log = Annotated[bool, typer.Option("--log", help="Write every visit and message too.")]
Figures = Annotated[bool, typer.Option("--figures", help="Draw figures too, as PNG and SVG, in the folder's figures.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong, and the verdict.")]
Memory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="What is simulated at once may take; default: a quarter of what is free."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Processes that simulate; results do not depend on it. "
        "Default: one per core when it is expected to take more than some 10 s, else 1.",
        show_default=False,
    ),
]


def with_backlog(config: Path, changes: Sequence[str] | None, from_backlog: Path | None) -> list[str]:
    """Return the changes of a config with that of its backlog behind them (R89)."""
    if from_backlog is None:
        return list(changes or ())
    if not from_backlog.is_file():
        told = "there is no such file; name the CSV with the open items"
        raise InputError(Fault(told, f"--from-backlog {from_backlog}"))
    from simsocial.config.overrides import backlog_change

    return [*(changes or ()), backlog_change(config, from_backlog)]
