"""Where raters differ, before a third person: both ratings, a choice and its reason."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.errors import alert
from ui.parts.header import LONG
from ui.parts.markup import esc, heading, plain, prose, show, spoken
from ui.parts.rating.unsaved import NOT_APPLICABLE
from ui.parts.rating.words import PAGE, content, rubric_of
from ui.rating_contract import MAX_WORDS, Difference, Dimension, Dispute, DisputeLine


def settle(batch: str, number: str | None, t: Translator) -> None:
    """The list, or one item of it."""
    if number is not None and number.isdecimal():
        _one(batch, int(number), t)
        return
    st.page_link(
        PAGE, label=t("rate.back"), icon=":material/arrow_back:", query_params=state.address()
    )
    heading(1, t("rate.settle_title", batch=batch))
    show(f'<p class="mx-lead">{esc(t("rate.settle_lead"))}</p>')
    lines = state.ratings().disputes(batch)
    names = {d.id: d.name for d in rubric_of(batch, t).dimensions}
    if not lines:
        show(f'<div class="mx-empty"><p>{esc(t("rate.no_disputes"))}</p></div>')
    for line in lines:
        _line(batch, line, names, t)


def _line(batch: str, line: DisputeLine, names: dict[str, str], t: Translator) -> None:
    told = t("common.list_comma").join(names[d] for d in line.dimensions)
    tone, state_ = ("good", "rate.settled") if line.settled else ("review", "rate.unsettled")
    with st.container(border=True, key=f"mx-dispute-{line.number}", gap="xxsmall"):
        show(
            f'<div class="mx-row"><p>{esc(told)}</p>'
            f'<span class="mx-pill mx-pill--{tone}">{esc(t(state_))}</span></div>'
            f'<p class="mx-small">{esc(LONG[line.language])}</p>'
        )
        st.page_link(
            PAGE,
            label=t("rate.look", number=line.number),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=state.address(batch=batch, view="settle", number=str(line.number)),
        )


def _one(batch: str, number: int, t: Translator) -> None:
    st.page_link(
        PAGE,
        label=t("rate.to_disputes"),
        icon=":material/arrow_back:",
        query_params=state.address(batch=batch, view="settle"),
    )
    found = state.ratings().dispute(batch, number)
    dimensions = {d.id: d for d in rubric_of(batch, t).dimensions}
    heading(1, t("rate.dispute", number=number))
    rated, choice = st.columns([5, 6], gap="large")
    with rated, st.container(key="mx-rated"):
        content(found.content, found.language, t)
    with choice:
        _comments(found, t)
        for difference in found.differences:
            _difference(batch, found, difference, dimensions[difference.dimension], t)


def _comments(found: Dispute, t: Translator) -> None:
    if found.comments:
        said = "".join(
            f'<div class="mx-say"><p class="mx-who">{esc(t("rate.said", rater=rater))}</p>'
            f"{prose(text)}</div>"
            for rater, text in sorted(found.comments.items())
        )
        show(said)


def _difference(
    batch: str, found: Dispute, difference: Difference, dimension: Dimension, t: Translator
) -> None:
    version = difference.ruling.version if difference.ruling else 0
    key = f"{batch}-{found.number}-{dimension.id}-{version}"
    with st.container(border=True, key=f"mx-difference-{dimension.id}"):
        given = "".join(
            f"<div><dt>{esc(t('rate.rater', rater=rater))}</dt>"
            f"<dd>{esc(dimension.label(score))}</dd></div>"
            for rater, score in sorted(difference.scores.items())
        )
        show(
            f'<h2 class="mx-h2">{esc(dimension.name)}</h2><p>{esc(dimension.question)}</p>'
            f'<dl class="mx-facts mx-rate-given">{given}</dl>'
        )
        if difference.ruling is not None:
            alert(
                t("rate.ruled", what=dimension.label(difference.ruling.score)),
                difference.ruling.reason,
                tone="good",
            )
        options: list[int | str] = list(range(len(dimension.steps)))
        options += [NOT_APPLICABLE] if dimension.not_applicable else []
        chosen = st.radio(
            spoken(f"{dimension.name}: {t('rate.holds')}"),
            options,
            index=None,
            format_func=lambda o: plain(dimension.label(None if o == NOT_APPLICABLE else int(o))),
            key=f"holds-{key}",
            label_visibility="collapsed",
        )
        reason = st.text_area(t("rate.reason"), key=f"reason-{key}", height=80, max_chars=MAX_WORDS)
        label = t("rate.settle_again") if difference.ruling else t("rate.settle_this")
        if st.button(label, key=f"settle-{key}", type="primary"):
            _store(batch, found.number, dimension.id, chosen, reason, version, t)


def _store(
    batch: str,
    number: int,
    dimension: str,
    chosen: int | str | None,
    reason: str,
    version: int,
    t: Translator,
) -> None:
    if chosen is None or not reason.strip():
        alert(t("rate.incomplete"), "")
        return
    score = None if chosen == NOT_APPLICABLE else int(chosen)
    body = {"dimension": dimension, "score": score, "reason": reason, "version": version}
    try:
        state.ratings().settle(batch, number, body)
    except ProblemError as error:
        if error.name != "conflict":
            raise
        state.notify("rate.faster", "warn")
    else:
        state.notify("rate.stored", "good")
    st.rerun()
