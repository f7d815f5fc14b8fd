"""One run: its tasks, their figures, and the log lines that each figure rests on."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.errors import alert
from ui.parts.markup import esc, heading, plain, show
from ui.parts.runs.charts import intervals, picture
from ui.parts.runs.lines import lines
from ui.parts.runs.listing import choose_baseline
from ui.parts.runs.words import (
    began,
    coded,
    figure_html,
    gate_html,
    left_out,
    link,
    options,
    trouble,
    values_html,
)
from ui.runs_contract import Figure, RunDetail, Task


def run(name: str, t: Translator) -> None:
    """The run of that name."""
    link(t("runs.all"), "arrow_back")
    try:
        found = state.runs().run(name)
    except ProblemError as error:
        trouble(error, t)
        return
    about = " · ".join(filter(None, (began(found, t), options(found, t))))
    show(f'<p class="mx-eyebrow">{esc(about)}</p>')
    heading(1, found.name, lang="en")
    _ways(found, t)
    left_out(found.left_out, t)
    if not found.measured:
        show(f'<div class="mx-empty"><p>{esc(t("runs.no_log"))}</p></div>')
        return
    _gates(found, t)
    names = [task.name for task in found.measured]
    asked = st.query_params.get("task")
    chosen = asked if asked in names else names[0]
    if len(names) > 1:
        with st.container(horizontal=True, key="mx-run-tasks", gap="small"):
            for one in found.measured:
                sign = "radio_button_checked" if one.name == chosen else "radio_button_unchecked"
                link(one.name, sign, run=found.name, task=one.name)
    _task(found, next(task for task in found.measured if task.name == chosen), t)
    if found.facts:
        with st.expander(t("runs.measured")):
            show(values_html(found.facts))


def _ways(found: RunDetail, t: Translator) -> None:
    service = state.runs()
    st.download_button(
        t("runs.download"),
        data=lambda: service.report(found.name, t.language),
        file_name=f"{found.name}.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key="run-report",
    )
    others = [other.name for other in service.runs()]
    if len(others) > 1:
        choose_baseline(found.name, others, t)


def _gates(found: RunDetail, t: Translator) -> None:
    gated = [(task, f) for task in found.measured for f in task.figures if f.gate]
    if not gated:
        return
    failed = [(task, f) for task, f in gated if f.gate and not f.gate.passed]
    passed = t("runs.gates", passed=len(gated) - len(failed), total=len(gated))
    alert(passed, "", tone="warn" if failed else "good")
    for task, figure in failed:
        with st.container(border=True, key=f"mx-gate-{task.name}-{figure.index}", gap="xxsmall"):
            query = {"run": found.name, "task": task.name, "figure": str(figure.index)}
            link(f"{task.name} · {figure.group} · {figure.name}", None, **query)
            show(figure_html(figure, t) + gate_html(figure.gate, t))


def _task(found: RunDetail, task: Task, t: Translator) -> None:
    heading(2, task.name, lang="en")
    failed = t("runs.failing", count=task.failing, total=task.samples)
    show(f'<p class="mx-small" lang="en">{esc(task.description)}</p><p>{esc(failed)}</p>')
    if not task.finished:
        alert(t("runs.cut"), t("runs.cut_remedy"))
    elif task.again == len(task.figures):
        show(f'<p class="mx-small">{esc(t("runs.again", count=task.again))}</p>')
    else:
        words = t("runs.not_again", count=task.again, total=len(task.figures))
        alert(words, t("runs.not_again_remedy"))
    if task.notes:
        with st.expander(t("runs.notes"), expanded=True):
            notes = "".join(f"<li>{coded(note)}</li>" for note in task.notes)
            show(f'<ul class="mx-small" lang="en">{notes}</ul>')
    figure = _chosen(task)
    if figure is None and task.figures:
        _figures(found, task, t)
    lines(found.name, task, figure, t)


def _chosen(task: Task) -> Figure | None:
    asked = st.query_params.get("figure", "")
    at = int(asked) if asked.isdecimal() else -1
    return task.figures[at] if 0 <= at < len(task.figures) else None


def _figures(found: RunDetail, task: Task, t: Translator) -> None:
    heading(2, t("runs.figures"))
    groups = list(dict.fromkeys(figure.group for figure in task.figures))
    group = groups[0]
    if len(groups) > 1:
        group = st.selectbox(t("runs.group"), groups, key=f"group-{task.name}") or group
    held = [figure for figure in task.figures if figure.group == group]
    chart, table = st.columns([2, 3], gap="large")
    with chart:
        intervals(held, t, f"chart-{task.name}-{group}")
    with table:
        for figure in held:
            query = {"run": found.name, "task": task.name, "figure": str(figure.index)}
            with st.container(key=f"mx-figure-{figure.index}", gap=None):
                link(figure.name, None, **query)
                show(figure_html(figure, t) + gate_html(figure.gate, t))
    if task.pictures:
        with st.expander(plain(t("runs.pictures", count=len(task.pictures)))):
            columns = st.columns(2)
            for place, one in enumerate(task.pictures):
                with columns[place % 2]:
                    picture(one, t, f"picture-{task.name}-{place}")
