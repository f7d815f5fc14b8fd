"""How an item, a batch and its stage are shown, to raters and to those who settle alike."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.contract import Language
from ui.i18n import Translator
from ui.parts.documents.words import icon
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr, prose, show
from ui.rating_contract import AnswerContent, Batch, Content, Rubric, TurnContent

PAGE = "app_pages/rating.py"
_STAGES = {
    "rating": ("edit_note", "note"),
    "settling": ("balance", "review"),
    "settled": ("check_circle", "good"),
}
_RUBRICS = "rating-rubrics"


def rubric_of(batch: str, t: Translator) -> Rubric:
    """What raters of a batch go by, in the language of the page; fetched once a visit."""
    held = st.session_state.setdefault(_RUBRICS, {})
    key = batch, t.language
    if key not in held:
        held[key] = state.ratings().rubric(batch, t.language)
    found: Rubric = held[key]
    return found


def badge(batch: Batch, t: Translator) -> str:
    """The stage of a batch as a pill with its sign."""
    sign, tone = _STAGES.get(batch.stage, ("info", "plain"))
    words = t(f"rate_stage.{batch.stage}")
    return f'<span class="mx-pill mx-pill--{tone}">{icon(sign)}{esc(words)}</span>'


def facts(batch: Batch, t: Translator) -> str:
    """What a batch holds, in one line."""
    languages = t("common.list_comma").join(LONG[language] for language in batch.languages)
    parts = [t(f"rate_kind.{batch.kind}"), t("rate.items", count=batch.items), languages]
    return " · ".join([*parts, t("rate.handed", count=batch.handed_in, total=batch.raters)])


def content(what: Content, language: Language, t: Translator) -> None:
    """The item itself; what is to be rated stands out."""
    if isinstance(what, TurnContent):
        _turn(what, language, t)
    else:
        _answer(what, language, t)


def _turn(what: TurnContent, language: Language, t: Translator) -> None:
    lang = lang_attr(language)
    show(f'<p class="mx-eyebrow"{lang}>{esc(what.case_title)}</p>')
    if what.vignette:
        with st.expander(t("rate.story"), key="mx-rate-story"):
            show(f"<div{lang}>{prose(what.vignette)}</div>")
    last = max((n for n, line in enumerate(what.talk) if line.who == "learner"), default=-1)
    said = []
    for n, line in enumerate(what.talk):
        who = t("rate.learner") if line.who == "learner" else t("transcript.tutor")
        who = t("rate.learner_last") if n == last else who
        tone = " mx-rate-last" if n == last else ""
        said.append(_said(who, line.text, language, tone))
    said.append(_said(t("rate.turn"), what.turn, language, " mx-rate-turn"))
    show("".join(said))


def _answer(what: AnswerContent, language: Language, t: Translator) -> None:
    said = [_said(t("rate.question"), what.question, language, " mx-rate-last")]
    lang = lang_attr(language)
    sentences = []
    for sentence in what.sentences:
        quotes = "".join(
            f"<blockquote>{prose(q.quote)}<p class='mx-small'>{esc(q.source)}</p></blockquote>"
            for q in sentence.quotes
        )
        told = quotes or f'<p class="mx-small">{esc(t("rate.no_quote"))}</p>'
        sentences.append(f"<li>{prose(sentence.text)}{told}</li>")
    said.append(
        f'<div class="mx-say mx-rate-turn"><p class="mx-who">{esc(t("rate.answer"))}</p>'
        f'<ol class="mx-rate-answer"{lang}>{"".join(sentences)}</ol></div>'
    )
    show("".join(said))


def _said(who: str, text: str, language: Language, tone: str) -> str:
    return (
        f'<div class="mx-say{tone}"><p class="mx-who">{esc(who)}</p>'
        f"<div{lang_attr(language)}>{prose(text)}</div></div>"
    )
