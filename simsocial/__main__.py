"""``python -m simsocial``."""

from simsocial.cli import main

main()
