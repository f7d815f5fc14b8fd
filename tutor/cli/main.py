"""Registers the commands and shows their errors as sentences with a remedy."""

from __future__ import annotations

import os
import sys

import click
import typer
from typer.exceptions import TyperException

# Before anything imports a library that would phone home or warn about it.
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# NumPy's threads spin after a product and take a core from the encoder that comes next.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from ingest import IngestError
from tutor.cases import CaseError
from tutor.cases.cli import app as case_app
from tutor.cli.ask import ask
from tutor.cli.converse import converse
from tutor.cli.documents import app as documents_app
from tutor.cli.ingest import ingest
from tutor.cli.judge import judge_app
from tutor.cli.llm import app as llm_app
from tutor.cli.ports import PortTaken
from tutor.cli.review import app as review_app
from tutor.cli.search import search
from tutor.cli.serve import serve
from tutor.cli.setup import setup
from tutor.cli.up import StartFailed, up
from tutor.cli.user import app as user_app
from tutor.dialogue import DialogueError
from tutor.errors import ServiceError
from tutor.settings import SettingsError

app = typer.Typer(
    name="maieutic",
    help="A Socratic tutor for clinical ethics: it asks, it listens, and it cites.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up)
app.command()(serve)
app.command()(setup)
app.command()(ingest)
app.command()(search)
app.command()(ask)
app.command()(converse)
app.add_typer(
    case_app, name="case", help="Begin, check, look at and compare the cases that educators write."
)
app.add_typer(
    documents_app, name="documents", help="What became of each file; delete and erase, with proof."
)
app.add_typer(
    judge_app, name="judge", help="Judge answers to a case; train the judge on labelled answers."
)
app.add_typer(llm_app, name="llm", help="What the language model has used, and its limits.")
app.add_typer(
    review_app, name="review", help="What was misjudged or unsure; educators' decisions in and out."
)
app.add_typer(user_app, name="user", help="Accounts, for MAIEUTIC_AUTH=password.")


@app.command(
    "eval",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
    add_help_option=False,
)
def evaluate(context: typer.Context) -> None:
    """Measure the tutor: run, resume, compare, report, gate and more."""
    # The harness stands on the tutor, never the other way: it is found by name, at run time.
    from importlib import import_module

    harness = import_module("evals.cli")
    code = harness.app(
        args=context.args or ["--help"], prog_name="maieutic eval", standalone_mode=False
    )
    # Without `standalone_mode` an exit code is returned, and a gate that fails would pass.
    raise typer.Exit(code or 0)


def main() -> None:
    """The entry point. Expected errors end in a sentence and exit code 1, never in a trace."""
    try:
        code = app(standalone_mode=False)
    except (typer.Abort, click.Abort):
        code = _say("Stopped.", "", 130)
    except (TyperException, click.ClickException) as error:
        # Typer has errors of its own, which are none of click's; the harness may use either.
        code = _say(
            _without_prefix(error), "`maieutic COMMAND --help` shows what fits.", error.exit_code
        )
    except CaseError as error:
        code = _say(str(error), "Run `maieutic case check --all` to see every fault.")
    except (IngestError, ServiceError) as error:
        code = _say(str(error), error.remedy)
    except (SettingsError, DialogueError) as error:
        code = _say(str(error), "")
    except BrokenPipeError:
        # The reader of our output left, as `head` does; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (PortTaken, StartFailed) as error:
        code = _say(str(error), "")
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        code = _say(
            f"The system refused: {what}{error.strerror or error}.",
            "Check that the place exists, can be written, and has room.",
        )
    sys.exit(code if isinstance(code, int) else 0)


def _without_prefix(error: TyperException | click.ClickException) -> str:
    """What we wrote ourselves stands for itself; what the parser found names the option."""
    ours = isinstance(error, typer.BadParameter | click.BadParameter) and error.param is None
    return error.message if ours else error.format_message()


def _say(message: str, remedy: str, code: int = 1) -> int:
    typer.secho(f"maieutic: {message}", err=True, fg="red")
    if remedy:
        typer.echo(remedy, err=True)
    return code
