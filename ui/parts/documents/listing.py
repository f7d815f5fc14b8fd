"""The list of documents and its filters: every file is in one stated state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import state
from ui.documents_contract import File
from ui.i18n import Translator
from ui.parts.dates import moment
from ui.parts.documents.words import PAGE, facts, icon, state_badge, trouble
from ui.parts.header import LONG
from ui.parts.markup import esc, heading, lang_attr, show

KEYS = {
    "q": "documents-text",
    "state": "documents-state",
    "kind": "documents-kind",
    "lang": "documents-language",
    "origin": "documents-origin",
}
"""Where each filter of the service is remembered."""
_MORE = "documents-shown"
STEP = 25
"""Documents that are shown at once."""


def listing(files: Sequence[File], t: Translator) -> None:
    """What there is, narrowed down as the visitor wishes: those sent last first."""
    heading(2, t("documents.list"))
    chosen = _filters(files, t)
    found = [file for file in files if _fits(file, chosen)]
    show(f'<p class="mx-count" role="status">{esc(_count(found, t))}</p>')
    if not found:
        show(f'<div class="mx-empty"><p>{esc(t("documents.none_match"))}</p></div>')
        st.button(t("filter.clear"), key="clear-documents", on_click=_clear)
        return
    most = st.session_state.get(_MORE, STEP)
    for file in sorted(found, key=_newest_first)[:most]:
        _row(file, t)
    if len(found) > most:
        st.button(
            t("documents.more", count=min(STEP, len(found) - most)),
            key="more-documents",
            on_click=_show_more,
            args=(most + STEP,),
        )


def _row(file: File, t: Translator) -> None:
    with st.container(border=True, key=f"mx-doc-{file.id}", gap="xxsmall"):
        show(
            f'<div class="mx-row"><h3 class="mx-h2"{lang_attr(file.language)}>'
            f"{esc(file.title)}</h3>{state_badge(file, t)}</div>"
            f'<p class="mx-small">{esc(_about(file, t))}</p>' + _remarks(file, t)
        )
        st.page_link(
            PAGE,
            label=t("documents.open"),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=state.address(document=file.id),
        )


def _about(file: File, t: Translator) -> str:
    parts = [facts(file, t), t(f"documents.origin_{file.origin}")]
    if file.at and file.origin == "uploads":
        parts.append(t("documents.sent", when=moment(file.at, t)))
    return " · ".join(part for part in parts if part)


def _remarks(file: File, t: Translator) -> str:
    if file.state != "indexed":
        return trouble(file.state, file.reason, file.remedy, t)
    told = []
    if file.findings:
        told.append(icon("policy") + esc(t("documents.findings", count=file.findings)))
    if file.unread:
        told.append(icon("visibility_off") + esc(t("documents.unread", count=len(file.unread))))
    if file.duplicates:
        told.append(icon("content_copy") + esc(t("documents.duplicates", count=file.duplicates)))
    return (
        f'<p class="mx-remarks">{" ".join(f"<span>{r}</span>" for r in told)}</p>' if told else ""
    )


def _count(found: Sequence[File], t: Translator) -> str:
    searched = sum(file.state == "indexed" for file in found)
    return t("documents.count", count=len(found), searched=searched)


def _newest_first(file: File) -> tuple[bool, float, str]:
    at = file.at.timestamp() if file.at else 0.0
    return file.origin == "corpus", -at if file.origin == "uploads" else 0.0, file.id


def _filters(files: Sequence[File], t: Translator) -> dict[str, str]:
    with st.container(key="mx-filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            t("filter.text"),
            type="search",
            icon=":material/search:",
            placeholder=t("documents.text_hint"),
            key=KEYS["q"],
            persist_state="session",
        )
        states = {f.state: t(f"file_state.{f.state}") for f in files}
        kinds = {f.kind: t.named("kind", f.kind) for f in files if f.kind}
        languages = {f.language: LONG[f.language] for f in files if f.language}
        origins = {f.origin: t(f"documents.origin_{f.origin}") for f in files}
        chosen = {
            "q": (text or "").strip(),
            "state": _choice("state", t("documents.state"), states, t),
            "kind": _choice("kind", t("upload.kind"), kinds, t),
            "lang": _choice("lang", t("upload.language"), languages, t),
            "origin": _choice("origin", t("documents.origin"), origins, t),
        }
    return {name: value for name, value in chosen.items() if value}


def _choice(name: str, label: str, names: Mapping[Any, str], t: Translator) -> str | None:
    chosen = st.selectbox(
        label,
        sorted(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=t("filter.any"),
        key=KEYS[name],
        persist_state="session",
    )
    return str(chosen) if chosen else None


def _fits(file: File, chosen: dict[str, str]) -> bool:
    text = f"{file.title} {file.path} {file.issuer or ''}".casefold()
    return (
        all(word in text for word in chosen.get("q", "").casefold().split())
        and chosen.get("state", file.state) == file.state
        and chosen.get("kind", file.kind) == file.kind
        and chosen.get("lang", file.language) == file.language
        and chosen.get("origin", file.origin) == file.origin
    )


def _clear() -> None:
    st.session_state[KEYS["q"]] = ""
    for name in ("state", "kind", "lang", "origin"):
        st.session_state[KEYS[name]] = None


def _show_more(most: int) -> None:
    st.session_state[_MORE] = most
