"""The filters of the library. Only what some case has can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from ui.contract import CaseSummary
from ui.i18n import Translator

KEYS = {
    "q": "filter-text",
    "jurisdiction": "filter-jurisdiction",
    "profession": "filter-profession",
    "competency": "filter-competency",
}
"""Where each filter of the service is remembered."""


def filters(cases: Sequence[CaseSummary], t: Translator) -> dict[str, str | None]:
    """What the visitor wants to see: `q`, `jurisdiction`, `profession`, `competency`."""
    with st.container(key="mx-filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            t("filter.text"),
            type="search",
            icon=":material/search:",
            placeholder=t("filter.text_hint"),
            key=KEYS["q"],
            persist_state="session",
        )
        return {
            "q": (text or "").strip() or None,
            "jurisdiction": _choice("jurisdiction", (c.jurisdictions for c in cases), t),
            "profession": _choice("profession", (c.professions for c in cases), t),
            "competency": _choice("competency", (c.competencies for c in cases), t),
        }


def clear() -> None:
    """Forget every filter (a button's callback)."""
    st.session_state[KEYS["q"]] = ""
    for group in ("jurisdiction", "profession", "competency"):
        st.session_state[KEYS[group]] = None


def _choice(group: str, values: Iterable[tuple[str, ...]], t: Translator) -> str | None:
    options = sorted({value for some in values for value in some})
    return st.selectbox(
        t(f"filter.{group}"),
        options,
        index=None,
        placeholder=t("filter.any"),
        format_func=lambda code: t.named(group, code),
        key=KEYS[group],
        persist_state="session",
    )
