"""What a visitor reads when something fails: a sentence, a remedy, a way to try again."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError, ServiceDown, ServiceError
from ui.i18n import Translator
from ui.parts.markup import esc, heading, show


def words(error: ServiceError, t: Translator) -> tuple[str, str]:
    """What went wrong and what to do.

    Known problems are said in the reader's language; of others the service's own words are given.
    """
    if isinstance(error, ServiceDown):
        return t("problem.down"), t("problem.down_remedy")
    if not isinstance(error, ProblemError):
        return t("problem.internal"), t("problem.internal_remedy")
    key = f"problem.{error.name.replace('-', '_')}"
    if t.knows(key):
        return t(key), t(f"{key}_remedy")
    return error.detail or error.title or t("problem.internal"), error.remedy


def alert(title: str, text: str, *, tone: str = "warn") -> None:
    """A notice that a screen reader announces."""
    role = "alert" if tone == "warn" else "status"
    said = f"<strong>{esc(title)}</strong> {esc(text)}" if text else esc(title)
    show(f'<div class="mx-alert mx-alert--{tone}" role="{role}"><p>{said}</p></div>')


def error_page(error: ServiceError, t: Translator) -> None:
    """The whole page, where nothing else can be shown."""
    title, remedy = words(error, t)
    with st.container(key="mx-trouble"):
        heading(1, title)
        show(f'<p class="mx-lead" role="alert">{esc(remedy)}</p>')
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(t("common.retry"), key="retry", icon=":material/refresh:", type="primary")
            st.page_link(
                "app_pages/library.py", label=t("case.to_library"), query_params=state.address()
            )
            st.page_link(
                "app_pages/sessions.py", label=t("case.to_sessions"), query_params=state.address()
            )


def show_error(error: ServiceError, t: Translator, *, key: str) -> None:
    """The error, and a button: a click draws the page anew, which tries again."""
    title, remedy = words(error, t)
    with st.container(key=f"mx-error-{key}"):
        alert(title, remedy)
        st.button(t("common.retry"), key=f"retry-{key}", icon=":material/refresh:", type="primary")
