"""A case: what it is before the dialogue, the dialogue, and what remains after it."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.parts.dialogue import dialogue
from ui.parts.intro import intro
from ui.parts.markup import esc, heading, show

LIBRARY_PAGE = "app_pages/library.py"


def _page() -> None:
    t = state.translator()
    session_id = st.query_params.get("session")
    case_id = st.query_params.get("case")
    if session_id:
        dialogue(session_id, t)
    elif case_id:
        intro(case_id, t)
    else:
        heading(1, t("case.none_title"))
        show(f"<p>{esc(t('case.none'))}</p>")
        st.page_link(
            LIBRARY_PAGE,
            label=t("case.to_library"),
            icon=":material/arrow_back:",
            query_params=state.address(),
        )


_page()
