"""Measured speeds; each module says the command that repeats it."""
