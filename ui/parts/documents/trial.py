"""Trying a query against one document: what a learner's search would find in it, and why."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.documents_contract import FileDetail, Hit
from ui.i18n import Translator
from ui.parts.documents.contents import passage_html
from ui.parts.errors import show_error
from ui.parts.markup import esc, show

_LEGS = ("dense", "english", "lexical")
_TRIED = "tried"


def trial(file: FileDetail, t: Translator) -> None:
    """A box for a query, and its hits with what each leg of the search said."""
    if not file.passages:
        show(f'<div class="mx-empty"><p>{esc(t("contents.none"))}</p></div>')
        return
    show(f'<p class="mx-small">{esc(t("trial.lead"))}</p>')
    with (
        st.form("mx-trial", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", key="mx-trial-line"),
    ):
        query = st.text_input(t("trial.query"), placeholder=t("trial.hint"), key="trial-query")
        asked = st.form_submit_button(t("trial.submit"), icon=":material/search:")
    if asked and query.strip():
        _search(file, query.strip(), t)
    tried = st.session_state.get(_TRIED)
    if tried is not None and tried[0] == file.id:
        _hits(tried[1], tried[2], t)


def _search(file: FileDetail, query: str, t: Translator) -> None:
    try:
        hits = state.documents().try_query(file.id, query)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key="trial")
        return
    st.session_state[_TRIED] = (file.id, query, hits)


def _hits(query: str, hits: list[Hit], t: Translator) -> None:
    if not hits:
        show(f'<div class="mx-empty" role="status"><p>{esc(t("trial.none"))}</p></div>')
        return
    told = t("trial.found", count=len(hits), query=query)
    show(f'<p class="mx-count" role="status">{esc(told)}</p>')
    for hit in hits:
        show(passage_html(hit.passage, t) + _why(hit, t))


def _why(hit: Hit, t: Translator) -> str:
    rows = [f"<span><b>{esc(t('trial.score'))}</b> {hit.score:.2f}</span>"]
    for name in (*_LEGS, *sorted(hit.legs.keys() - set(_LEGS))):
        leg = hit.legs.get(name)
        if leg is not None:
            said = t("trial.leg", score=f"{leg.score:.2f}", rank=leg.rank)
            rows.append(f"<span><b>{esc(t.named('leg', name))}</b> {esc(said)}</span>")
    return f'<p class="mx-why">{" ".join(rows)}</p>'
