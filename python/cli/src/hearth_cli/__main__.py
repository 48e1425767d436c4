"""`python -m hearth_cli`."""

from hearth_cli import main

main()
