"""`python -m tutor.cli`: the command, for processes that start one another."""

from tutor.cli.main import main

main()
