"""`maieutic eval`: registers the commands."""

from __future__ import annotations

import typer

from evals.commands.compare import compare
from evals.commands.export import export
from evals.commands.faults import faults
from evals.commands.gate import gate
from evals.commands.list import list_tasks
from evals.commands.rate import app as rate
from evals.commands.report import report
from evals.commands.run import resume, run
from evals.commands.show import show
from evals.peers.command import peers

app = typer.Typer(
    name="eval",
    help="Measure the tutor: every figure with its n and a 95 % interval.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("list")(list_tasks)
app.command("run")(run)
app.command("resume")(resume)
app.command("show")(show)
app.command("compare")(compare)
app.command("report")(report)
app.command("gate")(gate)
app.command("faults")(faults)
app.command("export")(export)
app.add_typer(rate, name="rate")
app.command("peers")(peers)


if __name__ == "__main__":
    app()
