"""What remains when a case is over: the outcome, the synthesis, reading, the transcript."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import CaseDetail, Entry, Reading, SessionState
from ui.i18n import Translator
from ui.parts.browser import scroll_to_top
from ui.parts.case_card import CASE_PAGE
from ui.parts.citation import citation_buttons
from ui.parts.download import download_button
from ui.parts.markup import esc, heading, lang_attr, pill, prose, safe_link, show
from ui.parts.progress import considered
from ui.parts.selftest import self_test_after
from ui.parts.transcript import transcript

SYNTHESIS = "synthesis"
"""The move with which the tutor sums a session up."""
_TONE = {"completed": "good", "completed_with_help": "note", "ended_early": "plain"}


def outcome_pill(outcome: str | None, t: Translator) -> str:
    """How a session ended. Never "correct": a justified choice is not a mark."""
    code = outcome or "ended_early"
    return pill(t(f"outcome.{code}"), _TONE.get(code, "plain"))


def outcome(session: SessionState, case: CaseDetail, t: Translator) -> None:
    """The page of a session that is over."""
    code = session.outcome or "ended_early"
    scroll_to_top(session.seq)
    main, side = st.columns([1.75, 1], gap="large")
    with main:
        show(f"<p>{outcome_pill(code, t)}</p><p>{esc(t(f'outcome.{code}_explain'))}</p>")
        _synthesis(session, t)
    with side, st.container(border=True, key="mx-kept"):
        heading(2, t("outcome.stages"))
        show(_stages(session, t))
        heading(2, t("outcome.keep"))
        show(f'<p class="mx-small">{esc(t("outcome.keep_explain"))}</p>')
        download_button(session.id, session.case_id, t, width="stretch", kind="primary")
        st.page_link(
            CASE_PAGE,
            label=t("case.begin_again"),
            icon=":material/replay:",
            query_params=state.address(case=session.case_id),
        )
        if case.reading:
            heading(2, t("outcome.reading"))
            show(
                '<ul class="mx-reading">'
                + "".join(_reading(r, case, t) for r in case.reading)
                + "</ul>"
            )
    self_test_after(session, t)
    with st.expander(t("outcome.dialogue"), icon=":material/forum:", key="mx-whole"):
        transcript(session, t, live=False)


def _synthesis(session: SessionState, t: Translator) -> None:
    entry = _summing_up(session)
    if entry is None:
        return
    heading(2, t("outcome.synthesis"), extra="mx-sr")
    show(f'<div class="mx-synthesis"{lang_attr(session.language)}>{prose(entry.text)}</div>')
    if entry.citations:
        with st.container(horizontal=True, key="mx-under-synthesis"):
            citation_buttons(entry.citations, t, key="synthesis")


def _summing_up(session: SessionState) -> Entry | None:
    spoken = [entry for entry in session.transcript if entry.role == "tutor"]
    named = [entry for entry in spoken if entry.move == SYNTHESIS] or spoken
    return named[-1] if named else None


def _reading(item: Reading, case: CaseDetail, t: Translator) -> str:
    link, title = safe_link(item.url), esc(item.title)
    if link:
        title = (
            f'<a href="{esc(link)}" target="_blank" rel="noopener noreferrer">{title}'
            f'<span class="mx-sr" lang="{t.language}"> {esc(t("common.new_window"))}</span></a>'
        )
    why = f'<span class="mx-small">{esc(item.why)}</span>'
    return f"<li{lang_attr(case.language)}>{title}<br>{why}</li>"


def _stages(session: SessionState, t: Translator) -> str:
    rows = "".join(
        f"<div><dt{lang_attr(session.language)}>{esc(stage.title)}</dt>"
        f"<dd>{esc(considered(stage, t) or t(f'progress.{stage.status}'))}</dd></div>"
        for stage in session.stages
    )
    return f'<dl class="mx-facts mx-facts--wide">{rows}</dl>'
