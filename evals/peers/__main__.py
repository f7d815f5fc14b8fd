"""`python -m evals.peers`."""

from __future__ import annotations

import typer

from evals.peers.command import peers

if __name__ == "__main__":
    typer.run(peers)
