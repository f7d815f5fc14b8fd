"""Rating by people: one item at a time, blinded; and settling where raters differ."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.parts.errors import alert
from ui.parts.markup import heading
from ui.parts.rating.counts import counts
from ui.parts.rating.listing import listing, notice
from ui.parts.rating.settle import settle
from ui.parts.rating.task import leave, task

ABSENT = {"not-found", "validation"}


def _page() -> None:
    t = state.translator()
    query = st.query_params
    batch, view = query.get("batch"), query.get("view")
    with st.container(key="mx-documents"):
        notice(t)
        if not batch:
            leave()
            listing(t)
            return
        try:
            if view == "settle":
                settle(batch, query.get("number"), t)
            elif view == "counts":
                counts(batch, t)
            else:
                task(batch, query.get("at"), t)
        except ProblemError as error:
            if error.name in ABSENT:
                heading(1, t("rate.gone"))
            elif error.name == "conflict":
                heading(1, t("rate.not_yours"))
                alert(t("rate.not_yours_remedy"), "", tone="info")
            else:
                raise


_page()
