"""Standard output that may be full, or closed by who reads it: one message instead of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from simsocial.errors import SimsocialError


class Unprintable(SimsocialError):
    """What was found cannot be printed."""


class StandardOutput:
    """A text stream whose faults are :class:`Unprintable`.

    Parameters
    ----------
    stream
        What it writes to; ``None`` when the program was started with standard output closed.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if text == "":  # libraries try out with it whether a stream takes text, and ignore what goes wrong
            return 0
        if self._stream is None:
            raise Unprintable("standard output: cannot be written: it is closed")
        with self._faults_told():
            return self._stream.write(text)

    def flush(self) -> None:
        if self._stream is not None:
            with self._faults_told():
                self._stream.flush()

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            assert self._stream is not None
            _write_nowhere(self._stream)
            raise Unprintable(f"standard output: cannot be written: {(error.strerror or str(error)).lower()}") from None


@contextmanager
def telling_instead(words: str) -> Iterator[None]:
    """Add ``words`` to the message when the block cannot print: what was done nevertheless."""
    try:
        yield
    except Unprintable as error:
        raise Unprintable(f"{error}; {words}") from None


def guard_standard_output() -> None:
    """Let everything that is printed from here on end in words where it cannot be."""
    sys.stdout = cast(TextIO, StandardOutput(sys.stdout))  # as much of a text stream as anyone asks for


def _write_nowhere(stream: TextIO) -> None:
    """Send what is left in the stream's buffer nowhere, so that Python's own flush at the end does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
