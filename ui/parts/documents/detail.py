"""The page of one document: what became of it, and what may be done with it."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.documents_contract import FileDetail
from ui.i18n import Translator
from ui.parts.documents.contents import AT_ONCE, contents
from ui.parts.documents.findings import findings
from ui.parts.documents.history import history
from ui.parts.documents.removal import removal
from ui.parts.documents.trial import trial
from ui.parts.documents.words import PAGE, facts, page_list, state_badge, trouble
from ui.parts.errors import alert
from ui.parts.header import LONG
from ui.parts.markup import esc, heading, safe_link, show

_AT = "passages-at"
NOT_FOUND = "not-found"


def document(document_id: str, t: Translator) -> None:
    """The document of that id."""
    st.page_link(
        PAGE,
        label=t("documents.back"),
        icon=":material/arrow_back:",
        query_params=state.address(),
    )
    try:
        offset = st.session_state.get(_AT, {}).get(document_id, 0)
        file = state.documents().file(document_id, offset, AT_ONCE)
    except ProblemError as error:
        if error.name != NOT_FOUND:
            raise
        heading(1, t("documents.gone"))
        show(f"<p>{esc(t('documents.gone_remedy'))}</p>")
        return
    _head(file, t)
    made, tried, scan, past = st.tabs(
        [
            t("detail.contents"),
            t("detail.trial"),
            t("detail.findings", count=len(file.scan)),
            t("detail.history"),
        ]
    )
    with made:
        contents(file, t, turn=_turn)
    with tried:
        trial(file, t)
    with scan:
        findings(file, t)
    with past:
        history(file, t)
        removal(file, t)


def _head(file: FileDetail, t: Translator) -> None:
    with st.container(gap="xxsmall"):
        show(f'<p class="mx-eyebrow">{esc(facts(file, t))}</p>')
        heading(1, file.title, lang=file.language)
        show(f"<p>{state_badge(file, t)}</p>")
    if file.state != "indexed":
        show(f'<div class="mx-alert">{trouble(file.state, file.reason, file.remedy, t)}</div>')
    if file.unread:
        alert(
            t("detail.unread", count=len(file.unread)),
            t("detail.unread_explain", pages=page_list(file.unread)),
            tone="info",
        )
    show(_source(file, t))
    for other in file.same:
        kind = "detail.same" if other.kind == "exact" else "detail.near"
        percent = round(100 * other.similarity)
        st.page_link(
            PAGE,
            label=t(kind, title=other.title or other.document_id, percent=percent),
            icon=":material/content_copy:",
            query_params=state.address(document=other.document_id),
        )


def _source(file: FileDetail, t: Translator) -> str:
    link = safe_link(file.url)
    shown = esc(file.url or "")
    if link:
        shown = f'<a href="{esc(link)}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    rows = [
        (t("upload.issuer"), esc(" · ".join(str(x) for x in (file.issuer, file.year) if x))),
        (t("upload.url"), shown),
        (t("upload.licence"), esc(file.licence or "")),
        (t("upload.as_of"), esc(file.as_of or "")),
        (t("upload.language"), esc(LONG[file.language]) if file.language else ""),
        (t("detail.file"), esc(file.path)),
    ]
    inner = "".join(
        f"<div><dt>{esc(name)}</dt><dd>{value}</dd></div>" for name, value in rows if value
    )
    return f'<dl class="mx-facts mx-facts--source">{inner}</dl>'


def _turn(document_id: str, offset: int) -> None:
    """Show the passages from `offset` on (a button's callback)."""
    st.session_state.setdefault(_AT, {})[document_id] = offset
