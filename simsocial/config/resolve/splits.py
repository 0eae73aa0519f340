"""Split streams as the streams that they are in the model: one for each part, alike but for their messages (R90)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise

from simsocial.config.document import Document
from simsocial.config.resolve.spot import Spot
from simsocial.model.streams import Part


def split_streams(document: Document) -> dict[str, Part]:
    """Return the parts of all split streams by their names, ``<stream>.<part>``."""
    parts: dict[str, Part] = {}
    for name, stream in document.streams.items():
        shares = stream.split or {}
        bounds = [*accumulate(shares.values(), initial=0.0)][:-1]
        for part, (low, high) in zip(shares, pairwise([*bounds, 1.0]), strict=True):
            parts[f"{name}.{part}"] = Part(name, low, high)
    return parts


def check_shares(document: Document, spot: Spot) -> frozenset[str]:
    """Return the streams the shares of whose split are not one whole, and note it; ``spot`` is that of the streams."""
    wrong: set[str] = set()
    for name, stream in document.streams.items():
        total = 1.0 if stream.split is None else sum(stream.split.values())
        if abs(total - 1) > 1e-9:
            (spot / name / "split").fault(f"the shares add up to {total:g}; they must add up to 1")
            wrong.add(name)
    return frozenset(wrong)


def with_parts(document: Document, parts: Mapping[str, Part]) -> Document:
    """Return the document with a stream for each part in the place of the split ones."""
    streams = {
        name: stream
        for written, stream in document.streams.items()
        for name in ([part for part, its in parts.items() if its.of == written] or [written])
    }
    return document.model_copy(update={"streams": streams})
