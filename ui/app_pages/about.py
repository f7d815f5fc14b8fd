"""What Maieutic is, what it cannot do, and what it draws on."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError
from ui.contract import Document
from ui.i18n import Translator
from ui.parts.errors import show_error
from ui.parts.markup import esc, heading, lang_attr, safe_link, show

_SECTIONS = ("what", "how", "limits", "evidence", "privacy", "corpus")


def _section(name: str, t: Translator) -> None:
    heading(2, t(f"about.{name}_title"))
    lines = [line for line in t(f"about.{name}").split("\n") if line]
    if len(lines) == 1:
        show(f"<p>{esc(lines[0])}</p>")
    else:
        show("<ul>" + "".join(f"<li>{esc(line)}</li>" for line in lines) + "</ul>")


def _documents(t: Translator) -> None:
    box = st.expander(
        t("about.sources"), icon=":material/library_books:", key="mx-sources", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        try:
            documents = [d for d in state.service().documents() if d.kind != "case"]
        except ServiceError as error:
            show_error(error, t, key="documents")
            return
        if not documents:
            show(f"<p>{esc(t('about.no_sources'))}</p>")
            return
        show('<ul class="mx-reading">' + "".join(_document(d, t) for d in documents) + "</ul>")


def _document(document: Document, t: Translator) -> str:
    place = t.named("jurisdiction", document.jurisdiction) if document.jurisdiction else ""
    parts = (document.issuer, document.year, place, document.licence)
    title = esc(document.title)
    link = safe_link(document.url)
    if link:
        title = f'<a href="{esc(link)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    rest = esc(" · ".join(str(part) for part in parts if part))
    lang = lang_attr(document.language)
    return f'<li{lang}>{title}<br><span class="mx-small">{rest}</span></li>'


def _page() -> None:
    t = state.translator()
    with st.container(key="mx-narrow"):
        heading(1, t("about.title"))
        show(f'<p class="mx-lead">{esc(t("about.lead"))}</p>')
        for name in _SECTIONS:
            _section(name, t)
        _documents(t)


_page()
