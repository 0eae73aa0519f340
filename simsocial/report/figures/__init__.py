"""Figures of runs and sweeps: they draw into an Axes and return it, readable without colour (`simsocial.figures`)."""

from simsocial.report.figures.adoption import adoption as adoption
from simsocial.report.figures.backlog import backlog as backlog
from simsocial.report.figures.behind import behind as behind
from simsocial.report.figures.by_hour import occupancy_by_hour as occupancy_by_hour
from simsocial.report.figures.by_hour import waits_by_hour as waits_by_hour
from simsocial.report.figures.curves import curves as curves
from simsocial.report.figures.development import development as development
from simsocial.report.figures.frontier import frontier as frontier
from simsocial.report.figures.heatmap import heatmap as heatmap
from simsocial.report.figures.kept import kept as kept
from simsocial.report.figures.pages import write_figures as write
from simsocial.report.figures.paid_time import paid_time as paid_time
from simsocial.report.figures.solved import solved as solved
from simsocial.report.figures.tornado import tornado as tornado
from simsocial.report.figures.training import training as training
from simsocial.report.figures.waits import waits as waits
from simsocial.report.figures.workload import workload as workload

__all__ = [
    "adoption",
    "backlog",
    "behind",
    "curves",
    "development",
    "frontier",
    "heatmap",
    "kept",
    "occupancy_by_hour",
    "paid_time",
    "solved",
    "tornado",
    "training",
    "waits",
    "waits_by_hour",
    "workload",
    "write",
]
