"""My sessions: go on, keep, erase."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError
from ui.contract import SessionSummary
from ui.i18n import Translator
from ui.parts.case_card import CASE_PAGE
from ui.parts.dates import moment
from ui.parts.download import download_button
from ui.parts.errors import show_error
from ui.parts.header import LONG
from ui.parts.markup import esc, heading, lang_attr, pill, show
from ui.parts.outcome import outcome_pill

LIBRARY_PAGE = "app_pages/library.py"
_TONE = {"active": "note", "paused": "plain"}
_ACTION = {
    "active": ("sessions.go_on", ":material/play_arrow:"),
    "paused": ("sessions.resume", ":material/play_arrow:"),
    "completed": ("sessions.review", ":material/visibility:"),
}


def _row(session: SessionSummary, t: Translator) -> None:
    with st.container(border=True, key=f"mx-session-{session.id}"):
        show(_description(session, t))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            label, icon = _ACTION[session.status]
            st.page_link(
                CASE_PAGE, label=t(label), icon=icon, query_params=state.address(session=session.id)
            )
            download_button(session.id, session.case_id, t, kind="tertiary")
            st.button(
                t("sessions.delete"),
                key=f"delete-{session.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=state.confirm,
                args=(f"delete:{session.id}",),
            )


def _description(session: SessionSummary, t: Translator) -> str:
    if session.status == "completed":
        status = outcome_pill(session.outcome, t)
    else:
        status = pill(t(f"sessions.{session.status}"), _TONE[session.status])
    parts = [
        LONG[session.language],
        t("progress.of", index=session.stage_index, total=session.stages_total),
        t("sessions.turns", turns=session.turns),
        t("sessions.updated", when=moment(session.updated_at, t)),
    ]
    return (
        f'<div class="mx-row"><h2 class="mx-h2"{lang_attr(session.language)}>'
        f"{esc(session.case_title)}</h2>{status}</div>"
        f'<p class="mx-small">{esc(" · ".join(parts))}</p>'
    )


def _delete_dialog(sessions: list[SessionSummary], t: Translator) -> None:
    waiting = state.to_confirm() or ""
    session = next((s for s in sessions if waiting == f"delete:{s.id}"), None)
    if session is None:
        return
    dialog = st.dialog(t("sessions.delete_title"), on_dismiss=lambda: state.confirm(None))
    dialog(_delete)(session, t)


def _delete(session: SessionSummary, t: Translator) -> None:
    show(f"<p>{esc(t('sessions.delete_explain', title=session.case_title))}</p>")
    with st.container(horizontal=True):
        sure = st.button(t("sessions.delete_yes"), type="primary", key="delete-yes")
        st.button(t("common.cancel"), key="delete-no", on_click=state.confirm, args=(None,))
    if not sure:
        return
    try:
        state.service().delete(session.id)
    except ServiceError as error:
        show_error(error, t, key="delete")
        return
    state.confirm(None)
    st.rerun()


def _page() -> None:
    t = state.translator()
    sessions = state.service().sessions()
    with st.container(key="mx-narrow"):
        heading(1, t("sessions.title"))
        show(f'<p class="mx-lead">{esc(t("sessions.lead"))}</p>')
        if not sessions:
            show(f'<div class="mx-empty"><p>{esc(t("sessions.none"))}</p></div>')
            st.page_link(
                LIBRARY_PAGE,
                label=t("sessions.to_library"),
                icon=":material/arrow_forward:",
                query_params=state.address(),
            )
        for session in sessions:
            _row(session, t)
    _delete_dialog(sessions, t)


_page()
