"""What was decided, the newest first, and taking a decision back."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.i18n import Translator
from ui.parts.errors import show_error
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr, show
from ui.parts.review.listing import turn_pages
from ui.parts.review.words import PAGE, decision_html
from ui.review_contract import Decision

STEP = 10
_AT = "decisions-at"


def history(t: Translator) -> None:
    """Every version of every decision."""
    offset = st.session_state.get(_AT, 0)
    found = state.reviews().decisions(offset, STEP)
    if not found.total:
        show(f'<div class="mx-empty"><p>{esc(t("decided.none"))}</p></div>')
        return
    for decision in found.decisions:
        name = f"mx-decision-{decision.subject}-{decision.version}"
        with st.container(border=True, key=name, gap="xxsmall"):
            about = f"{decision.case_title} · {LONG[decision.language]}"
            show(
                f'<p class="mx-eyebrow">{esc(about)}</p>'
                f'<h2 class="mx-h2"{lang_attr(decision.language)}>'
                f"{esc(decision.statement or t('idea.lost'))}</h2>" + decision_html(decision, t)
            )
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if decision.review_id is not None:
                    st.page_link(
                        PAGE,
                        label=t("decided.open"),
                        icon=":material/arrow_forward:",
                        query_params=state.address(item=str(decision.review_id)),
                    )
                revocation(decision, t)
    turn_pages(_AT, offset, STEP, found.total, t)


def revocation(decision: Decision, t: Translator) -> None:
    """The way to take a decision back, with what that does; nothing where it does not hold."""
    if not decision.in_force:
        return
    key = f"revoke-{decision.subject}-{decision.version}"
    with st.popover(t("decided.revoke"), icon=":material/undo:", type="tertiary", key=f"pop-{key}"):
        show(f"<p>{esc(t('decided.revoke_explain'))}</p>")
        if st.button(t("decided.revoke"), key=key, type="primary"):
            _revoke(decision, t)


def _revoke(decision: Decision, t: Translator) -> None:
    try:
        state.reviews().revoke(decision)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key="revoke")
        return
    state.notify("decided.revoked", "good")
    st.rerun()
