"""The top of every page: the language, and who is signed in."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import LANGUAGES, Language
from ui.i18n import Translator, from_locale
from ui.parts.browser import tell_language
from ui.parts.markup import esc, plain, show

SHORT: dict[Language, str] = {"en": "EN", "zh-Hant": "繁", "zh-Hans": "简"}
LONG: dict[Language, str] = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文"}
"""A language is called by its own name, whatever the language of the page."""
_EVERYBODY_READS = "Language · 語言 · 语言"


def language_switch() -> Translator:
    """The switch, and the words of the page in what it says."""
    st.session_state.setdefault(state.LANGUAGE, _to_begin_with())
    with st.container(key="mx-topbar", horizontal=True, gap="small", width="content"):
        st.segmented_control(
            _EVERYBODY_READS,
            LANGUAGES,
            key=state.LANGUAGE,
            required=True,
            format_func=lambda code: SHORT[code],
            label_visibility="collapsed",
        )
    t = state.translator()
    # In the address bar, so that a reload or a link that is passed on keeps the language.
    st.query_params[state.LANGUAGE] = t.language
    tell_language(t.language)
    return t


def account(t: Translator) -> None:
    """Who is signed in, and the way out; nothing where the machine has one user."""
    who = state.me()
    if who is None or who.auth != "password":
        return
    with st.container(key="mx-account"), st.popover(plain(who.name), icon=":material/person:"):
        show(f"<p>{esc(t('account.signed_in_as', name=who.name))}</p>")
        st.button(
            t("account.sign_out"), icon=":material/logout:", on_click=state.sign_out, key="sign-out"
        )


def footer(t: Translator) -> None:
    """What nobody should overlook."""
    show(f'<footer class="mx-footer">{esc(t("common.footer"))}</footer>')


def _to_begin_with() -> Language:
    asked = st.query_params.get(state.LANGUAGE)
    for known in LANGUAGES:
        if asked == known:
            return known
    return from_locale(st.context.locale)
