"""A section with blanks for the values of changes: where they go is found once, as `override` puts them (R116)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simsocial.config.document import Document
from simsocial.config.overrides import Path as Keys
from simsocial.config.overrides import override
from simsocial.config.sections import Section, only, stitched, within

Place = tuple[str | int, ...]


class _OneValue:
    """Stands for one value: a number, a text, a date."""


class _Table(dict[str, Any]):
    """Stands for a table."""


class _List(list[Any]):
    """Stands for a list."""


def kind_of(value: object) -> type:
    """Return which blank stands for a value: `override` treats all values of a kind alike."""
    if isinstance(value, Mapping):
        return _Table
    return _List if isinstance(value, list) else _OneValue


@dataclass(frozen=True)
class Form:
    """A section as it is written, with blanks.

    Parameters
    ----------
    content
        The section; tables in it that no change touches are as they were judged.
    places
        Change → keys down to its blank.
    overridden
        As of `override`.
    """

    content: Any
    places: Mapping[str, Place]
    overridden: frozenset[str]

    @classmethod
    def of(
        cls,
        written: Mapping[str, Any],
        judged: Mapping[str, Any],
        section: Section,
        *,
        paths: Mapping[str, Keys],
        kinds: Mapping[str, type],
    ) -> Form:
        """Lay out the form of a section.

        Parameters
        ----------
        written, judged
            The document, and its tables as they were judged.
        section, paths, kinds
            Which; change → keys of its path, and which kind of value it has. No path leads into the value of another.

        Raises
        ------
        InputError
            When a change names no place of the vocabulary.
        """
        blanks = {change: kinds[change]() for change in paths}
        changed, overridden = override(only(written, section), Document, blanks)
        below = [path[len(section) :] for path in paths.values()]
        content = stitched(within(changed, section), within(judged, section), below)
        at = {id(blank): change for change, blank in blanks.items()}
        return cls(content, {at[found]: place for found, place in _places(content, ()) if found in at}, overridden)

    def filled(self, values: Mapping[str, Any]) -> Any:
        """Return the section with values in the place of blanks; it shares the rest with the form."""
        content = [self.content]
        for change, place in self.places.items():
            node: Any = content
            for key in (0, *place[:-1]) if place else ():
                node[key] = node[key].copy()
                node = node[key]
            node[place[-1] if place else 0] = values[change]
        return content[0]


def _places(node: Any, place: Place) -> Iterator[tuple[int, Place]]:
    """Yield the identity of everything written, and the keys down to it."""
    yield id(node), place
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, below in items:
        yield from _places(below, (*place, key))
