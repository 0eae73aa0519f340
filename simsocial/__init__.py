"""When does a team that answers social messages fall behind, at which stage, and what fixes it?"""

__version__ = "0.1.0"
