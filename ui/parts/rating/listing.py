"""The batches there are, and what this visitor can do with each."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.errors import alert
from ui.parts.markup import esc, heading, show
from ui.parts.rating.words import PAGE, badge, facts
from ui.rating_contract import Batch


def listing(t: Translator) -> None:
    """Every batch, the newest first."""
    heading(1, t("rate.title"))
    show(f'<p class="mx-lead">{esc(t("rate.lead"))}</p>')
    who = state.me()
    if who is not None and who.auth == "local":
        show(f'<p class="mx-small">{esc(t("rate.one_user"))}</p>')
    found = state.ratings().batches()
    if not found:
        show(f'<div class="mx-empty"><p>{esc(t("rate.none"))}</p></div>')
        return
    for batch in found:
        _card(batch, t)


def _card(batch: Batch, t: Translator) -> None:
    with st.container(border=True, key=f"mx-batch-{batch.name}", gap="xsmall"):
        show(
            f'<div class="mx-row"><h2 class="mx-h2">{esc(batch.name)}</h2>{badge(batch, t)}</div>'
            f'<p class="mx-eyebrow">{esc(facts(batch, t))}</p>'
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _ways(batch, t)


def _ways(batch: Batch, t: Translator) -> None:
    if batch.mine is not None:
        done = t("rate.done", count=batch.mine.done, total=batch.items)
        label = t("rate.look_again") if batch.mine.handed_in else t("rate.go_on")
        _link(label, ":material/grading:", t, batch=batch.name)
        told = t("rate.mine_handed") if batch.mine.handed_in else done
        show(f'<p class="mx-small">{esc(told)}</p>')
    elif batch.seated < batch.raters:
        st.button(
            t("rate.begin"),
            key=f"begin-{batch.name}",
            type="primary",
            icon=":material/grading:",
            on_click=_begin,
            args=(batch.name,),
        )
        show(f'<p class="mx-small">{esc(t("rate.begin_explain"))}</p>')
    if batch.may_settle and batch.disputes:
        _link(t("rate.settle", count=batch.disputes_open or 0), ":material/balance:", t,
              batch=batch.name, view="settle")  # fmt: skip
    if batch.disputes is not None:
        _link(t("rate.counts"), ":material/bar_chart:", t, batch=batch.name, view="counts")


def _link(label: str, sign: str, t: Translator, **query: str) -> None:
    del t
    st.page_link(PAGE, label=label, icon=sign, query_params=state.address(**query))


def _begin(name: str) -> None:
    try:
        state.ratings().begin(name)
    except ProblemError as error:
        if error.name != "conflict":
            raise
        state.notify("rate.full", "warn")
        return
    st.query_params["batch"] = name


def notice(t: Translator) -> None:
    """What was to be said once, such as that somebody was faster."""
    told = state.take_notice()
    if told is not None:
        alert(t(told.key), "", tone=told.tone)
