"""The library: choose a case."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import CaseSummary
from ui.i18n import Translator
from ui.parts.case_card import case_card
from ui.parts.filters import clear, filters
from ui.parts.markup import esc, heading, show


def _cards(cases: list[CaseSummary], t: Translator) -> None:
    count = t("library.count", count=len(cases))
    show(f'<p class="mx-count" role="status">{esc(count)}</p>')
    if not cases:
        show(f'<div class="mx-empty"><p>{esc(t("library.none_match"))}</p></div>')
        st.button(t("filter.clear"), key="clear", on_click=clear)
        return
    with st.grid(3, min_column_width=290, gap="medium"):
        for case in cases:
            case_card(case, t)


def _page() -> None:
    t, service = state.translator(), state.service()
    # First of all: where the service does not answer, the page is nothing but that.
    everything = service.cases(t.language)
    heading(1, t("library.title"))
    show(f'<p class="mx-lead">{esc(t("library.lead"))}</p>')
    if not everything:
        show(f'<div class="mx-empty"><p>{esc(t("library.none_installed"))}</p></div>')
        return
    chosen = filters(everything, t)
    found = service.cases(t.language, **chosen) if any(chosen.values()) else everything
    _cards(found, t)


_page()
