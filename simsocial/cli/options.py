"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="A config file (TOML).", show_default=False)]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change a value of the config; may be repeated.", show_default=False
    ),
]
Log = Annotated[bool, typer.Option("--log", help="Write every visit and message too.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong, and the verdict.")]
