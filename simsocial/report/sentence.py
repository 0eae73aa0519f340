"""Sentences that may be broken into lines anywhere but between a number and its unit, or within a short interval."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from simsocial.units import DURATIONS

UNITS = "|".join(("%", *DURATIONS, "kB", "MB", "GB"))
TOGETHER = re.compile(rf"\([\d.]+ %: (?:at (?:least|most) )?[\d–]+ %\)|\d (?:{UNITS})(?!\w)")
"""Such as ``(95 %: at least 51 %)`` or ``6 min``."""
GLUE = "\ue000"
"""Stands for a space while lines are broken, and for nothing else: rich breaks them at no-break spaces too."""

PARTS = re.compile(r"[^._]*[._]|[^._]+")
"""What stays together of a name."""


class Sentence:
    """Words, some with a style, that keep on one line what belongs together."""

    def __init__(self, *parts: str | tuple[str, str]) -> None:
        self.text = Text.assemble(*parts)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        glued = self.text.copy()
        glued.plain = TOGETHER.sub(lambda found: found[0].replace(" ", GLUE), self.text.plain)
        for line in glued.wrap(console, options.max_width):
            line.plain = line.plain.replace(GLUE, " ")
            yield line


class Name:
    """A dotted name, and lines below it; where a column is too narrow it is broken after a dot or an underscore."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max(len(part) for line in self.lines for part in PARTS.findall(line))
        return Measurement(longest, max(map(len, self.lines)))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.lines:
            yield Text("\n".join(_broken(line, options.max_width)))


def _broken(name: str, width: int) -> Iterator[str]:
    """Yield the lines of a name, as many of its parts on each as find place."""
    line = ""
    for part in PARTS.findall(name):
        if line and len(line + part) > width:
            yield line
            line = ""
        line += part
    yield line


def facts(named: Iterable[tuple[str, str]]) -> Table:
    """Return sentences in a column of their own, each after what it is about."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for about, words in named:
        table.add_row(Text(f"  {about}"), Sentence(words))
    return table
