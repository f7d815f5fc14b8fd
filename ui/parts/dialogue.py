"""The page of a session: the story at hand, the dialogue, the box to answer in."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import CaseDetail, SessionState
from ui.i18n import Translator
from ui.parts.browser import scroll_to_end
from ui.parts.case_card import review_pill
from ui.parts.citation import passage_dialog
from ui.parts.composer import composer, send, unsent
from ui.parts.errors import alert
from ui.parts.markup import esc, heading, lang_attr, prose, show
from ui.parts.outcome import outcome, outcome_pill
from ui.parts.progress import meter, stage_list
from ui.parts.selftest import self_test_after, self_test_before
from ui.parts.session_menu import change, end_dialog, offer_language, session_menu
from ui.parts.transcript import transcript

SESSIONS_PAGE = "app_pages/sessions.py"


def dialogue(session_id: str, t: Translator) -> None:
    """The session with that id, wherever it stands."""
    session = _session(session_id)
    case = _case(session)
    over = session.status == "completed" and not session.accepts_reply
    st.page_link(
        SESSIONS_PAGE,
        label=t("case.to_sessions"),
        icon=":material/arrow_back:",
        query_params=state.address(),
    )
    _head(session, case, t, over=over)
    if over:
        outcome(session, case, t)
    else:
        _work(session, case, t)
        end_dialog(session, t)
    passage_dialog(t)


def _session(session_id: str) -> SessionState:
    held = state.held_session(session_id)
    if held is None:
        held = state.service().session(session_id)
        state.hold_session(held)
    return held


def _case(session: SessionState) -> CaseDetail:
    held = state.held_case(session.case_id, session.language)
    if held is None:
        held = state.service().case(session.case_id, session.language)
        state.hold_case(held, session.language)
    return held


def _head(session: SessionState, case: CaseDetail, t: Translator, *, over: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="mx-head"):
        heading(1, session.case_title or case.title, lang=session.language)
        if not over:
            session_menu(session, case.languages, t)
    if session.phase == "reflection":
        code = session.outcome or "ended_early"
        show(f"<p>{outcome_pill(code, t)} {esc(t(f'outcome.{code}_explain'))}</p>")
    elif not over:
        show(meter(session, t))
        offer_language(session, case.languages, t)


def _work(session: SessionState, case: CaseDetail, t: Translator) -> None:
    with st.expander(t("case.vignette"), icon=":material/description:", key="mx-vignette-narrow"):
        _story(session, case, t)
    talk, side = st.columns([1.75, 1], gap="large")
    with side, st.container(key="mx-aside"):
        with st.container(border=True, key="mx-vignette-wide"):
            heading(2, t("case.vignette"))
            _story(session, case, t)
        with st.container(border=True, key="mx-stages-wide"):
            heading(2, t("progress.title"))
            show(stage_list(session, t))
    with talk, st.container(key="mx-talk"):
        self_test_before(session, t)
        transcript(session, t)
        if session.phase == "reflection":
            self_test_after(session, t)
        _notice(t)
        _reply(session, t)
    if session.turns:
        scroll_to_end(session.seq)


def _reply(session: SessionState, t: Translator) -> None:
    if session.status == "paused":
        _paused(session, t)
        return
    again = unsent(session, t)
    text = composer(session, t)
    if again or text:
        send(session, str(again or text), t)


def _paused(session: SessionState, t: Translator) -> None:
    with st.container(border=True, key="mx-paused"):
        show(f"<p><strong>{esc(t('paused.title'))}</strong> {esc(t('paused.explain'))}</p>")
        if st.button(
            t("paused.resume"), type="primary", icon=":material/play_arrow:", key="resume"
        ):
            change(session, t, lambda: state.service().resume(session.id, session.seq))


def _story(session: SessionState, case: CaseDetail, t: Translator) -> None:
    told = [entry.text for entry in session.transcript if entry.role == "case"]
    html = f'<div class="mx-story"{lang_attr(case.language)}>{prose(case.vignette)}'
    html += "".join(f'<div class="mx-story__new">{prose(text)}</div>' for text in told)
    show(html + f"</div><p>{review_pill(case, t)}</p>")


def _notice(t: Translator) -> None:
    notice = state.take_notice()
    if notice is None:
        return
    remedy = f"{notice.key}_remedy"
    alert(t(notice.key), t(remedy) if t.knows(remedy) else "", tone=notice.tone)
