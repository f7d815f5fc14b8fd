"""The review queue: what the tutor was unsure of, decided by an educator."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.parts.errors import alert
from ui.parts.markup import esc, heading, show
from ui.parts.review.gains import gains
from ui.parts.review.history import history
from ui.parts.review.item import item
from ui.parts.review.listing import listing


def _page() -> None:
    t = state.translator()
    chosen = st.query_params.get("item")
    with st.container(key="mx-documents"):
        notice = state.take_notice()
        if notice is not None:
            alert(t(notice.key), "", tone=notice.tone)
        if chosen:
            item(chosen, t)
            return
        heading(1, t("queue.title"))
        show(f'<p class="mx-lead">{esc(t("queue.lead"))}</p>')
        show(f'<p class="mx-small">{esc(t("queue.past"))}</p>')
        waiting, decided, gained = st.tabs(
            [t("queue.waiting"), t("decided.title"), t("gains.title")]
        )
        found = state.reviews().gains()
        with waiting:
            listing(found, t)
        with decided:
            history(t)
        with gained:
            gains(found, t)


_page()
