"""Onset over replications: how probably and how soon stages and teams fall behind, with intervals (R51, R52)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simsocial.measure.behind.path import Path
from simsocial.measure.behind.stages import Stage
from simsocial.measure.stats import Estimate, order_quantile, ratio, student, wilson


@dataclass(frozen=True)
class Onset:
    """When something falls behind.

    Parameters
    ----------
    behind
        Share of replications that fall behind within the horizon.
    first
        Median first onset, ticks; infinite where fewer than half fall behind (R52), and so are its limits.
    behind_for_good
        Share of replications that are behind at the horizon.
    for_good
        Median onset for good, ticks; infinite where fewer than half are behind at the horizon.
    """

    behind: Estimate
    first: Estimate
    behind_for_good: Estimate
    for_good: Estimate

    @classmethod
    def of(cls, first: Sequence[float], for_good: Sequence[float], *, confidence: float) -> Onset:
        """Estimate from each replication's first onset and onset for good, ticks, infinite when there is none."""
        return cls(
            behind=_share(np.isfinite(first), confidence),
            first=order_quantile(first, 0.5, confidence=confidence),
            behind_for_good=_share(np.isfinite(for_good), confidence),
            for_good=order_quantile(for_good, 0.5, confidence=confidence),
        )


@dataclass(frozen=True)
class StageOutlook:
    """What the replications say together about a stage.

    Parameters
    ----------
    stage
        The stage.
    onset
        When it falls behind.
    early_onset, late_onset
        The first onset that a tenth, and nine tenths, of the replications do not outlast; ticks.
    days_ahead
        Mean number of checkpoints before the first onset.
    episodes
        Mean number of stays behind.
    drain_time
        Mean length of the closed ones, in checkpoints; NaN when no replication has one.
    late_share
        Mean share of checkpoints that are late.
    struggling
        Share of replications that struggle.
    behind_by
        P(behind by d) at each checkpoint d; each interval holds for its own d, not for all together (R52).
    """

    stage: Stage
    onset: Onset
    early_onset: Estimate
    late_onset: Estimate
    days_ahead: Estimate
    episodes: Estimate
    drain_time: Estimate
    late_share: Estimate
    struggling: Estimate
    behind_by: tuple[Estimate, ...]


@dataclass(frozen=True)
class TeamOutlook:
    """What the replications say together about the teams that share a set of stages.

    Parameters
    ----------
    teams
        Names: one team, or all that serve those stages together (R51).
    stages
        Those they alone serve.
    onset
        When the first of those falls behind.
    """

    teams: tuple[str, ...]
    stages: tuple[Stage, ...]
    onset: Onset


def stage_outlook(paths: Sequence[Path], *, confidence: float = 0.95) -> StageOutlook:
    """Put together what happened to one stage, one path per replication (R43, R52)."""
    assert len({path.stage.name for path in paths}) == 1, "paths of one stage, one per replication"
    first = [path.first_onset for path in paths]
    return StageOutlook(
        stage=paths[0].stage,
        onset=Onset.of(first, [path.onset_for_good for path in paths], confidence=confidence),
        early_onset=order_quantile(first, 0.1, confidence=confidence),
        late_onset=order_quantile(first, 0.9, confidence=confidence),
        days_ahead=student([path.days_ahead for path in paths], confidence=confidence),
        episodes=student([len(path.episodes) for path in paths], confidence=confidence),
        drain_time=_drain_time(paths, confidence),
        late_share=student([path.late_share for path in paths], confidence=confidence),
        struggling=_share([path.struggling for path in paths], confidence),
        behind_by=behind_by(paths, confidence=confidence),
    )


def behind_by(paths: Sequence[Path], *, confidence: float = 0.95) -> tuple[Estimate, ...]:
    """Return P(behind by d) for each checkpoint d of a stage, with pointwise Wilson intervals (R52)."""
    onsets = np.sort([path.first_onset for path in paths])
    counts = np.searchsorted(onsets, paths[0].stage.checkpoints, side="right")
    shares = {int(count): wilson(int(count), len(paths), confidence=confidence) for count in np.unique(counts)}
    return tuple(shares[int(count)] for count in counts)


def team_outlooks(paths: Sequence[Sequence[Path]], *, confidence: float = 0.95) -> tuple[TeamOutlook, ...]:
    """Return the outlook of each team, or of the teams named together, that serves stages of its own (R51).

    Parameters
    ----------
    paths
        One sequence per stage, in the order of the stages; in it one path per replication.
    confidence
        Of the intervals.
    """
    by_team: dict[tuple[int, ...], list[Sequence[Path]]] = {}
    for of_stage in paths:
        by_team.setdefault(of_stage[0].stage.teams, []).append(of_stage)
    return tuple(_team_outlook(served, confidence) for _, served in sorted(by_team.items()))


def _team_outlook(served: Sequence[Sequence[Path]], confidence: float) -> TeamOutlook:
    stages = tuple(of_stage[0].stage for of_stage in served)
    replications = list(zip(*served, strict=True))
    return TeamOutlook(
        teams=stages[0].team_names,
        stages=stages,
        onset=Onset.of(
            [min(path.first_onset for path in together) for together in replications],
            [min(path.onset_for_good for path in together) for together in replications],
            confidence=confidence,
        ),
    )


def _drain_time(paths: Sequence[Path], confidence: float) -> Estimate:
    drains = [path.drains for path in paths]
    return ratio([sum(each) for each in drains], [len(each) for each in drains], confidence=confidence)


def _share(flags: Iterable[bool], confidence: float) -> Estimate:
    decided = [bool(flag) for flag in flags]
    return wilson(sum(decided), len(decided), confidence=confidence)
