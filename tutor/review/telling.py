"""Entries and decisions in the words of their case."""

from __future__ import annotations

from collections.abc import Mapping

from ingest import Language
from tutor.cases import LoadedCase
from tutor.cases.schema import Misconception
from tutor.dialogue import REPAIR, Judgement
from tutor.dialogue.judge import TargetKind
from tutor.review.decisions import REVOKED, Decision
from tutor.review.queue import Entry
from tutor.review.views import DecisionView, HeardView, ReviewView


class Telling:
    """Tells of the cases that there are; what names one that is gone is told by its ids."""

    def __init__(self, cases: Mapping[str, LoadedCase]) -> None:
        self._cases = cases

    def review(self, entry: Entry) -> ReviewView:
        """An entry of the queue."""
        return ReviewView(
            id=entry.id,
            case_id=entry.case_id,
            case_title=self.title(entry.case_id, entry.language),
            target=entry.target,
            kind=kind_of(entry.target),
            statement=self.statement(entry.case_id, entry.target, entry.language),
            language=entry.language,
            reason=entry.reason,
            state=entry.state,
            at=entry.at,
            said=entry.said,
            note=entry.note,
            asked=entry.asked,
            heard=heard(entry.judgement),
        )

    def decision(self, decision: Decision, *, newest: bool) -> DecisionView:
        """A version of a decision; `newest` of its subject."""
        return DecisionView(
            subject=decision.subject,
            version=decision.version,
            review_id=decision.review_id,
            verdict=decision.verdict,
            case_id=decision.case_id,
            case_title=self.title(decision.case_id, decision.language),
            target=decision.target,
            statement=self.statement(decision.case_id, decision.target, decision.language),
            language=decision.language,
            role=decision.role,
            text=decision.text,
            text_hash=decision.text_hash,
            by=decision.by,
            at=decision.at,
            in_force=newest and decision.verdict != REVOKED,
        )

    def title(self, case_id: str, language: Language) -> str:
        """Of a case, in a language; its id where it is gone."""
        case = self._cases.get(case_id)
        return case.texts.get(language, case.structure).title if case else case_id

    def statement(self, case_id: str, target: str, language: Language) -> str | None:
        """What an idea says; None where the case has it no longer."""
        case = self._cases.get(case_id)
        if case is None or language not in case.texts:
            return None
        try:
            item = case.item(target.removesuffix(REPAIR), language)
        except KeyError:
            return None
        return (
            item.corrected
            if isinstance(item, Misconception) and REPAIR in target
            else item.statement
        )


def kind_of(target: str) -> TargetKind:
    """The kind of an idea, by its id."""
    if target.endswith(REPAIR):
        return "repair"
    kinds: dict[str, TargetKind] = {"E": "expectation", "M": "misconception"}
    return kinds.get(target[:1], "position")


def heard(judgement: Judgement | None) -> HeardView | None:
    """A judgement as it is told."""
    if judgement is None:
        return None
    return HeardView(
        verdict=judgement.verdict,
        probability=judgement.probability,
        span=judgement.span,
        assessor=judgement.assessor,
    )
