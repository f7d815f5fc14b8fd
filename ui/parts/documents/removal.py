"""Deleting and erasing a document, each with its proof in words and figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.documents_contract import Deletion, Erasure, FileDetail
from ui.i18n import Translator
from ui.parts.errors import alert, show_error
from ui.parts.markup import esc, heading, plain, show

_PROOF = "proof"
_DELETE, _ERASE = "delete-document:", "erase-document:"


def removal(file: FileDetail, t: Translator) -> None:
    """Both ways to be rid of a document, and what tells them apart."""
    if file.origin != "uploads":
        return
    heading(2, t("removal.title"))
    for name, what, icon in (
        ("delete", _DELETE, ":material/delete:"),
        ("erase", _ERASE, ":material/delete_forever:"),
    ):
        with st.container(key=f"mx-remove-{name}", gap="xsmall"):
            show(f"<p>{esc(t(f'removal.{name}_explain'))}</p>")
            st.button(
                t(f"removal.{name}"),
                key=f"remove-{name}",
                icon=icon,
                on_click=state.confirm,
                args=(what + file.id,),
            )
    waiting = state.to_confirm()
    if waiting == _DELETE + file.id:
        st.dialog(t("removal.delete_title"), on_dismiss=_dismiss)(_delete)(file, t)
    elif waiting == _ERASE + file.id:
        _ask_to_erase(file.id, file.title, t)


def proof(t: Translator) -> None:
    """What came of the last removal, until it is put away."""
    kept = cast("tuple[str, Deletion | Erasure] | None", st.session_state.get(_PROOF))
    if kept is None:
        return
    title, told = kept
    gone = not told.found and not (isinstance(told, Deletion) and told.left_vectors)
    with st.container(key="mx-proof", gap="xsmall"):
        head = t("proof.gone", title=title) if gone else t("proof.not_gone", title=title)
        alert(head, _figures(told, t), tone="good" if gone else "warn")
        with st.container(horizontal=True, gap="small", key="mx-proof-next"):
            if isinstance(told, Deletion):
                st.button(
                    t("proof.erase_too"),
                    key="erase-too",
                    icon=":material/delete_forever:",
                    on_click=state.confirm,
                    args=(_ERASE + told.document_id,),
                )
            st.button(
                t("jobs.put_away"),
                key="proof-away",
                type="tertiary",
                on_click=lambda: st.session_state.pop(_PROOF, None),
            )
    if state.to_confirm() == _ERASE + told.document_id:
        _ask_to_erase(told.document_id, title, t)


def _figures(told: Deletion | Erasure, t: Translator) -> str:
    if isinstance(told, Deletion):
        return t(
            "proof.deleted",
            passages=told.passages,
            searched=told.searched,
            found=told.found,
            vectors=told.left_vectors,
        )
    size = f"{told.bytes / 2**20:.1f}"
    said = t(
        "proof.erased",
        passages=told.passages,
        files=told.files,
        size=size,
        looked_for=told.looked_for,
        found=told.found,
    )
    return f"{said} {t('proof.shared', count=told.shared)}" if told.shared else said


def _delete(file: FileDetail, t: Translator) -> None:
    show(f"<p>{esc(t('removal.delete_sure', title=file.title, count=file.passages))}</p>")
    with st.container(horizontal=True):
        sure = st.button(t("removal.delete_yes"), type="primary", key="delete-document-yes")
        st.button(t("common.cancel"), key="delete-document-no", on_click=_dismiss)
    if sure:
        _do(lambda: state.documents().remove(file.id), file.title, t)


def _ask_to_erase(document_id: str, title: str, t: Translator) -> None:
    dialog = st.dialog(t("removal.erase_title"), on_dismiss=_dismiss)
    dialog(_erase)(document_id, title, t)


def _erase(document_id: str, title: str, t: Translator) -> None:
    show(f"<p>{esc(t('removal.erase_sure', title=title))}</p>")
    with st.form("mx-erase", border=False):
        typed = st.text_input(t("removal.type_title", title=plain(title)), key="erase-title")
        sure = st.form_submit_button(t("removal.erase_yes"), type="primary")
    st.button(t("common.cancel"), key="erase-no", on_click=_dismiss)
    if sure and " ".join(typed.split()) != " ".join(title.split()):
        alert(t("removal.other_title"), t("removal.other_title_remedy"))
    elif sure:
        _do(lambda: state.documents().erase(document_id), title, t)


def _do(remove: Callable[[], Deletion | Erasure], title: str, t: Translator) -> None:
    try:
        with st.spinner(t("removal.working")):
            told = remove()
    except SignInNeeded:
        # The page around the dialog asks for the sign-in.
        st.rerun()
    except ServiceError as error:
        show_error(error, t, key="removal")
        return
    state.confirm(None)
    st.session_state[_PROOF] = (title, told)
    st.query_params.pop("document", None)
    st.rerun()


def _dismiss() -> None:
    state.confirm(None)
