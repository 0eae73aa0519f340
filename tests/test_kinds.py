"""Every verb that reads a folder says which kind it was given instead of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simsocial.cli import app

PROVENANCES = {
    "sweep": (
        {"sweep": {}, "finished": "then"},
        "is the folder of a sweep, not of a run; make a run of one of its points",
    ),
    "unended sweep": ({"sweep": {}}, "is the folder of a sweep that has not ended; go on with it"),
    "solve": ({"config": {}, "until": "a <= 1"}, "is the folder of what simsocial solve found, not of a run"),
    "sensitivity": ({"config": {}, "study": "sensitivity"}, "is the folder of a sensitivity study, not of a run"),
}


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert (done.exit_code, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize("kind", PROVENANCES)
@pytest.mark.parametrize("verb", ["why", "replay", "diff", "compare"])
def test_what_wants_a_run_says_what_it_was_given(tmp_path: Path, kind: str, verb: str) -> None:
    provenance, message = PROVENANCES[kind]
    (tmp_path / "provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    assert f"{tmp_path}: {message}" in told(verb, *[str(tmp_path)] * (2 if verb == "diff" else 1))


@pytest.mark.parametrize(
    ("provenance", "message"),
    [
        ({"config": {}, "engine": "numpy"}, "is the folder of a run, not of a sweep; simsocial why, diff, compare"),
        ({"config": {}, "until": ""}, "is the folder of what simsocial solve found, not of a sweep"),
        ({"sweep": {}}, "is the folder of a sweep that has not ended; go on with it: simsocial sweep"),
    ],
)
def test_what_wants_a_sweep_says_what_it_was_given(tmp_path: Path, provenance: object, message: str) -> None:
    (tmp_path / "provenance.json").write_text(json.dumps(provenance), encoding="utf-8")
    assert message in told("picture", str(tmp_path))
