"""When does a team that answers social messages fall behind, at which stage, and what fixes it?"""

from simsocial.errors import InputError as InputError
from simsocial.errors import OutputError as OutputError
from simsocial.errors import SimsocialError as SimsocialError
from simsocial.simulate.arrays import messages as messages
from simsocial.simulate.arrays import roster as roster
from simsocial.simulate.arrays import simulate as simulate

__version__ = "0.1.0"
__all__ = ["InputError", "OutputError", "SimsocialError", "messages", "roster", "simulate"]
