"""A case before the dialogue: the story, the road ahead, and where to begin."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError
from ui.contract import CaseDetail, SessionSummary
from ui.i18n import Translator
from ui.parts.case_card import CASE_PAGE, audience, facts, review_pill
from ui.parts.dates import day, moment
from ui.parts.errors import show_error
from ui.parts.header import LONG
from ui.parts.markup import esc, heading, lang_attr, prose, show

LIBRARY_PAGE = "app_pages/library.py"


def intro(case_id: str, t: Translator) -> None:
    """The page of a case that is not being worked yet."""
    case = state.service().case(case_id, t.language)
    st.page_link(
        LIBRARY_PAGE,
        label=t("case.to_library"),
        icon=":material/arrow_back:",
        query_params=state.address(),
    )
    state.hold_case(case, t.language)
    with st.container(gap="xxsmall"):
        show(facts(case, t))
        heading(1, case.title, lang=case.language)
    story, side = st.columns([1.75, 1], gap="large")
    with story:
        heading(2, t("case.vignette"))
        show(f'<div class="mx-story"{lang_attr(case.language)}>{prose(case.vignette)}</div>')
        _begin(case, t)
    with side, st.container(border=True, key="mx-about-case"):
        heading(2, t("case.road"))
        show(_road(case))
        heading(2, t("case.about"))
        show(audience(case, t, full=True) + f"<p>{review_pill(case, t)}</p>" + _imprint(case, t))


def _begin(case: CaseDetail, t: Translator) -> None:
    open_ones = [
        s for s in state.service().sessions() if s.case_id == case.id and s.status != "completed"
    ]
    if open_ones:
        _go_on(open_ones[0], t)
    with st.container(key="mx-begin", horizontal=True, vertical_alignment="bottom"):
        languages = list(case.languages) or [case.language]
        here = languages.index(case.language) if case.language in languages else 0
        language = st.selectbox(
            t("case.language"),
            languages,
            index=here,
            format_func=lambda code: LONG[code],
            key=f"begin-in-{t.language}",
            width=200,
        )
        label = t("case.begin_again") if open_ones else t("case.begin")
        kind = "secondary" if open_ones else "primary"
        clicked = st.button(label, type=kind, key="begin", icon=":material/play_arrow:")  # type: ignore[arg-type]
    show(f'<p class="mx-small">{esc(t("case.no_identifiers"))}</p>')
    if clicked:
        _open(case, str(language), t)


def _go_on(session: SessionSummary, t: Translator) -> None:
    with st.container(border=True, key="mx-go-on"):
        since = t("case.unfinished", when=moment(session.updated_at, t))
        show(f"<p>{esc(since)}</p>")
        st.page_link(
            CASE_PAGE,
            label=t("case.go_on"),
            icon=":material/play_arrow:",
            query_params=state.address(session=session.id),
        )


def _open(case: CaseDetail, language: str, t: Translator) -> None:
    try:
        opened = state.service().open_session(case.id, language)
    except ServiceError as error:
        show_error(error, t, key="begin")
        return
    state.hold_session(opened)
    st.query_params["session"] = opened.id
    st.query_params.pop("case", None)
    st.rerun()


def _road(case: CaseDetail) -> str:
    steps = "".join(f"<li>{esc(stage.title)}</li>" for stage in case.stage_titles)
    return f'<ol class="mx-road"{lang_attr(case.language)}>{steps}</ol>'


def _imprint(case: CaseDetail, t: Translator) -> str:
    parts = [t("case.version", version=case.version) if case.version else ""]
    if case.as_of:
        parts.append(t("case.as_of", on=day(case.as_of, t)))
    parts += [", ".join(case.authors), case.licence, t("case.original")]
    return '<p class="mx-small">' + esc(" · ".join(part for part in parts if part)) + "</p>"
