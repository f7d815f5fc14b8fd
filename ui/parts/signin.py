"""The sign-in form, where the service asks for one."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.i18n import Translator
from ui.parts.errors import alert, words
from ui.parts.markup import esc, heading, show


def sign_in_form(t: Translator) -> None:
    """Name and password; a token is kept for this tab when they fit."""
    with st.container(key="mx-signin"):
        heading(1, t("signin.title"))
        show(f'<p class="mx-lead">{esc(t("signin.lead"))}</p>')
        with st.form("sign-in", border=True):
            username = st.text_input(t("signin.username"), autocomplete="username", key="user")
            password = st.text_input(
                t("signin.password"),
                type="password",
                autocomplete="current-password",
                key="password",
            )
            sent = st.form_submit_button(t("signin.submit"), type="primary", width="stretch")
        if sent:
            _try(username.strip(), password, t)


def _try(username: str, password: str, t: Translator) -> None:
    if not username or not password:
        alert(t("signin.missing"), t("signin.missing_remedy"))
        return
    try:
        token = state.service().sign_in(username, password)
    except SignInNeeded:
        alert(t("signin.refused"), t("signin.refused_remedy"))
        return
    except ServiceError as error:
        alert(*words(error, t))
        return
    state.sign_in(token.access_token, username)
    st.rerun()
