"""When does a team that answers social messages fall behind, at which stage, and what fixes it?"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simsocial.errors import Fault as Fault
from simsocial.errors import InputError as InputError
from simsocial.errors import OutputError as OutputError
from simsocial.errors import SimsocialError as SimsocialError

if TYPE_CHECKING:
    from simsocial.config.experiments.loading import load_experiment as load_experiment
    from simsocial.config.loading import load as load
    from simsocial.config.loading import parse as parse
    from simsocial.config.schema import experiment_schema_text as experiment_schema_text
    from simsocial.config.schema import schema_text as schema_text
    from simsocial.measure.dictionary import dictionary as dictionary
    from simsocial.report import figures as figures
    from simsocial.report.run_folder import write as write
    from simsocial.simulation.arrays import messages as messages
    from simsocial.simulation.arrays import roster as roster
    from simsocial.simulation.arrays import simulate as simulate
    from simsocial.simulation.comparison import compare as compare
    from simsocial.simulation.replication import run_replication as run_replication
    from simsocial.simulation.run import run as run
    from simsocial.simulation.selection import select_best as select_best
    from simsocial.simulation.several import compare_several as compare_several
    from simsocial.study.capacity_plan import capacity_plan as capacity_plan
    from simsocial.study.check import check as check
    from simsocial.study.diff import diff as diff
    from simsocial.study.duties import duties as duties
    from simsocial.study.listing import list_points as list_points
    from simsocial.study.replay import replay as replay
    from simsocial.study.resolved import resolved as resolved
    from simsocial.study.sensitivity import sensitivity as sensitivity
    from simsocial.study.solve import solve as solve
    from simsocial.study.sweep import sweep as sweep
    from simsocial.study.sweep.reading import read_sweep as read_sweep
    from simsocial.study.verify import verify as verify
    from simsocial.study.why import why as why

__version__ = "0.1.0"

_HOMES = {
    "load": "simsocial.config.loading",
    "list_points": "simsocial.study.listing",
    "load_experiment": "simsocial.config.experiments.loading",
    "parse": "simsocial.config.loading",
    "schema_text": "simsocial.config.schema",
    "experiment_schema_text": "simsocial.config.schema",
    "compare": "simsocial.simulation.comparison",
    "compare_several": "simsocial.simulation.several",
    "dictionary": "simsocial.measure.dictionary",
    "messages": "simsocial.simulation.arrays",
    "roster": "simsocial.simulation.arrays",
    "select_best": "simsocial.simulation.selection",
    "simulate": "simsocial.simulation.arrays",
    "write": "simsocial.report.run_folder",
    "run_replication": "simsocial.simulation.replication",
    "run": "simsocial.simulation.run",
    "capacity_plan": "simsocial.study.capacity_plan",
    "check": "simsocial.study.check",
    "diff": "simsocial.study.diff",
    "duties": "simsocial.study.duties",
    "read_sweep": "simsocial.study.sweep.reading",
    "replay": "simsocial.study.replay",
    "resolved": "simsocial.study.resolved",
    "sensitivity": "simsocial.study.sensitivity",
    "solve": "simsocial.study.solve",
    "sweep": "simsocial.study.sweep",
    "verify": "simsocial.study.verify",
    "why": "simsocial.study.why",
}
"""Where the public names live that are imported when they are first used, as their libraries take long to import."""

_ROOMS = {"figures": "simsocial.report.figures"}
"""The same for packages that are public as a whole."""

__all__ = [
    "Fault",
    "InputError",
    "OutputError",
    "SimsocialError",
    "capacity_plan",
    "check",
    "compare",
    "compare_several",
    "dictionary",
    "diff",
    "duties",
    "experiment_schema_text",
    "figures",
    "list_points",
    "load",
    "load_experiment",
    "messages",
    "parse",
    "read_sweep",
    "replay",
    "resolved",
    "roster",
    "run",
    "run_replication",
    "schema_text",
    "select_best",
    "sensitivity",
    "simulate",
    "solve",
    "sweep",
    "verify",
    "why",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(_ROOMS[name])
    if name not in _HOMES:
        raise AttributeError(f"module 'simsocial' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
