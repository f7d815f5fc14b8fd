"""The HTML file: one page without any other file, that is read without a script and prints.

Figures, charts and the list of failures are plain HTML. The log lines are packed; the script
unpacks those that somebody asks for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evals.commands.common import number
from evals.report.packed import Packed, pack
from evals.report.view import TaskView, plain, summary, view
from evals.report.words import Words
from evals.runs import RunFolder
from ingest import Language

FOLDER = Path(__file__).parent / "templates"
OPEN = 3
"""Failures of a task that lie open, and are printed."""


def page(run: RunFolder, baseline: RunFolder | None = None, language: Language = "en") -> str:
    """The report of a run.

    Args:
        run: finished or not.
        baseline: an earlier run, for what changed since.
        language: of the report; what is named in the log stays as it is.

    Raises:
        DataError: the run has no log, or none that can be read, or there is a baseline and none of
            its tasks can be compared.
    """
    t = Words(language)
    environment = _environment(t)
    # The macros, for records are rendered one by one before the page is.
    body: Any = environment.get_template("record.html").module

    def packed(task: TaskView) -> Packed:
        bodies = {record.line: str(body.body(record)) for record in task.records}
        lines = [[record.line, record.id] for record in task.records]
        return pack(bodies, {"lines": lines, "figures": task.traced})

    script = (FOLDER / "script.html").read_text(encoding="utf-8")
    # Only this script may run, whatever a log has managed to bring into the page.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    written = environment.get_template("report.html").render(
        shown=view(run, baseline, t),
        style=Markup((FOLDER / "style.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=digest,
        packed=packed,
        open=OPEN,
    )
    # Half of a pair of surrogates, which JSON can hold as an escape, cannot be written.
    return written.encode(errors="replace").decode()


def coded(text: str) -> Markup:
    """A note, what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def script_json(value: Any) -> Markup:
    """JSON that may stand in a script element: no `<` in it, so that no tag ends it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


def _environment(t: Words) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def ends(low: float, high: float) -> str:
        told = number(low), number(high)
        return "–" if "–" in told else t("ends", low=told[0], high=told[1])

    filters: dict[str, Any] = {
        "number": number,
        "plain": plain,
        "coded": coded,
        "json": script_json,
    }
    environment.filters.update(filters)
    environment.globals |= {"t": t, "ends": ends, "summary": summary}
    return environment
