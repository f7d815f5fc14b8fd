"""What can be done with a session besides answering: put aside, change language, keep, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui import state
from ui.client import ServiceError, StaleTurn
from ui.contract import Language, SessionState
from ui.i18n import Translator
from ui.parts.contest import catch_up
from ui.parts.download import download_button
from ui.parts.errors import show_error
from ui.parts.markup import esc, show

PAUSE, END = "pause", "end"


def session_menu(session: SessionState, languages: Sequence[Language], t: Translator) -> None:
    """The transcript to keep, and the steps of a session that is not over."""
    with st.container(key="mx-menu", horizontal=True, gap="small", width="content"):
        download_button(session.id, session.case_id, t)
        steps = _steps(session, languages, t)
        if not steps:
            return
        chosen = st.menu_button(
            t("menu.label"),
            list(steps),
            key=f"menu-{session.id}",
            icon=":material/more_horiz:",
            format_func=lambda step: steps[step],
        )
    if chosen == PAUSE:
        change(session, t, lambda: state.service().pause(session.id, session.seq))
    elif chosen == END:
        state.confirm(END)
    elif chosen is not None:
        change(session, t, lambda: state.service().switch_language(session.id, chosen, session.seq))


def _steps(session: SessionState, languages: Sequence[Language], t: Translator) -> dict[str, str]:
    """What can be done now, in words: pausing, going on in another language, ending."""
    if session.phase != "dialogue":
        return {}
    steps = {}
    if session.status == "active":
        steps[PAUSE] = t("menu.pause")
        for language in languages:
            if language != session.language:
                steps[language] = t("menu.switch", language=t.named("language", language))
    return {**steps, END: t("menu.end")}


def change(session: SessionState, t: Translator, step: Callable[[], SessionState]) -> None:
    """Do `step` and draw the page anew with what came of it."""
    try:
        state.hold_session(step())
    except StaleTurn as stale:
        catch_up(session.id, stale)
    except ServiceError as error:
        show_error(error, t, key="change")
        return
    st.rerun()


def end_dialog(session: SessionState, t: Translator) -> None:
    """Ask before a session is ended; once it is, it stays ended."""
    if state.to_confirm() != END:
        return
    dialog = st.dialog(t("end.title"), on_dismiss=lambda: state.confirm(None))
    dialog(_end)(session, t)


def _end(session: SessionState, t: Translator) -> None:
    show(f"<p>{esc(t('end.explain'))}</p>")
    with st.container(horizontal=True):
        sure = st.button(t("end.yes"), type="primary", key="end-yes")
        st.button(t("common.cancel"), key="end-no", on_click=state.confirm, args=(None,))
    if not sure:
        return
    state.confirm(None)
    change(session, t, lambda: state.service().end(session.id, session.seq).state)


def offer_language(session: SessionState, languages: Sequence[Language], t: Translator) -> None:
    """Where the pages are read in another language than the dialogue, offer to bring it along."""
    if session.language == t.language or t.language not in languages:
        return
    if session.status != "active" or session.phase != "dialogue":
        return
    spoken = t.named("language", session.language)
    with st.container(key="mx-offer", horizontal=True, vertical_alignment="center"):
        show(f"<p>{esc(t('menu.other_language', language=spoken))}</p>")
        if st.button(
            t("menu.switch", language=t.named("language", t.language)),
            key="follow",
            type="tertiary",
        ):
            change(
                session,
                t,
                lambda: state.service().switch_language(session.id, t.language, session.seq),
            )
