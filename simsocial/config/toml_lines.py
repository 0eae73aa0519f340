"""On which line of a TOML text each key stands, which the standard library's parser does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Final

Path = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING: Final = r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'"
_LONG_STRING: Final = r'"""(?:[^"\\]|\\.|""?(?!"))*""""{0,2}|' + r"'''(?:[^']|''?(?!'))*''''{0,2}"
_KEY_PART: Final = re.compile(rf"[ \t]*({_STRING}|[\w-]+)[ \t]*")
_PLAIN_VALUE: Final = re.compile(rf"{_LONG_STRING}|{_STRING}|[^,\]}}#\n]+", re.DOTALL)


def key_lines(text: str) -> dict[Path, int]:
    """Return the line of every key, table and list item of a valid TOML text.

    Parameters
    ----------
    text
        TOML that `tomllib` accepts.

    Returns
    -------
    dict
        Keys from the root (list items by index) → line, counted from 1. A table is where its own header is; one without
        a header, where it is first mentioned.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return scanner.lines


class _Scanner:
    """Walks once through a text that is known to be valid, so that it need not check anything."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._items: dict[Path, int] = {}  # how often each [[header]] has come

    def document(self) -> None:
        table: Path = ()
        while self._skip_blank():
            table = self._header() if self.text[self.at] == "[" else self._pair(table)

    def _header(self) -> Path:
        line, brackets = self._line(), 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *outer, last = self._key()
        self.at += brackets
        table: Path = ()
        for part in outer:
            table = self._latest_item((*table, part))
        table = (*table, last)
        if brackets == 2:
            self._mention(table, line)
            self._items[table] = self._items.get(table, -1) + 1
        table = self._latest_item(table)
        self._mention(table, line)
        self.lines[table] = line
        return table

    def _latest_item(self, path: Path) -> Path:
        return (*path, self._items[path]) if path in self._items else path

    def _pair(self, table: Path) -> Path:
        line = self._line()
        path = (*table, *self._key())
        self._mention(path, line)
        self.at += 1  # the equals sign
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self.text[self.at]
        if opening not in "[{":
            match = _PLAIN_VALUE.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            return
        self.at += 1
        index = 0
        while self._skip_blank() and self.text[self.at] not in "]}":
            if opening == "{":
                self._pair(path)
            else:
                self._mention((*path, index), self._line())
                self._value((*path, index))
            index += 1
            self._skip_blank()
            self.at += self.text[self.at] == ","
        self.at += 1

    def _key(self) -> tuple[str, ...]:
        parts = []
        while True:
            match = _KEY_PART.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            parts.append(_unquoted(match[1]))
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _mention(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _line(self) -> int:
        return bisect_right(self._newlines, self.at) + 1

    def _skip_blank(self) -> bool:
        match = _BLANK.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return self.at < len(self.text)


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
