"""One item before its rater: what is rated beside the rubric; every click is stored at once."""

from __future__ import annotations

from typing import cast

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.errors import alert, words
from ui.parts.markup import esc, heading, plain, show, spoken
from ui.parts.rating import unsaved
from ui.parts.rating.unsaved import NOT_APPLICABLE
from ui.parts.rating.words import PAGE, content, rubric_of
from ui.rating_contract import MAX_WORDS, Dimension, Mark, Task

_EXAMPLES = "rating-examples"
_PLACE = "rating-place"


def task(batch: str, at: str | None, t: Translator) -> None:
    """The item at a place, by default the first that is not rated."""
    st.page_link(
        PAGE, label=t("rate.back"), icon=":material/arrow_back:", query_params=state.address()
    )
    unsaved.gather()
    at = at or _held_place(batch)
    found = state.ratings().task(batch, int(at) if at and at.isdecimal() and int(at) else 1)
    if at is None and found.left and found.left[0] != found.position:
        found = state.ratings().task(batch, found.left[0])
    st.query_params["at"] = str(found.position)
    st.session_state[_PLACE] = (batch, found.position)
    _head(found, t)
    rated, rubric = st.columns([5, 6], gap="large")
    with rated, st.container(key="mx-rated"):
        content(found.content, found.language, t)
    with rubric:
        _form(found, t)
    _foot(found, t)
    unsaved.told()


def _held_place(batch: str) -> str | None:
    """Where the rater is, for an address that does not say: after a link the browser drops it."""
    held = cast("tuple[str, int] | None", st.session_state.get(_PLACE))
    return str(held[1]) if held is not None and held[0] == batch else None


def leave() -> None:
    """Forget where the rater is: the next visit begins where something is left."""
    st.session_state.pop(_PLACE, None)


def _head(found: Task, t: Translator) -> None:
    done = found.total - len(found.left)
    heading(1, t("rate.item", at=found.position, total=found.total))
    share = 100 * done // found.total
    show(
        f'<p class="mx-count" role="status">{esc(t("rate.done", count=done, total=found.total))}'
        f'</p><div class="mx-bar" aria-hidden="true"><i style="width:{share}%"></i></div>'
    )
    if found.handed_in:
        alert(t("rate.mine_handed"), t("rate.handed_explain"), tone="good")
    fault = unsaved.fault()
    if fault is not None:
        title, remedy = words(fault, t)
        if unsaved.refused():
            alert(title, remedy)
            return
        alert(t("rate.unsaved"), f"{title} {remedy}")
        st.button(t("common.retry"), key="retry-rating", icon=":material/refresh:", type="primary")


def _form(found: Task, t: Translator) -> None:
    rubric = rubric_of(found.batch, t)
    mark = unsaved.overlaid(found)
    with st.expander(t("rate.guide"), icon=":material/menu_book:", key="mx-rate-guide"):
        show(
            f"<p>{esc(rubric.lead)}</p><p>{esc(rubric.situation)}</p>"
            f'<p class="mx-small">{esc(t("rate.version", version=rubric.version))}</p>'
        )
    st.session_state.setdefault(_EXAMPLES, True)
    examples = st.toggle(t("rate.examples"), key=_EXAMPLES, persist_state="session")
    _flag(found, mark, t)
    with st.container(key="mx-rate-form"):
        for number, dimension in enumerate(rubric.dimensions, 1):
            _dimension(number, dimension, found, mark, examples=examples)
    _comment(found, mark, t)


