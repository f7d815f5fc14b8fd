"""Educators' documents: send them, see what became of each, try, replace, delete, erase."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.parts.documents.detail import document
from ui.parts.documents.dropzone import translate_dropzones
from ui.parts.documents.jobs import uploads
from ui.parts.documents.listing import listing
from ui.parts.documents.removal import proof
from ui.parts.documents.upload import upload_form
from ui.parts.markup import esc, heading, show


def _page() -> None:
    t = state.translator()
    chosen = st.query_params.get("document")
    translate_dropzones(t)
    with st.container(key="mx-documents"):
        if chosen:
            uploads(t)
            document(chosen, t)
            return
        files = state.documents().files()
        heading(1, t("documents.title"))
        show(f'<p class="mx-lead">{esc(t("documents.lead"))}</p>')
        proof(t)
        upload_form(t)
        uploads(t)
        if files:
            listing(files, t)
        else:
            show(f'<div class="mx-empty"><p>{esc(t("documents.none"))}</p></div>')


_page()
