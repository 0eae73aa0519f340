"""How to run and report (R43, R50, R85)."""

from __future__ import annotations

from simsocial.config.document import Document
from simsocial.config.resolve.spot import Spot
from simsocial.config.run import UntilPrecise
from simsocial.model.scenario import Precision, RunSettings


def resolve_run(document: Document, *, spot: Spot) -> RunSettings:
    """Resolve ``[run]``; ``spot`` is its place."""
    run, precision = document.run, None
    replications = run.replications
    if isinstance(replications, UntilPrecise):
        _check_measure(replications.of, document, spot / "replications" / "of")
        precision = Precision(replications.of, replications.precision, replications.min, replications.max)
        replications = replications.max
    return RunSettings(
        seed=run.seed,
        replications=replications,
        precision=precision,
        persistence=run.falls_behind.persistence,
        confidence=run.confidence,
        full_week=run.full_week,
    )


def _check_measure(measure: str, document: Document, spot: Spot) -> None:
    """Note a measure whose stream, team, step or promise does not exist."""
    named = [*document.streams, *document.teams]
    entity = next((name for name in named if measure.startswith(f"{name}.")), measure.partition(".")[0])
    parts = measure.removeprefix(entity).split(".")[1:]
    if not 1 <= len(parts) <= 2:
        spot.fault("write a stream or team and a measure, such as mentions.first_response.kept")
    elif entity not in document.streams and entity not in document.teams:
        spot.unknown("stream or team", entity, named)
    elif len(parts) == 2:
        stream = document.streams.get(entity)
        known = [*stream.steps, *stream.promises] if stream else []
        if parts[0] not in known:
            spot.unknown("step or promise", parts[0], known)
