"""Falling behind: which stage, when, and how sure we are (R47–R52, R54).

From a scenario to a verdict: ``stages`` finds what can fall behind; in each replication ``paths`` looks at every stage
at its checkpoints; ``stage_outlook`` and ``team_outlooks`` put the replications together, ``by_checkpoint`` for each
checkpoint by itself; ``stage_verdicts`` and ``team_verdicts`` say it in words.
"""
