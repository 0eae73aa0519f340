"""The configs that come with simsocial, by name, each with the files that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from simsocial.config.loading import load
from simsocial.errors import Fault, InputError

STARTER = "quickstart"
"""What a new config is a copy of unless another is named."""


@dataclass(frozen=True)
class Bundled:
    """A config that comes with simsocial.

    Parameters
    ----------
    name
        Without ``.toml``.
    text
        Of the config, without the line that leads an editor to the schema beside it.
    files
        What it reads: name as written → content.
    """

    name: str
    text: str
    files: Mapping[str, bytes]


def names() -> tuple[str, ...]:
    """Return the names of all, sorted."""
    return tuple(sorted(PurePath(each.name).stem for each in _home().iterdir() if each.name.endswith(".toml")))


def bundled(name: str = STARTER) -> Bundled:
    """Return a config by name.

    Raises
    ------
    InputError
        When there is none of that name.
    """
    if name not in names():
        there = names()
        raise InputError(Fault(f"there is no {name!r}; there is {', '.join(there[:-1])} and {there[-1]}", path="like"))
    home = _home()
    lines = home.joinpath(f"{name}.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("#:schema"))
    return Bundled(name, text, {file: home.joinpath(file).read_bytes() for file in _read_by(name)})


def _home() -> Traversable:
    """Return the folder of the configs: inside the package when it is installed, beside it in a checkout."""
    package = files("simsocial")
    inside = package.joinpath("configs")
    return inside if inside.is_dir() else package.joinpath("..", "configs")


def _read_by(name: str) -> tuple[str, ...]:
    with as_file(_home()) as folder:
        origin = load(folder / f"{name}.toml").origin
    assert origin is not None
    return tuple(origin.files)
