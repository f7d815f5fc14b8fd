"""How figures, runs and lines are said, and the ways between them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.dates import moment
from ui.parts.documents.words import icon
from ui.parts.markup import esc, heading, plain, show
from ui.runs_contract import Figure, Gate, LeftOut, Run

PAGE = "app_pages/runs.py"
NONE = "–"
GONE = frozenset({"not-found", "validation"})


def number(value: float | None) -> str:
    """Three decimals for what is small, one for the rest, a dash for what is not defined."""
    if value is None:
        return NONE
    return f"{value:.3f}" if abs(value) < 2 else f"{value:.1f}"


def interval(low: float | None, high: float | None, t: Translator) -> str:
    """Both ends, or a dash."""
    if low is None or high is None:
        return NONE
    return t("runs.interval", low=number(low), high=number(high))


def began(run: Run, t: Translator) -> str:
    """When it was begun, or that it is not known."""
    try:
        return moment(dt.datetime.fromisoformat(run.began), t)
    except ValueError:
        return t("runs.no_time")


def options(run: Run, t: Translator) -> str:
    """What was chosen for it, and whether it is whole."""
    told = [f"{name}={value}" for name, value in run.options.items() if value is not True]
    told += [name for name, value in run.options.items() if value is True]
    if run.llm:
        told.append(run.llm)
    if len(run.finished) < len(run.tasks):
        told.append(t("runs.unfinished", count=len(run.finished), total=len(run.tasks)))
    return " · ".join(told)


def gate_html(gate: Gate | None, t: Translator) -> str:
    """A pill, and in words why it did not pass."""
    if gate is None:
        return ""
    key, tone, sign = (
        ("runs.passed", "good", "check_circle") if gate.passed else ("runs.failed", "bad", "error")
    )
    html = (
        f'<span class="mx-pill mx-pill--{tone}">{icon(sign)}{esc(t(key))} {esc(gate.bound)}</span>'
    )
    if not gate.passed:
        html += f'<p class="mx-small" lang="en">{esc(gate.why)} {esc(gate.reason)}</p>'
    return html


def figure_html(figure: Figure, t: Translator) -> str:
    """Value, interval and n in a line."""
    unit = f" {figure.unit}" if figure.unit not in {"", "share"} else ""
    told = (
        f"<b>{esc(number(figure.value))}</b>{esc(unit)}",
        esc(interval(figure.low, figure.high, t)),
        esc(t("runs.n", n=figure.n)),
        esc(t("runs.lines", count=figure.lines)),
    )
    return '<p class="mx-run-figure"><span>' + "</span><span>".join(told) + "</span></p>"


def values_html(held: Mapping[str, Any]) -> str:
    """Values of a log as they stand in it."""
    rows = "".join(
        f"<div><dt>{esc(name)}</dt><dd>{esc(shown(value))}</dd></div>"
        for name, value in held.items()
    )
    return f'<dl class="mx-facts mx-run-values" lang="en">{rows}</dl>' if rows else ""


def coded(text: str) -> str:
    """A note, what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", esc(text))


def shown(value: Any) -> str:
    """Words as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def link(label: str, sign: str | None = "arrow_forward", **query: str) -> None:
    """A way to another view of the page; the label may hold data. Only an arrow on stands last."""
    st.page_link(
        PAGE,
        label=plain(label),
        icon=f":material/{sign}:" if sign else None,
        icon_position="right" if sign == "arrow_forward" else "left",
        query_params=state.address(**query),
    )


def left_out(tasks: Sequence[LeftOut], t: Translator) -> None:
    """Which tasks could not be read, and why; the reason is the service's own sentence."""
    if tasks:
        rows = "".join(
            f'<li lang="en"><b>{esc(one.task)}</b>: {esc(one.reason)}</li>' for one in tasks
        )
        title = esc(t("runs.left_out", count=len(tasks)))
        show(
            f'<div class="mx-alert mx-alert--warn" role="alert"><p>{title}</p><ul>{rows}</ul></div>'
        )


def trouble(error: ProblemError, t: Translator) -> None:
    """What is shown in place of what is gone, or cannot be read; anything else goes on.

    Raises:
        ProblemError: it is another problem.
    """
    if error.name in GONE:
        heading(1, t("runs.gone"))
        show(f"<p>{esc(t('runs.gone_remedy'))}</p>")
    elif error.name == "internal" and error.detail:
        heading(1, t("runs.unreadable"))
        show(f'<p lang="en">{esc(error.detail)} {esc(error.remedy)}</p>')
    else:
        raise error
