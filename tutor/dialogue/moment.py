"""All that a wording may look at: the move and its target, never what is still to be said."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.ask import Answer
from tutor.cases.loaded import Item, LoadedCase
from tutor.cases.schema import Case, Stage
from tutor.citations import Citation
from tutor.dialogue.events import StageResult
from tutor.dialogue.plan import Say, Turn
from tutor.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Moment:
    """A decided move, and what led to it."""

    case: LoadedCase
    state: State
    turn: Turn
    say: Say
    answer: Answer | None = None
    settled: tuple[str, ...] = ()
    """Targets given up in this very turn."""
    stage_result: StageResult | None = None
    """How the stage that ended in this turn ended; None where none did."""
    compared: tuple[Citation, ...] = ()
    """The sources of a comparison of jurisdictions whose stage ended in this turn."""

    @property
    def text(self) -> Case:
        """The case in the session's language."""
        return self.case.texts[self.state.language]

    @property
    def stage(self) -> Stage:
        """The stage the session is in, in its language."""
        return self.text.stage(self.state.stage or "")

    @property
    def item(self) -> Item:
        """The target of the move.

        Raises:
            KeyError: the move has none.
        """
        return self.case.item(self.say.target or "", self.state.language)

    def topic(self, target: str | None) -> str:
        """The neutral name of a target, or of the stage where there is none."""
        if target is None:
            mark = "「{}」" if self.state.language == "zh-Hant" else "“{}”"
            return mark.format(self.stage.title)
        return self.case.item(target, self.state.language).topic

    def cites(self) -> tuple[Citation, ...]:
        """The citations of the move's target."""
        return self.case.cites(self.say.target or "", self.state.language)
