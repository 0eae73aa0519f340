"""Variants of one config: the same file with other values, read once and judged where they differ (R116)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from simsocial.config.blanks import Form, kind_of
from simsocial.config.document import Document
from simsocial.config.loading import scenario_of, with_origin
from simsocial.config.locating import Locator
from simsocial.config.overrides import Path as Keys
from simsocial.config.overrides import override
from simsocial.config.reading import read_document
from simsocial.config.resolve import resolve
from simsocial.config.resolve.memory import Memory
from simsocial.config.sections import Section, as_judged, by_key, sections_of, within
from simsocial.errors import Fault, InputError
from simsocial.model.scenario import Scenario

MOST_PARTS: Final = 10_000
"""Sections with other values that are kept."""


@dataclass
class _Part:
    """A section with other values: as it is judged or, before, as it is written; ``overridden`` as by `override`."""

    section: Section
    content: Any
    overridden: frozenset[str]


@dataclass(frozen=True)
class _Judged:
    """A document of the vocabulary, and the dotted paths that do not stand in its file."""

    document: Document
    overridden: frozenset[str]


@dataclass(frozen=True)
class Variants:
    """A config of which values are changed.

    What it names is read when the first variant is asked for, and not again.

    Parameters
    ----------
    file
        The config.
    """

    file: Path

    def __reduce__(self) -> tuple[type[Variants], tuple[Path]]:
        """Let other processes read the file for themselves."""
        return Variants, (self.file,)

    def scenario(self, changes: Mapping[str, Any]) -> Scenario:
        """Return the scenario with these values in place, as :func:`simsocial.load` does.

        Parameters
        ----------
        changes
            Dotted paths → values, whole tables too; as in :func:`simsocial.load`.

        Raises
        ------
        InputError
            With every fault of this variant.
        """
        written, overridden = override(self._written, Document, changes)
        if (judged := self._judged(changes)) is None:
            return scenario_of(written, self.file.parent, self._where(overridden))
        return with_origin(self._resolved(judged), judged.document, written)

    def faults(self, changes: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Return what is wrong with these values in place, much quicker than :meth:`scenario`; nothing if all is well.

        Parameters
        ----------
        changes
            As in :meth:`scenario`, which finds the same.
        """
        try:
            if (judged := self._judged(changes)) is None:
                self.scenario(changes)
            else:
                self._resolved(judged)
        except InputError as error:
            return error.faults
        return ()

    def _resolved(self, judged: _Judged) -> Scenario:
        where = self._where(judged.overridden)
        return resolve(judged.document, base=self.file.parent, where=where, memory=self._memory)

    def _where(self, overridden: frozenset[str]) -> Locator:
        return Locator(self.file, self._read[1], overridden)

    # ---- the vocabulary ---------------------------------------------------------------------------------------------

    def _judged(self, changes: Mapping[str, Any]) -> _Judged | None:
        """Return the document with other values; ``None`` where only judging all of it can tell what is wrong."""
        sections = sections_of(tuple(changes))
        if sections is None or self._tables is None:
            return None
        try:
            parts = [self._part(section, paths, changes) for section, paths in sections.items()]
            document = Document.model_validate(self._assembled(parts))
        except (InputError, ValidationError):
            return None
        for part in parts:
            part.content = as_judged(part.content, within(document, part.section))
        return _Judged(document, frozenset[str]().union(*(part.overridden for part in parts)))

    def _assembled(self, parts: list[_Part]) -> dict[str, Any]:
        """Return a document of what was judged before, with the parts in it."""
        assembled = dict(self._tables or {})
        for part in parts:
            key, *name = part.section
            assembled[key] = {**assembled.get(key, {}), name[0]: part.content} if name else part.content
        return assembled

    def _part(self, section: Section, paths: Mapping[str, Keys], changes: Mapping[str, Any]) -> _Part:
        """Return a section with the values of those changes that touch it."""
        values = {change: changes[change] for change in paths}
        key = (section, *((change, type(value), repr(value)) for change, value in values.items()))
        if (part := self._parts.get(key)) is None:
            part = self._parts[key] = self._changed(section, paths, values)
            if len(self._parts) > MOST_PARTS:
                self._parts.popitem(last=False)
        return part

    def _changed(self, section: Section, paths: Mapping[str, Keys], values: Mapping[str, Any]) -> _Part:
        kinds = {change: kind_of(value) for change, value in values.items()}
        key = (section, *kinds.items())
        if key not in self._forms:
            self._forms[key] = Form.of(self._written, self._tables or {}, section, paths=paths, kinds=kinds)
        form = self._forms[key]
        return _Part(section, form.filled(values), form.overridden)

    # ---- what is read once ------------------------------------------------------------------------------------------

    @property
    def _written(self) -> dict[str, Any]:
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[dict[str, Any], dict[str, int]]:
        """The file's tables, and dotted path → line."""
        return read_document(self.file)

    @cached_property
    def _tables(self) -> dict[str, Any] | None:
        """The tables of the config itself by their keys, ``None`` when it is not of the vocabulary."""
        try:
            document = by_key(Document.model_validate(self._written))
        except ValidationError:
            return None
        return {key: as_judged(value, document[key]) for key, value in self._written.items()}

    @cached_property
    def _memory(self) -> Memory:
        return Memory()

    @cached_property
    def _forms(self) -> dict[Hashable, Form]:
        return {}

    @cached_property
    def _parts(self) -> OrderedDict[Hashable, _Part]:
        return OrderedDict()
