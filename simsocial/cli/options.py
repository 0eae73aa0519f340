"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Argument(help="A config file (TOML).", show_default=False)]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change a value of the config; may be repeated.", show_default=False
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder to write, which must not exist yet.", show_default="runs/<name>/<time>"),
]
Log = Annotated[bool, typer.Option("--log", help="Write every visit and message too.")]
