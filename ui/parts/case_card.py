"""A case in the library: what it is about, for whom, and how far it has been checked."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import CaseSummary
from ui.i18n import Translator
from ui.parts.dates import day
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr, pill, show

CASE_PAGE = "app_pages/case.py"


def review_pill(case: CaseSummary, t: Translator) -> str:
    """The state of the case's review: never left unsaid."""
    review = case.review
    if review.status != "reviewed" or not review.by:
        return pill(t("review.awaiting"), "review")
    if review.on is None:
        return pill(t("review.reviewed", by=review.by), "good")
    return pill(t("review.reviewed_on", by=review.by, on=day(review.on, t)), "good")


def facts(case: CaseSummary, t: Translator) -> str:
    """Place, time and difficulty in one line."""
    parts = [
        t.listed("jurisdiction", case.jurisdictions),
        t("library.minutes", minutes=case.minutes),
        t.named("difficulty", case.difficulty),
    ]
    return '<p class="mx-eyebrow">' + " · ".join(esc(part) for part in parts if part) + "</p>"


def audience(case: CaseSummary, t: Translator, *, full: bool = False) -> str:
    """For whom it is written and what it practises; in full on the page of the case itself."""
    rows = [
        (t("library.for"), t.listed("profession", case.professions)),
        (t("library.practises"), t.listed("competency", case.competencies)),
        (t("library.languages"), t("common.list_comma").join(LONG[c] for c in case.languages)),
    ]
    if full:
        level = str(case.supervision or "")
        rows += [
            (t("library.principles"), t.listed("principle", case.principles)),
            (t("library.four_boxes"), t.listed("four_box", case.four_boxes)),
            (t("library.supervision"), t.named("supervision", level) if level else ""),
        ]
    inner = "".join(
        f"<div><dt>{esc(name)}</dt><dd>{esc(value)}</dd></div>" for name, value in rows if value
    )
    return f'<dl class="mx-facts">{inner}</dl>'


def case_card(case: CaseSummary, t: Translator) -> None:
    """A card; the link at its foot covers it whole."""
    with st.container(border=True, height="stretch", key=f"mx-card-{case.id}"):
        lang = lang_attr(case.language)
        show(
            f'<article class="mx-card">{facts(case, t)}'
            f'<h2 class="mx-h2"{lang}>{esc(case.title)}</h2>'
            f"<p{lang}>{esc(case.summary)}</p>"
            f"{audience(case, t)}<p>{review_pill(case, t)}</p></article>"
        )
        st.page_link(
            CASE_PAGE,
            label=t("library.open"),
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=state.address(case=case.id),
        )
