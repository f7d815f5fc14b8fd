"""The HTML file: one page without any other file, that works without a script and prints."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evals.commands.common import interval, number
from evals.report.view import plain, summary, view
from evals.runs import RunFolder

FOLDER = Path(__file__).parent / "templates"
OPEN = 3
"""Failures of a task that lie open, and are printed."""


def page(run: RunFolder, baseline: RunFolder | None = None) -> str:
    """The report of a run.

    Args:
        run: finished or not.
        baseline: an earlier run, for what changed since.

    Raises:
        DataError: a log is damaged, or the run has none.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["plain"] = plain
    environment.filters["coded"] = coded
    environment.globals |= {"interval": interval, "summary": summary}
    script = (FOLDER / "script.html").read_text(encoding="utf-8")
    # Only this script may run, whatever a log has managed to bring into the page.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        shown=view(run, baseline),
        style=Markup((FOLDER / "style.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=digest,
        open=OPEN,
    )


def coded(text: str) -> Markup:
    """A note, what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
