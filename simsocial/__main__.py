"""The command ``simsocial``, also as ``python -m simsocial``: heeds Ctrl-C from its first moment on."""

from __future__ import annotations

import os
import signal
from typing import NoReturn


def main() -> None:
    """Run the command line; while its libraries are still being imported, Ctrl-C ends the program at once."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # who starts it in the background has it ignored
        signal.signal(signal.SIGINT, _end_at_once)
    from simsocial.cli import main as command_line

    command_line()


def _end_at_once(number: int, _frame: object) -> NoReturn:
    """End without unwinding: no import that is under way may take the interruption for a fault of its own."""
    os.write(2, b"stopped; nothing was written\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
