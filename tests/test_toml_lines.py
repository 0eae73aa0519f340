"""Lines of keys, against documents written by the test itself, which knows where it puts what."""

from __future__ import annotations

import json
import random
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsocial.config.toml_lines import Path, key_lines

BARE = st.text("abz09_-", min_size=1, max_size=3)
KEY = BARE | st.sampled_from(["a.b", "", "#", "x = [", "ü", 'q"uote', "it's", "[t]", "\\"])
TEXT = st.text("ab'\"#[]{}=,.\\\n é", max_size=12)
SCALAR = st.integers(-9, 9) | st.booleans() | TEXT | st.dates() | st.just(0.5)
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=5
)
DOCUMENT = st.dictionaries(KEY, st.recursive(VALUE, lambda t: st.dictionaries(KEY, t, max_size=3), max_leaves=6))


class Writer:
    """Writes a document in a random style and notes the line of everything it writes."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.text = ""
        self.lines: dict[Path, int] = {}

    def write(self, text: str, path: Path | None = None) -> None:
        for length in range(1, len(path or ()) + 1):
            self.lines.setdefault((path or ())[:length], self.text.count("\n") + 1)
        self.text += text

    def blank(self) -> None:
        self.text += self.dice.choice(["", "", "\n", "  # a = 1\n", "# [x]\n\n"])

    def table(self, path: Path, table: dict[str, Any]) -> None:
        later = []
        for key, value in table.items():
            style = self.dice.choice(["pair", "dotted", "header"])
            if style == "dotted" and isinstance(value, dict) and value:
                self.dotted(path, (key,), value)
            elif style == "header" and is_tables(value):
                later.append((key, value))
            else:
                self.pair(path, (key,), value)
        for key, value in later:
            self.headed((*path, key), value)

    def headed(self, path: Path, value: Any) -> None:
        name = ".".join(self.key(part) for part in path if isinstance(part, str))
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.blank()
                self.write(f"[[ {name} ]]\n", (*path, index))
                self.table((*path, index), item)
            return
        self.blank()
        self.write("", path)
        self.lines[path] = self.text.count("\n") + 1
        self.write(f"[{name}] # x\n")
        self.table(path, value)

    def dotted(self, path: Path, keys: tuple[str, ...], table: dict[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, dict) and value and self.dice.random() < 0.5:
                self.dotted(path, (*keys, key), value)
            else:
                self.pair(path, (*keys, key), value)

    def pair(self, path: Path, keys: tuple[str, ...], value: Any) -> None:
        self.blank()
        self.write(" . ".join(self.key(key) for key in keys) + " =", (*path, *keys))
        self.value((*path, *keys), value, on_one_line=False)
        self.write(self.dice.choice(["\n", " # c ]\n", "\n\n"]))

    def value(self, path: Path, value: Any, *, on_one_line: bool) -> None:
        self.write(" ")
        if isinstance(value, dict):
            self.write("{")
            for number, (key, inner) in enumerate(value.items()):
                self.write(", " if number else "")
                self.write(f"{self.key(key)} =", (*path, key))
                self.value((*path, key), inner, on_one_line=True)
            self.write("}")
        elif isinstance(value, list):
            self.write("[")
            for index, item in enumerate(value):
                self.write("" if on_one_line else self.dice.choice(["", "\n  ", "# ], '\n"]))
                self.write("", (*path, index))
                self.value((*path, index), item, on_one_line=on_one_line)
                self.write("," if index + 1 < len(value) else self.dice.choice(["", ","]))
            self.write("]")
        else:
            self.write(self.scalar(value, on_one_line=on_one_line))

    def scalar(self, value: Any, *, on_one_line: bool) -> str:
        if not isinstance(value, str):
            return str(value).lower()
        ways = [json.dumps(value, ensure_ascii=False)]
        if "'" not in value and "\n" not in value:
            ways.append(f"'{value}'")
        if not on_one_line:
            ways.append('"""' + value.replace("\\", "\\\\").replace('"', '\\"') + '"""')
            ways.append('"""\n' + value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '"""')
            if "''" not in value and not value.endswith("'"):
                ways.append(f"'''\n{value}'''")
        return self.dice.choice([way for way in ways if tomllib.loads(f"v = {way}") == {"v": value}])

    def key(self, key: str) -> str:
        bare = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
        return key if bare and self.dice.random() < 0.7 else json.dumps(key, ensure_ascii=False)


def is_tables(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def paths(value: Any, at: Path = ()) -> set[Path]:
    below = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return {(*at, key) for key, _ in below}.union(*(paths(inner, (*at, key)) for key, inner in below))


@settings(max_examples=120, deadline=None)
@given(DOCUMENT, st.integers(0, 10**6))
def test_every_key_is_found_on_its_line(document: dict[str, Any], style: int) -> None:
    writer = Writer(random.Random(style))
    writer.table((), document)
    assert tomllib.loads(writer.text) == document, "the test wrote what it meant"
    assert set(key_lines(writer.text)) == paths(document)
    assert key_lines(writer.text) == writer.lines
    assert key_lines("# one\n\n" + writer.text) == {path: line + 2 for path, line in writer.lines.items()}
    assert key_lines(writer.text.replace("\n", "\r\n")) == writer.lines


def test_a_table_is_where_its_own_header_is() -> None:
    text = "[a.b.c]\nx = 1\n\n[a]\ny.z = 2\ny.w = 3\n[a.b]\n"
    lines = {("a",): 4, ("a", "b"): 7, ("a", "b", "c"): 1, ("a", "b", "c", "x"): 2}
    assert key_lines(text) == lines | {("a", "y"): 5, ("a", "y", "z"): 5, ("a", "y", "w"): 6}


@pytest.mark.parametrize("ending", ["", "\n", " # the end"])
def test_strings_that_end_in_quotes(ending: str) -> None:
    text = 'a = """x"""""\nb = \'\'\'y\'\'\'\'\'\nc = "# \\" ="\nd = ""\ne = 2026-01-05 09:00:00' + ending
    assert key_lines(text) == {(key,): line for line, key in enumerate("abcde", start=1)}
