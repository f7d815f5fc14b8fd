"""How a judgement, its reason and a decision are said: a sign and words, never colour alone."""

from __future__ import annotations

from ui.i18n import Translator
from ui.parts.dates import moment
from ui.parts.documents.words import icon
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr
from ui.review_contract import Decision, Heard, Item

PAGE = "app_pages/review.py"
_SIGNS = {
    "open": ("hourglass_empty", "review"),
    "decided": ("check_circle", "good"),
    "said": ("check_circle", "good"),
    "not_said": ("block", "plain"),
    "partly": ("contrast", "note"),
    "held": ("error", "review"),
    "unusable": ("visibility_off", "plain"),
    "revoked": ("undo", "plain"),
}


def badge(code: str, words: str) -> str:
    """A pill with its sign."""
    sign, tone = _SIGNS.get(code, ("info", "plain"))
    return f'<span class="mx-pill mx-pill--{tone}">{icon(sign)}{esc(words)}</span>'


def facts(item: Item, t: Translator) -> str:
    """Case, language, date and reason in one line."""
    parts = [item.case_title, LONG[item.language], moment(item.at, t)]
    return " · ".join([*parts, t.named("reason", item.reason)])


def heard(what: Heard | None, t: Translator) -> str:
    """A verdict and its probability."""
    if what is None:
        return t("item.nothing")
    verdict = t.named("heard", what.verdict)
    return t("item.chance", verdict=verdict, chance=f"{what.probability:.2f}")


def decision_html(decision: Decision, t: Translator) -> str:
    """A version of a decision: what, whether it holds, by whom, and the example."""
    by = t("decided.by", by=decision.by, when=moment(decision.at, t))
    holds = t("decided.in_force") if decision.in_force else t("decided.past")
    told = [t("decided.version", number=decision.version), holds, by]
    if decision.review_id is None:
        told.append(t("decided.imported"))
    html = (
        f'<div class="mx-row"><p>{badge(decision.verdict, t.named("verdict", decision.verdict))}'
        f'</p></div><p class="mx-small">{esc(" · ".join(told))}</p>'
    )
    if decision.text and decision.role:
        label = t(f"decided.example_{decision.role}")
        html += (
            f'<p class="mx-small">{esc(label)} '
            f"<q{lang_attr(decision.language)}>{esc(decision.text)}</q></p>"
        )
    return html
