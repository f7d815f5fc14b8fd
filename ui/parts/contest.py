"""The learner's objection to a judgement of the tutor: "Did I not say that?"."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, StaleTurn
from ui.contract import Entry, SessionState
from ui.i18n import Translator
from ui.parts.errors import show_error
from ui.parts.markup import esc, pill, show


def contest(entry: Entry, session: SessionState, t: Translator) -> None:
    """The button under an entry that can be contested, or a note that it was."""
    if entry.contested:
        show(f"<p>{pill(t('contest.done'), 'note')}</p>")
        return
    if not entry.contestable or session.status == "paused":
        return
    with st.popover(t("contest.label"), icon=":material/back_hand:", type="tertiary"):
        show(f"<p>{esc(t('contest.explain'))}</p>")
        note = st.text_area(
            t("contest.note"),
            key=f"contest-note-{session.id}-{entry.seq}",
            placeholder=t("contest.note_hint"),
            height=96,
        )
        key = f"contest-{session.id}-{entry.seq}"
        if st.button(t("contest.send"), key=key, type="primary"):
            _send(entry, session, (note or "").strip() or None, t)


def _send(entry: Entry, session: SessionState, note: str | None, t: Translator) -> None:
    try:
        turn = state.service().contest(session.id, entry.seq, note, session.seq)
    except StaleTurn as stale:
        catch_up(session.id, stale)
    except ServiceError as error:
        show_error(error, t, key=f"contest-{entry.seq}")
        return
    else:
        state.hold_session(turn.state)
    st.rerun()


def catch_up(session_id: str, stale: StaleTurn) -> None:
    """Somebody moved the session on: show it as it is now, and say so."""
    if stale.current is not None and stale.current.id == session_id:
        state.hold_session(stale.current)
    else:
        state.drop_session()
    state.notify("problem.stale_turn")
