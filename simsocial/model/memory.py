"""What a run keeps in memory, from constants measured once, and how much of it anybody may ask for (R61)."""

from __future__ import annotations

from typing import Final

BYTES_PER_VISIT: Final = 700
"""Peak of one replication: draws, engine, log and tallies; measured: 470 to 700."""
BYTES_PER_MESSAGE_TOGETHER: Final = 400
"""Of replications that are simulated at once; measured: 330 to 390 with one or two visits per message, on long runs."""
BYTES_PER_MESSAGE_DRAWN: Final = 330
"""Of those, what the message itself takes, however many lanes share it; measured: 310 to 330 with up to two visits."""
BYTES_PER_MESSAGE_OF_LANE: Final = 100
"""And what each lane takes for it; measured: 86 to 90."""
BYTES_PER_COUNTER: Final = 24
"""Tallies of a replication: a counter in a bucket of time, while measures are evaluated; measured: 20."""
MEMORY_TOGETHER: Final = 1e9
"""What those may take by default in the library; the command takes a quarter of what the machine has free."""
BYTES_PER_CELL: Final = 80
"""Tallies and series of one reporting interval and measure; measured: 72."""
BYTES_PER_PIECE: Final = 100
"""A piece of a stream's rate; measured: 64 while it is laid out."""
BYTES_PER_WINDOW: Final = 200
"""An agent's window of duty while the roster is compiled, roughly."""
BYTES_AT_REST: Final = 150_000_000
"""The program with its libraries; assumed from 50 MB measured before tables are loaded."""

MOST_BYTES: Final = 8e9
"""What no part of a config may exceed, whatever the machine; what this machine has is asked before a run."""
