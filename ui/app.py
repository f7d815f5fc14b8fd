"""The pages of Maieutic: `streamlit run ui/app.py`.

Draws what every page shares (language, navigation, sign-in, what to say when the service does not
answer) and then the page that was asked for.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Streamlit puts the folder of this file on the path, not the one above it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.i18n import Translator
from ui.parts.errors import alert, error_page
from ui.parts.header import account, footer, language_switch
from ui.parts.signin import sign_in_form
from ui.settings import BadAddressError

HERE = Path(__file__).resolve().parent
NEEDS_NO_SERVICE = "about"


def _navigation(t: Translator) -> StreamlitPage:
    return st.navigation(
        [
            st.Page(
                "app_pages/library.py",
                title=t("nav.library"),
                icon=":material/local_library:",
                url_path="library",
                default=True,
            ),
            st.Page(
                "app_pages/case.py",
                title=t("nav.case"),
                icon=":material/forum:",
                url_path="case",
                visibility="hidden",
            ),
            st.Page(
                "app_pages/ask.py",
                title=t("nav.ask"),
                icon=":material/search:",
                url_path="ask",
            ),
            st.Page(
                "app_pages/sessions.py",
                title=t("nav.sessions"),
                icon=":material/history:",
                url_path="sessions",
            ),
            st.Page(
                "app_pages/documents.py",
                title=t("nav.documents"),
                icon=":material/folder_open:",
                url_path="documents",
                visibility="visible" if state.is_educator() else "hidden",
            ),
            st.Page(
                "app_pages/review.py",
                title=t("nav.review"),
                icon=":material/rate_review:",
                url_path="review",
                visibility="visible" if state.is_educator() else "hidden",
            ),
            st.Page(
                "app_pages/rating.py",
                title=t("nav.rating"),
                icon=":material/grading:",
                url_path="rating",
                visibility="visible" if state.may_rate() else "hidden",
            ),
            st.Page(
                "app_pages/runs.py",
                title=t("nav.runs"),
                icon=":material/monitoring:",
                url_path="runs",
                visibility="visible" if state.is_evaluator() else "hidden",
            ),
            st.Page(
                "app_pages/about.py",
                title=t("nav.about"),
                icon=":material/info:",
                url_path=NEEDS_NO_SERVICE,
            ),
        ],
        position="top",
    )


def _run(page: StreamlitPage, t: Translator) -> None:
    """The page, or what stands in its way and what to do about it."""
    try:
        if page.url_path != NEEDS_NO_SERVICE and state.me() is None:
            state.remember_me(state.service().me())
            if state.may_rate():
                st.rerun()  # The navigation above has more pages for them.
        account(t)
        page.run()
    except SignInNeeded:
        state.token_expired()
        sign_in_form(t)
    except BadAddressError as error:
        alert(t("problem.address"), t("problem.address_remedy", address=error.address))
    except ServiceError as error:
        error_page(error, t)


st.set_page_config(
    page_title="Maieutic",
    page_icon=str(HERE / "assets" / "favicon.png"),
    layout="wide",
    initial_sidebar_state="auto",
)
st.logo(str(HERE / "assets" / "wordmark.svg"), size="large")
st.html(HERE / "assets" / "style.css")
words = language_switch()
shown = _navigation(words)
state.arrived_at(shown.url_path)
_run(shown, words)
footer(words)
