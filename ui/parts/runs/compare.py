"""Two runs: what they were measured on, figures that differ, samples that came out otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.errors import alert
from ui.parts.markup import esc, heading, plain, show
from ui.parts.review.listing import turn_pages
from ui.parts.runs.charts import differences
from ui.parts.runs.record import heard_html, turn_html
from ui.parts.runs.words import NONE, interval, left_out, link, number, shown, trouble
from ui.runs_contract import Comparison, Difference, Record, SampleChange

STEP = 10
SURE = 0.05


def compare(run: str, baseline: str, t: Translator) -> None:
    """What changed from a baseline to a run; or one sample in both."""
    link(t("runs.all"), "arrow_back")
    try:
        found = state.runs().comparison(run, baseline)
    except ProblemError as error:
        trouble(error, t)
        return
    heading(1, t("compare.title"))
    link(f"{t('runs.baseline')}: {baseline}", None, run=baseline)
    link(f"{t('runs.newer')}: {run}", None, run=run)
    left_out(found.left_out, t)
    if not found.tasks:
        show(f'<div class="mx-empty"><p>{esc(t("compare.nothing"))}</p></div>')
        return
    names = [one.task for one in found.tasks]
    asked = st.query_params.get("task")
    task = asked if asked in names else names[0]
    if len(names) > 1:
        with st.container(horizontal=True, key="mx-run-tasks", gap="small"):
            for name in names:
                sign = "radio_button_checked" if name == task else "radio_button_unchecked"
                link(name, sign, run=run, baseline=baseline, task=name)
    _task(run, baseline, next(one for one in found.tasks if one.task == task), t)


def _task(run: str, baseline: str, found: Comparison, t: Translator) -> None:
    heading(2, found.task, lang="en")
    if found.identical:
        alert(t("compare.same", count=found.same), "", tone="good")
    else:
        show(f"<p>{esc(t('compare.changed', changed=found.changed, same=found.same))}</p>")
        if found.only_first or found.only_second:
            words = t("compare.only", before=found.only_first, after=found.only_second)
            show(f'<p class="mx-small">{esc(words)}</p>')
    if found.state:
        with st.expander(plain(t("compare.state", count=len(found.state)))):
            rows = "".join(
                f"<div><dt>{esc(s.name)}</dt><dd>{esc(s.first)} → {esc(s.second)}</dd></div>"
                for s in found.state
            )
            show(f'<dl class="mx-facts mx-run-values" lang="en">{rows}</dl>')
    if found.identical:
        return
    tested = [d for d in found.differences if d.corrected is not None]
    others = [d for d in found.differences if d.corrected is None and d.difference]
    _differences(tested, "compare.tested", found.task, t, opened=True)
    _differences(others, "compare.others", found.task, t, opened=not tested)
    _samples(run, baseline, found, t)


def _differences(
    held: Sequence[Difference], key: str, task: str, t: Translator, *, opened: bool
) -> None:
    if not held:
        return
    with st.expander(plain(t(key, count=len(held))), expanded=opened):
        changed = [d for d in held if d.difference]
        differences(changed, t, f"{key}-{task}")
        names = ("figure", "before", "after", "difference", "interval", "p", "corrected", "could")
        head = "".join(f'<th scope="col">{esc(t(f"compare.{name}"))}</th>' for name in names)
        rows = "".join(_row(d, t) for d in held)
        show(
            '<div class="mx-scroll" tabindex="0"><table class="mx-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _row(d: Difference, t: Translator) -> str:
    change = NONE if d.difference is None else f"{d.difference:+.3f}"
    cells = (
        number(d.first),
        number(d.second),
        change,
        interval(d.low, d.high, t),
        number(d.p),
        number(d.corrected),
        number(d.could_find),
    )
    sure = ' class="mx-run-sure"' if d.corrected is not None and d.corrected < SURE else ""
    return (
        f'<tr{sure}><th scope="row" lang="en">{esc(d.name)} · {esc(d.group)}</th>'
        + "".join(f"<td>{esc(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _samples(run: str, baseline: str, found: Comparison, t: Translator) -> None:
    if not found.samples:
        return
    heading(2, t("compare.samples"))
    at = f"changed-{found.task}"
    offset = st.session_state.get(at, 0)
    for sample in found.samples[offset : offset + STEP]:
        with st.container(border=True, key=f"mx-changed-{sample.first}", gap="xxsmall"):
            _sample(run, baseline, found.task, sample, t)
    turn_pages(at, offset, STEP, len(found.samples), t)


def _sample(run: str, baseline: str, task: str, sample: SampleChange, t: Translator) -> None:
    show(f'<h3 class="mx-h3" lang="en">{esc(sample.id)}</h3>')
    if sample.before != sample.after:
        sides = (("compare.before", sample.before), ("compare.after", sample.after))
        show(
            '<dl class="mx-facts">'
            + "".join(
                f"<div><dt>{esc(t(key))}</dt><dd>"
                f"{esc('; '.join(failures) or t('compare.right'))}</dd></div>"
                for key, failures in sides
            )
            + "</dl>"
        )
    rows = "".join(
        f"<div><dt>{esc(v.place)}</dt><dd><del>{esc(shown(v.before))}</del> → "
        f"<ins>{esc(shown(v.after))}</ins></dd></div>"
        for v in sample.values
    )
    show(f'<dl class="mx-facts mx-run-values" lang="en">{rows}</dl>')
    if st.toggle(t("compare.side"), key=f"side-{task}-{sample.first}"):
        service = state.runs()
        columns = st.columns(2, gap="large")
        for column, name, line in (
            (columns[0], baseline, sample.first),
            (columns[1], run, sample.second),
        ):
            with column:
                link(f"{name} · {task}.jsonl:{line}", None, run=name, task=task, line=str(line))
                show(_whole(service.record(name, task, line), t) or NONE)


def _whole(record: Record, t: Translator) -> str:
    return "".join(
        turn_html(turn, record.language, t)
        + heard_html(turn.heard, record.statements, record.language, t)
        for turn in record.turns
    )
