"""A config that runs in a moment: two stages, one of which falls behind within its three weeks."""

from __future__ import annotations

from pathlib import Path

TINY = """\
name = "Tiny desk"
source = "assumed"

[time]
start = 2026-01-05
horizon = "3 weeks"

[calendars.office]
hours = "Mon-Fri 09:00-17:00"

[streams.mentions]
route = ["respond", "review"]
arrivals.rate = "8 / day"

[streams.mentions.promises.first_response]
within = "4 h"
share = 0.80
clock = "office"

[streams.mentions.steps.respond]
work = { law = "lognormal", mean = "60 min", cv = 1.0 }

[streams.mentions.steps.review]
when = "after publication"
share = 0.20
work = "2 min"
reject = 0.10
returns_to = "respond"

[teams.desk]
headcount = 1
serves = ["mentions.respond"]
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }

[teams.principals]
headcount = 1
serves = ["mentions.review"]
shifts.day = { days = "Mon-Fri", hours = "09:00-17:00" }

[run]
replications = 4
seed = 7
falls_behind = { persistence = 3 }
"""

COUNTS = "time,count\n2026-01-05 00:00,40\n2026-01-12 00:00,60\n2026-01-19 00:00,80\n"


def tiny(folder: Path) -> Path:
    """Write the config into ``folder`` as ``tiny.toml``."""
    file = folder / "tiny.toml"
    file.write_text(TINY, encoding="utf-8")
    return file


def tiny_replaying_counts(folder: Path) -> Path:
    """Write the config with arrivals from ``counts.csv``, which is written beside it."""
    (folder / "counts.csv").write_text(COUNTS, encoding="utf-8")
    file = folder / "tiny.toml"
    replay = 'arrivals = { replay = { file = "counts.csv", time = "time", value = "count" } }'
    file.write_text(TINY.replace('arrivals.rate = "8 / day"', replay), encoding="utf-8")
    return file
