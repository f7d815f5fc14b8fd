"""How far the dialogue has got: stages and counts, never what is counted."""

from __future__ import annotations

from ui.contract import SessionStage, SessionState
from ui.i18n import Translator
from ui.parts.markup import esc, lang_attr


def current_stage(session: SessionState) -> SessionStage | None:
    """The stage being worked; None when all are behind."""
    return next((stage for stage in session.stages if stage.status == "current"), None)


def considered(stage: SessionStage, t: Translator) -> str:
    """`2 of 3 considered`; empty for a stage in which nothing is counted."""
    if not stage.total:
        return ""
    return t("progress.considered", considered=stage.considered, total=stage.total)


def meter(session: SessionState, t: Translator) -> str:
    """A bar of one segment per stage with its meaning in words underneath."""
    stage = current_stage(session)
    if stage is None:
        words = t("progress.all_done") if session.status == "completed" else ""
    else:
        words = t(
            "progress.stage",
            index=session.stage_index,
            total=session.stages_total,
            title=stage.title,
        )
    counted = considered(stage, t) if stage else ""
    segments = "".join(f'<i class="mx-seg mx-seg--{s.status}"></i>' for s in session.stages)
    note = f'<span class="mx-meter__count">{esc(counted)}</span>' if counted else ""
    return (
        f'<div class="mx-meter"><div class="mx-segs" aria-hidden="true">{segments}</div>'
        f'<p class="mx-meter__words"><span>{esc(words)}</span>{note}</p></div>'
    )


def stage_list(session: SessionState, t: Translator) -> str:
    """Every stage with its state in words, for the eye and for a screen reader."""
    return (
        f'<ol class="mx-stages"{lang_attr(session.language)}>'
        + "".join(_stage(stage, t) for stage in session.stages)
        + "</ol>"
    )


def _stage(stage: SessionStage, t: Translator) -> str:
    now = ' aria-current="step"' if stage.status == "current" else ""
    counted = considered(stage, t) if stage.status != "ahead" else ""
    note = " · ".join(part for part in (t(f"progress.{stage.status}"), counted) if part)
    return (
        f'<li class="mx-stage mx-stage--{stage.status}"{now}>'
        f'<span class="mx-stage__title">{esc(stage.title)}</span>'
        f'<span class="mx-stage__note" lang="{t.language}">{esc(note)}</span></li>'
    )
