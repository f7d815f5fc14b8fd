"""The runs there are, and choosing two of them to compare."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui import state
from ui.i18n import Translator
from ui.parts.markup import esc, heading, show
from ui.parts.review.listing import turn_pages
from ui.parts.runs.words import began, link, options
from ui.runs_contract import Run

STEP = 10
_AT = "runs-at"


def listing(t: Translator) -> None:
    """Every run, the last first."""
    heading(1, t("runs.title"))
    show(f'<p class="mx-lead">{esc(t("runs.lead"))}</p>')
    found = state.runs().runs()
    if not found:
        show(f'<div class="mx-empty"><p>{esc(t("runs.none"))}</p></div>')
        return
    if len(found) > 1:
        _two(found, t)
    offset = st.session_state.get(_AT, 0)
    for run in found[offset : offset + STEP]:
        with st.container(border=True, key=f"mx-doc-run-{run.name}", gap="xxsmall"):
            show(
                f'<p class="mx-eyebrow">{esc(began(run, t))}</p>'
                f'<h2 class="mx-h2" lang="en">{esc(run.name)}</h2>'
                f'<p class="mx-small" lang="en">{esc(", ".join(run.tasks))}</p>'
                f'<p class="mx-small">{esc(options(run, t))}</p>'
            )
            link(t("runs.open"), run=run.name)
    turn_pages(_AT, offset, STEP, len(found), t)


def choose_baseline(run: str, others: Sequence[str], t: Translator) -> None:
    """A run to compare with, and the way there."""
    with st.container(key="mx-run-baseline", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("runs.baseline"),
            [name for name in others if name != run],
            index=None,
            placeholder=t("runs.choose"),
            key="run-baseline",
        )
        if chosen:
            link(t("runs.compare"), run=run, baseline=chosen)


def _two(found: Sequence[Run], t: Translator) -> None:
    names = [run.name for run in found]
    with (
        st.expander(t("runs.compare_two")),
        st.container(key="mx-run-two", horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        before = st.selectbox(t("runs.baseline"), names, index=1, key="compare-before")
        after = st.selectbox(t("runs.newer"), names, index=0, key="compare-after")
        if before == after:
            show(f'<p class="mx-small">{esc(t("runs.same_run"))}</p>')
        else:
            link(t("runs.compare"), run=after, baseline=before)
