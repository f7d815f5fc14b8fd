"""The transcript, to keep."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ui import state
from ui.i18n import Translator


def download_button(
    session_id: str,
    case_id: str,
    t: Translator,
    *,
    width: Literal["content", "stretch"] = "content",
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
) -> None:
    """A button that fetches the transcript (Markdown) when it is clicked, not before."""
    service = state.service()
    st.download_button(
        t("menu.download"),
        data=lambda: service.transcript(session_id),
        file_name=f"maieutic-{case_id}-{session_id[:8]}.md",
        mime="text/markdown",
        key=f"download-{session_id}",
        icon=":material/download:",
        on_click="ignore",
        width=width,
        type=kind,
    )