def _dimension(
    number: int, dimension: Dimension, found: Task, mark: Mark, *, examples: bool
) -> None:
    options: list[int | str] = list(range(len(dimension.steps)))
    if dimension.not_applicable:
        options.append(NOT_APPLICABLE)
    labels = dict(zip(options, [s.label for s in dimension.steps], strict=False))
    labels[NOT_APPLICABLE] = dimension.not_applicable or ""
    key = _key("score", found, dimension.id)
    score = mark.scores.get(dimension.id, ...)
    stored = None if score is ... else NOT_APPLICABLE if score is None else score
    unsaved.watch(key, found, dimension.id, stored)
    show(
        f'<p class="mx-rate-q"><strong>{number}. {esc(dimension.name)}</strong> '
        f"{esc(dimension.question)}</p>"
    )
    told = [plain(f"“{step.example}”") for step in dimension.steps]
    st.radio(
        spoken(f"{dimension.name}: {dimension.question}"),
        options,
        format_func=lambda option: plain(labels[option]),
        captions=[*told, ""][: len(options)] if examples else None,
        key=key,
        disabled=found.handed_in or mark.cannot_judge,
        label_visibility="collapsed",
        on_change=unsaved.gather,
    )


def _flag(found: Task, mark: Mark, t: Translator) -> None:
    key = _key("cannot", found)
    unsaved.watch(key, found, "cannot_judge", mark.cannot_judge)
    st.checkbox(
        t("rate.cannot"),
        key=key,
        disabled=found.handed_in,
        on_change=unsaved.gather,
    )


def _comment(found: Task, mark: Mark, t: Translator) -> None:
    key = _key("comment", found)
    unsaved.watch(key, found, "comment", mark.comment)
    st.text_area(
        t("rate.comment"),
        key=key,
        height=80,
        max_chars=MAX_WORDS,
        disabled=found.handed_in,
        on_change=unsaved.gather,
    )


def _foot(found: Task, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="mx-rate-ways"):
        _go(t("rate.previous"), found.position - 1, found, "B", ":material/arrow_back:")
        _go(t("rate.next"), found.position + 1, found, "N", ":material/arrow_forward:")
        waiting = [n for n in found.left if n > found.position] or found.left
        waiting = [n for n in waiting if n != found.position]
        if waiting:
            _go(t("rate.next_open"), waiting[0], found, "U", ":material/skip_next:")
        if st.session_state.get("rate-jump") != found.position:
            st.session_state["rate-jump"] = found.position
        st.selectbox(
            t("rate.jump"),
            list(range(1, found.total + 1)),
            key="rate-jump",
            on_change=_jumped,
            width=120,
        )
    show(f'<p class="mx-small">{esc(t("rate.keys"))}</p>')
    if found.handed_in:
        return
    if found.left:
        show(f'<p class="mx-small">{esc(t("rate.left", count=len(found.left)))}</p>')
        return
    _hand_in(found, t)


def _go(label: str, to: int, found: Task, shortcut: str, sign: str) -> None:
    st.button(
        label,
        key=f"rate-go-{shortcut}",
        icon=sign,
        disabled=not 1 <= to <= found.total,
        shortcut=shortcut,
        on_click=_went,
        args=(to,),
    )


def _hand_in(found: Task, t: Translator) -> None:
    asked = f"hand-in:{found.batch}"
    show(f"<p>{esc(t('rate.hand_in_explain'))}</p>")
    if state.to_confirm() != asked:
        st.button(
            t("rate.hand_in"), key="hand-in", type="primary", on_click=state.confirm, args=(asked,)
        )
        return
    with st.container(horizontal=True, key="mx-rate-sure"):
        st.button(
            t("rate.hand_in_yes"),
            key="hand-in-yes",
            type="primary",
            on_click=_handed,
            args=(found.batch,),
        )
        st.button(t("common.cancel"), key="hand-in-no", on_click=state.confirm, args=(None,))


def _key(what: str, found: Task, more: str = "") -> str:
    return f"rate-{what}-{found.batch}-{found.position}-{more}"


def _went(to: int) -> None:
    st.query_params["at"] = str(to)


def _jumped() -> None:
    st.query_params["at"] = str(st.session_state["rate-jump"])


def _handed(batch: str) -> None:
    state.confirm(None)
    try:
        state.ratings().close(batch)
    except ProblemError as error:
        if error.name not in unsaved.REFUSED:
            raise
        state.notify("rate.not_handed", "warn")
    else:
        state.notify("rate.handed_now", "good")
        st.query_params.pop("batch", None)
        st.query_params.pop("at", None)
