"""Sending documents: files, and what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.documents_client import Sent
from ui.documents_contract import JURISDICTIONS, KINDS
from ui.i18n import Translator
from ui.parts.documents.jobs import remember
from ui.parts.errors import alert, show_error
from ui.parts.header import LONG
from ui.parts.markup import esc, show

TYPES = ("pdf", "docx", "html", "htm", "md", "txt")
_ROUND = "upload_round"


def upload_form(t: Translator) -> None:
    """The box for files and, folded up, what may be said of them."""
    # A new key empties the box, once what was in it has arrived.
    number = st.session_state.get(_ROUND, 0)
    with st.form(f"mx-upload-{number}", border=True):
        files = st.file_uploader(
            t("upload.files"),
            type=list(TYPES),
            accept_multiple_files=True,
            key=f"upload-{number}",
        )
        with st.expander(t("upload.details"), icon=":material/edit_note:", key="mx-details"):
            show(f'<p class="mx-small">{esc(t("upload.details_explain"))}</p>')
            details = _details(number, t)
        sent = st.form_submit_button(t("upload.submit"), type="primary", icon=":material/upload:")
    show(f'<p class="mx-small">{esc(t("upload.terms"))}</p>')
    if sent and not files:
        alert(t("upload.none"), "")
    elif sent:
        _send([(file.name, file) for file in files], details, t)


def _details(number: int, t: Translator) -> dict[str, str]:
    """What was said, by the service's names; nothing of what was left open."""

    def key(name: str) -> str:
        return f"upload-{name}-{number}"

    title = st.text_input(t("upload.title"), help=t("upload.title_help"), key=key("title"))
    with st.container(horizontal=True, gap="small", key="mx-detail-choices"):
        kinds = {code: t.named("kind", code) for code in KINDS}
        kind = _choice(t("upload.kind"), kinds, key("kind"), t)
        language = _choice(t("upload.language"), LONG, key("language"), t)
        places = {code: t.named("jurisdiction", code) for code in JURISDICTIONS}
        place = _choice(t("upload.jurisdiction"), places, key("jurisdiction"), t)
    with st.container(horizontal=True, gap="small", key="mx-detail-issuer"):
        issuer = st.text_input(t("upload.issuer"), key=key("issuer"))
        year = st.number_input(
            t("upload.year"),
            min_value=1900,
            max_value=dt.datetime.now(dt.UTC).year + 1,
            value=None,
            step=1,
            key=key("year"),
        )
    url = st.text_input(t("upload.url"), key=key("url"))
    with st.container(horizontal=True, gap="small", key="mx-detail-terms"):
        licence = st.text_input(t("upload.licence"), key=key("licence"))
        as_of = st.date_input(t("upload.as_of"), value=None, format="YYYY-MM-DD", key=key("as-of"))
    said = {
        "title": title,
        "kind": kind,
        "language": language,
        "jurisdiction": place,
        "issuer": issuer,
        "year": year,
        "url": url,
        "licence": licence,
        "as_of": as_of.isoformat() if isinstance(as_of, dt.date) else None,
    }
    return {name: str(value).strip() for name, value in said.items() if value}


def _choice(label: str, names: Mapping[Any, str], key: str, t: Translator) -> str | None:
    chosen = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=t("upload.from_file"),
        key=key,
    )
    return str(chosen) if chosen else None


def _send(files: Sequence[Sent], details: dict[str, str], t: Translator) -> None:
    if len(files) > 1 and "title" in details:
        alert(t("upload.one_title"), t("upload.one_title_remedy"))
        return
    try:
        with st.spinner(t("upload.sending")):
            jobs = state.documents().upload(files, details).jobs
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key="upload")
        return
    remember([job.id for job in jobs])
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
