"""Lines of a log, those with failures first; of one figure, with what each adds to it."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.i18n import Translator
from ui.parts.markup import esc, heading, lang_attr, show
from ui.parts.review.listing import turn_pages
from ui.parts.runs.words import figure_html, link, number
from ui.runs_contract import Added, Figure, Line, Task

STEP = 10


def lines(run: str, task: Task, figure: Figure | None, t: Translator) -> None:
    """The lines of a task's log, or those that a figure rests on."""
    at = f"lines-{task.name}-{'' if figure is None else figure.index}"
    if figure is None:
        heading(2, t("runs.log"))
    else:
        link(t("runs.all_figures"), "arrow_back", run=run, task=task.name)
        title = f"{figure.group} · {figure.name}"
        heading(2, title, lang="en")
        show(figure_html(figure, t) + f'<p class="mx-small">{esc(t("runs.rests_on"))}</p>')
    with st.container(key="mx-filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(t("runs.search"), key=f"{at}-words", on_change=_back, args=(at,))
        failing = st.toggle(
            t("runs.only_failing"), key=f"{at}-failing", on_change=_back, args=(at,)
        )
    offset = st.session_state.get(at, 0)
    number_of = None if figure is None else figure.index
    found = state.runs().lines(
        run, task.name, offset, STEP, figure=number_of, failing=failing, words=words
    )
    show(f'<p class="mx-count" role="status">{esc(t("runs.found", count=found.total))}</p>')
    for line in found.records:
        _line(run, task.name, line, figure, t)
    turn_pages(at, offset, STEP, found.total, t)


def added(what: Added | None, t: Translator) -> str:
    """What a line adds to a figure."""
    if what is None:
        return ""
    if what.part is None:
        return t("runs.counts", whole=_short(what.whole))
    return t("runs.adds", part=_short(what.part), whole=_short(what.whole))


def _line(run: str, task: str, line: Line, figure: Figure | None, t: Translator) -> None:
    with st.container(border=True, key=f"mx-doc-line-{line.line}", gap="xxsmall"):
        pill = ""
        if line.added is not None:
            pill = f'<span class="mx-pill mx-pill--note">{esc(added(line.added, t))}</span>'
        failures = "".join(f"<li>{esc(words)}</li>" for words in line.failures)
        show(
            f'<div class="mx-row"><p class="mx-eyebrow" lang="en">{esc(line.id)}</p>{pill}</div>'
            + (f'<ul class="mx-run-failures" lang="en">{failures}</ul>' if failures else "")
            + f'<p class="mx-words"{lang_attr(line.language)}>{esc(line.excerpt)}</p>'
        )
        query = {"run": run, "task": task, "line": str(line.line)}
        if figure is not None:
            query["figure"] = str(figure.index)
        link(f"{task}.jsonl:{line.line}", **query)


def _short(value: float) -> str:
    return f"{value:g}" if value == int(value) else number(value)


def _back(name: str) -> None:
    st.session_state[name] = 0
