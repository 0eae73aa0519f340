"""Lanes engines that get one thing wrong: the engine read again from its own source, with a few words changed.

A change names words that stand in a module exactly once, so that none is lost unseen when the engine is rewritten.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

PACKAGE = "simsocial.engines.lanes"


@dataclass(frozen=True)
class WrongLanes:
    """What is changed in a module of the engine: words, and what stands instead of them."""

    module: str
    words: Mapping[str, str]

    def engine(self) -> ModuleType:
        """Return the package of the wrong engine; that of the right one stays as it is."""
        with _read_again(self):
            return importlib.import_module(PACKAGE)


def wrong(module: str, *words: str) -> WrongLanes:
    """Return what is changed: words and their replacements take turns."""
    return WrongLanes(f"{PACKAGE}.{module}", dict(zip(words[::2], words[1::2], strict=True)))


class _Changed(SourceFileLoader):
    """Reads a module with words changed, and never from or to a cache."""

    words: Mapping[str, str]

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode("utf-8")
        for old, new in self.words.items():
            assert source.count(old) == 1, f"{fullname} does not say once: {old}"
            source = source.replace(old, new)
        return compile(source, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, change: WrongLanes) -> None:
        self.change = change

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if fullname != self.change.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        loader = _Changed(fullname, spec.origin)
        loader.words = self.change.words
        spec.loader = loader
        return spec


@contextmanager
def _read_again(change: WrongLanes) -> Iterator[None]:
    """Let the package be imported anew, with a change, and then be forgotten again."""
    parent = importlib.import_module(PACKAGE.rpartition(".")[0])
    importlib.import_module(PACKAGE)
    right = {name: module for name, module in sys.modules.items() if name.startswith(PACKAGE)}
    finder = _Finder(change)
    sys.meta_path.insert(0, finder)
    for name in right:
        del sys.modules[name]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(right)
        parent.lanes = right[PACKAGE]  # type: ignore[attr-defined]
