"""Where the learner writes. Whatever happens to the service, what was written is not lost."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError, ServiceError, SignInNeeded, StaleTurn
from ui.contract import SessionState
from ui.i18n import Translator
from ui.parts.browser import scroll_to_end
from ui.parts.contest import catch_up
from ui.parts.errors import alert, words
from ui.parts.markup import esc, show
from ui.parts.transcript import said, thinking

_ROUND = "composer-round"
_DRAFT = "composer-draft"
_FAULT = "composer-fault"


def composer(session: SessionState, t: Translator) -> str | None:
    """The box at the foot of the page. Returns what was just sent, if anything."""
    key = _key(session.id)
    draft = st.session_state.pop(_DRAFT, None)
    if draft is None and state.first_look_at(session.id):
        before = state.failed_attempt(session.id)
        draft = before.text if before else None
    if draft:
        st.session_state[key] = draft
    with st.bottom, st.container(key="mx-composer"):
        hint = "composer.reflect" if session.phase == "reflection" else "composer.placeholder"
        text = st.chat_input(t(hint), key=key, submit_mode="disable")
        show(f'<p class="mx-small">{esc(t("case.no_identifiers"))}</p>')
    return text.strip() if text and text.strip() else None


def send(session: SessionState, text: str, t: Translator) -> None:
    """Say `text` to the tutor and draw the page anew with what came of it."""
    # Whoever writes has closed the passage; on a busy machine that may not have been heard, and it
    # would come back over the page.
    state.open_passage(None)
    attempt = state.attempt_at(session.id, text, session.seq)
    # Kept before it leaves: a page closed or drawn anew half-way still has it.
    state.keep_attempt(attempt)
    st.session_state.pop(_FAULT, None)
    said(text, t, lang=session.language)
    thinking(t)
    scroll_to_end(-session.seq)
    try:
        turn = state.service().say(session.id, text, attempt.expected_seq, attempt.key)
    except SignInNeeded:
        _put_back(text)
        raise
    except StaleTurn as stale:
        state.keep_attempt(None)
        _put_back(text)
        catch_up(session.id, stale)
    except ServiceError as error:
        _put_back(text)
        st.session_state[_FAULT] = error
        if isinstance(error, ProblemError) and error.name == "session-closed":
            state.drop_session()
    else:
        state.keep_attempt(None)
        state.hold_session(turn.state)
    st.rerun()


def unsent(session: SessionState, t: Translator) -> str | None:
    """The notice of a text that did not arrive; returns the text when it is to be sent again."""
    attempt = state.failed_attempt(session.id)
    if attempt is None:
        return None
    fault = st.session_state.get(_FAULT)
    title, remedy = words(fault, t) if fault else (t("composer.unsent"), "")
    with st.container(key="mx-unsent"):
        alert(title, f"{remedy} {t('composer.kept')}".strip())
        again = st.button(t("composer.retry"), key="resend", icon=":material/refresh:")
    if not again:
        return None
    # A fresh box: the text in the old one is on its way now.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    return attempt.text


def _key(session_id: str) -> str:
    return f"say-{session_id}-{st.session_state.get(_ROUND, 0)}"


def _put_back(text: str) -> None:
    st.session_state[_DRAFT] = text
