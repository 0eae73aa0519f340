"""Experiment files: a question, a base config, and the points at which it is asked (R115–R117)."""
