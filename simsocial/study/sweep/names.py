"""What the tables of a sweep and their columns are called (R119)."""

from __future__ import annotations

from typing import Final

DESIGN: Final = "design.parquet"
RESULTS: Final = "results.parquet"
REPLICATIONS: Final = "replications.parquet"

KEY: Final = "point"
CHANGES: Final = "changes"
"""Columns of the design besides its factors: what names a point, and what it changes in the base config, as TOML."""
NAMES: Final = ("stream", "step", "team", "measure")
"""Columns that name a measure."""
ESTIMATE: Final = ("value", "low", "high")
