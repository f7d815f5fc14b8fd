"""The queue and its filters, a page at a time, the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ui import state
from ui.i18n import Translator
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr, show
from ui.parts.review.words import PAGE, badge, facts
from ui.review_contract import REASONS, STATES, Gain, Item

STEP = 10
"""Judgements that are shown at once."""
LONGEST = 240
"""Characters of the learner's words in the list."""
_AT = "review-at"
KEYS = {
    "case": "review-case",
    "lang": "review-language",
    "reason": "review-reason",
    "state": "review-state",
}
"""Where each filter of the service is remembered."""


def listing(gains: Sequence[Gain], t: Translator) -> None:
    """What there is, narrowed down as the educator wishes; what is open, to begin with."""
    if not any(gain.open or gain.decided for gain in gains):
        show(f'<div class="mx-empty"><p>{esc(t("queue.none"))}</p></div>')
        return
    chosen = _filters(gains, t)
    offset = st.session_state.get(_AT, 0)
    page = state.reviews().items(offset, STEP, **chosen)
    if not page.items and page.total:
        # The page has emptied while it was being worked through: back to what is left.
        offset = 0
        page = state.reviews().items(offset, STEP, **chosen)
    show(f'<p class="mx-count" role="status">{esc(t("queue.count", count=page.total))}</p>')
    if not page.items:
        show(f'<div class="mx-empty"><p>{esc(t("queue.none_match"))}</p></div>')
        st.button(t("filter.clear"), key="clear-review", on_click=_clear)
        return
    for item in page.items:
        _row(item, t)
    turn_pages(_AT, offset, STEP, page.total, t)


def turn_pages(name: str, offset: int, step: int, total: int, t: Translator) -> None:
    """Where one is in a list, and the way on and back; nothing where it fits one page."""
    if total <= step:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"mx-pages-{name}"):
        last = min(offset + step, total)
        words = t("queue.shown", first=offset + 1, last=last, total=total)
        show(f'<p class="mx-small">{esc(words)}</p>')
        for label, to, possible in (
            ("queue.earlier", max(0, offset - step), offset > 0),
            ("queue.later", offset + step, last < total),
        ):
            st.button(
                t(label),
                key=f"{name}-{label}",
                disabled=not possible,
                on_click=_go,
                args=(name, to),
            )


def _row(item: Item, t: Translator) -> None:
    said = item.said if len(item.said) <= LONGEST else item.said[: LONGEST - 1] + "…"
    with st.container(border=True, key=f"mx-review-{item.id}", gap="xxsmall"):
        show(
            f'<p class="mx-eyebrow">{esc(facts(item, t))}</p>'
            f'<div class="mx-row"><h2 class="mx-h2"{lang_attr(item.language)}>'
            f"{esc(item.statement or t('idea.lost'))}</h2>"
            f"{badge(item.state, t.named('queue_state', item.state))}</div>"
            f'<p class="mx-words"{lang_attr(item.language)}>{esc(said)}</p>'
        )
        st.page_link(
            PAGE,
            label=t("queue.open_item") if item.state == "open" else t("queue.open_again"),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=state.address(item=str(item.id)),
        )


def _filters(gains: Sequence[Gain], t: Translator) -> dict[str, str | None]:
    st.session_state.setdefault(KEYS["state"], "open")
    titles: dict[str, str] = {}
    for gain in sorted(gains, key=lambda g: g.language == t.language):
        titles[gain.case_id] = gain.case_title
    with st.container(key="mx-filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        return {
            "case": _choice("case", t("queue.case"), titles, t),
            "lang": _choice(
                "lang", t("queue.language"), {g.language: LONG[g.language] for g in gains}, t
            ),
            "reason": _choice(
                "reason", t("queue.reason"), {r: t(f"reason.{r}") for r in REASONS}, t
            ),
            "state": _choice(
                "state", t("queue.state"), {s: t(f"queue_state.{s}") for s in STATES}, t
            ),
        }


def _choice(name: str, label: str, names: Mapping[str, str], t: Translator) -> str | None:
    chosen = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=t("filter.any"),
        key=KEYS[name],
        persist_state="session",
        on_change=_go,
        args=(_AT, 0),
    )
    return str(chosen) if chosen else None


def _go(name: str, offset: int) -> None:
    st.session_state[name] = offset


def _clear() -> None:
    for key in KEYS.values():
        st.session_state[key] = None
    st.session_state[_AT] = 0
