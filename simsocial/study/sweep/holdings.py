"""What a sweep has already: which replications of which points are in which chunk (R119)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from simsocial.study.sweep.chunks import SUFFIX, Chunk, Part, UnusableChunkError, read_chunk

AT_HAND: Final = 8
"""Chunks that are kept in memory while tables are put together."""
UNUSABLE: Final = ".unusable"
"""Behind the name of a file that is set aside."""

Tell = Callable[[str], None]
"""Called with a sentence that somebody should read."""


class Stored(NamedTuple):
    """Replications of a point in a chunk: numbers of file and row, and which they are."""

    file: int
    place: int
    first: int
    behind: int


class Holdings:
    """The chunks of a folder.

    Parameters
    ----------
    sweep
        Digest of what is swept.

    Attributes
    ----------
    files
        That the points have read: name as written → SHA-256 of each that was found under it.
    next_number
        Of the next chunk.
    """

    def __init__(self, sweep: str) -> None:
        self._sweep = sweep
        self._chunks: list[Path] = []
        self._stored: dict[str, list[Stored]] = {}
        self.files: dict[str, set[str]] = {}
        self.next_number = 0
        self._read = lru_cache(maxsize=AT_HAND)(self._chunk)

    @classmethod
    def of(cls, folder: Path, sweep: str, *, tell: Tell) -> Holdings:
        """Read the chunks of a folder; one that is damaged or foreign is told, and set aside."""
        held = cls(sweep)
        for file in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                held.add(file, read_chunk(file, sweep=sweep))
            except UnusableChunkError as unusable:
                aside = file.with_name(file.name + UNUSABLE)
                file.replace(aside)
                tell(f"{file}: {unusable}; what it should hold is computed anew, and it is set aside as {aside.name}")
        return held

    def add(self, file: Path, chunk: Chunk) -> None:
        """Enter a chunk that has been written."""
        for place, part in enumerate(chunk.parts):
            stored = Stored(len(self._chunks), place, part.replications.start, part.replications.stop)
            self._stored.setdefault(part.key, []).append(stored)
        for name, found in chunk.files.items():
            self.files.setdefault(name, set()).add(found)
        self._chunks.append(file)
        number = file.name.partition("-")[0]
        self.next_number = max(self.next_number, int(number) + 1 if number.isdigit() else 0)

    def __contains__(self, key: str) -> bool:
        return key in self._stored

    def gaps(self, key: str, wanted: int) -> tuple[range, ...]:
        """Return which of the first ``wanted`` replications of a point are missing."""
        held = [range(0), *self._pieces(key, wanted), range(wanted, wanted)]
        between = (range(one.stop, other.start) for one, other in pairwise(held))
        return tuple(gap for gap in between if gap)

    def parts(self, key: str, wanted: int) -> list[Part]:
        """Return the first ``wanted`` replications of a point, or as many as there are, in their order, each once.

        Raises
        ------
        UnusableChunkError
            When a chunk is no longer what was written.
        """
        pieces = self._pieces(key, wanted)
        return [self._read(stored.file)[stored.place].only(piece) for stored, piece in self._cut(key, pieces)]

    def _pieces(self, key: str, wanted: int) -> list[range]:
        """Return the replications that are held, ascending; what two chunks hold is counted once."""
        pieces, up_to = [], 0
        for stored in sorted(self._stored.get(key, ()), key=lambda each: each.first):
            piece = range(max(stored.first, up_to), min(stored.behind, wanted))
            if piece:
                pieces.append(piece)
                up_to = piece.stop
        return pieces

    def _cut(self, key: str, pieces: list[range]) -> Iterator[tuple[Stored, range]]:
        """Yield each piece with a chunk that holds it."""
        for piece in pieces:
            holding = (each for each in self._stored[key] if each.first <= piece.start and piece.stop <= each.behind)
            yield next(holding), piece

    def _chunk(self, number: int) -> list[Part]:
        file = self._chunks[number]
        try:
            return list(read_chunk(file, sweep=self._sweep).parts)
        except UnusableChunkError as unusable:
            told = f"{file}: {unusable}, though it was when the sweep began; the next one computes it anew"
            raise UnusableChunkError(told) from None
