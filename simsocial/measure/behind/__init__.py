"""Falling behind: which stage, when, and how sure we are (R47–R52)."""
