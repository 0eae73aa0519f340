"""A place of the document being resolved, at which faults are noted so that all can be reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simsocial.config.locating import Locator, dotted
from simsocial.config.suggestions import did_you_mean
from simsocial.config.wording import in_order
from simsocial.errors import Fault, InputError


@dataclass(frozen=True)
class Spot:
    """Where in the document we are; ``spot / "steps" / name`` is below it and notes to the same list.

    Parameters
    ----------
    where
        Knows file and lines.
    keys
        From the document down to here.
    noted
        Every fault found so far.
    written_as
        Names that the user did not write → what stands in their place: a part's stream (R90).
    """

    where: Locator
    keys: tuple[str | int, ...] = ()
    noted: list[Fault] = field(default_factory=list)
    written_as: Mapping[str | int, str] = field(default_factory=dict)

    def __truediv__(self, key: str | int) -> Spot:
        return Spot(self.where, (*self.keys, self.written_as.get(key, key)), self.noted, self.written_as)

    @property
    def path(self) -> str:
        """Its dotted path."""
        return dotted(self.keys)

    def fault(self, message: str) -> None:
        """Note that something is wrong here; the caller goes on with something harmless."""
        self.noted.append(self.where.fault(self.path, message))

    def unknown(self, kind: str, name: str, known: list[str]) -> None:
        """Note that there is no ``kind`` of that ``name``, and which was probably meant."""
        self.fault(f"there is no {kind} '{name}'; {did_you_mean(name, known)}")

    def pass_on(self, error: InputError) -> None:
        """Note what was found wrong in another file."""
        self.note(error.faults)

    def note(self, faults: Iterable[Fault]) -> None:
        """Note faults whose place is known."""
        self.noted.extend(faults)

    def raise_noted(self) -> None:
        """Raise all noted faults, in the order of the document's lines, those of other files last."""
        if self.noted:
            own = str(self.where.file)
            raise InputError(in_order(sorted(self.noted, key=lambda fault: str(fault.file) != own)))
