"""What each case has waiting and has learned from decisions."""

from __future__ import annotations

from collections.abc import Sequence

from ui.i18n import Translator
from ui.parts.header import LONG
from ui.parts.markup import esc, lang_attr, show
from ui.review_contract import Gain


def gains(found: Sequence[Gain], t: Translator) -> None:
    """A table by case and language."""
    if not found:
        show(f'<div class="mx-empty"><p>{esc(t("gains.none"))}</p></div>')
        return
    show(f'<p class="mx-small">{esc(t("gains.lead"))}</p>')
    names = ("case", "language", "open", "decided", "accept", "near_miss", "ideas")
    head = "".join(f'<th scope="col">{esc(t(f"gains.{name}"))}</th>' for name in names)
    rows = "".join(_row(gain, t) for gain in found)
    show(
        '<div class="mx-scroll" tabindex="0"><table class="mx-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(gain: Gain, t: Translator) -> str:
    share = t("gains.share", count=gain.ideas, total=gain.of_ideas)
    cells = (LONG[gain.language], gain.open, gain.decided, gain.accept, gain.near_miss, share)
    title = f'<th scope="row"{lang_attr(gain.language)}>{esc(gain.case_title)}</th>'
    return f"<tr>{title}" + "".join(f"<td>{esc(cell)}</td>" for cell in cells) + "</tr>"
