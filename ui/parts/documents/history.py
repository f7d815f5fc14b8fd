"""The versions of a document, and its replacement by the next."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.documents_contract import FileDetail, Version
from ui.i18n import Translator
from ui.parts.dates import moment
from ui.parts.documents.dropzone import ONE_KIND
from ui.parts.documents.jobs import remember
from ui.parts.errors import alert, show_error
from ui.parts.markup import esc, heading, show

_ROUND = "replace_round"


def history(file: FileDetail, t: Translator) -> None:
    """A table of versions; below it, where the document is an upload, its replacement."""
    heading(2, t("history.title"))
    if file.versions:
        show(_table(file.versions, t))
    else:
        show(f'<p class="mx-small">{esc(t("history.none"))}</p>')
    if file.origin == "uploads":
        _replace(file, t)
    else:
        show(f'<div class="mx-alert"><p>{esc(t("history.of_corpus"))}</p></div>')


def _table(versions: tuple[Version, ...], t: Translator) -> str:
    names = ("history.number", "history.at", "history.by", "history.passages", "history.state")
    head = "".join(f'<th scope="col">{esc(t(name))}</th>' for name in names)
    rows = "".join(
        "<tr>" + "".join(f"<td>{esc(value)}</td>" for value in _cells(version, t)) + "</tr>"
        for version in sorted(versions, key=lambda v: v.number, reverse=True)
    )
    return (
        '<div class="mx-scroll" tabindex="0"><table class="mx-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cells(version: Version, t: Translator) -> tuple[object, ...]:
    when = moment(version.at, t) if version.at else ""
    state_ = t.named("version_state", version.state)
    return version.number, when, version.by or "", version.passages, state_


def _replace(file: FileDetail, t: Translator) -> None:
    suffix = PurePosixPath(file.path).suffix.lstrip(".").lower()
    heading(2, t("history.replace"))
    number = st.session_state.get(_ROUND, 0)
    with st.container(key=ONE_KIND), st.form(f"mx-replace-{number}", border=True):
        new = st.file_uploader(
            t("history.new_version", kind=suffix.upper()),
            type=[suffix] if suffix else None,
            key=f"replace-{number}",
        )
        show(f'<p class="mx-small">{esc(t("history.replace_explain"))}</p>')
        sent = st.form_submit_button(t("history.replace_submit"), icon=":material/upload:")
    if sent and new is None:
        alert(t("upload.none"), "")
    elif sent and new is not None:
        try:
            job = state.documents().replace(file.id, (new.name, new))
        except SignInNeeded:
            raise
        except ServiceError as error:
            show_error(error, t, key="replace")
            return
        remember([job.id])
        st.session_state[_ROUND] = number + 1
        st.rerun()
