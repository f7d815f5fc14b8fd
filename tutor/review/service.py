"""What an educator can do: look at the queue, decide, change their mind, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Engine

from ingest import LANGUAGES, Language
from tutor.cases import LoadedCase
from tutor.dialogue import REPAIR, Judge, Target, targets_of
from tutor.dialogue.judge import TargetKind
from tutor.errors import Conflict, InvalidRequest, NotFound
from tutor.review.decisions import (
    REVOKED,
    AlreadyDecided,
    Decision,
    DecisionStore,
    Verdict,
    text_hash,
)
from tutor.review.exemplars import Exemplar, Learned, Role
from tutor.review.queue import Entry, Filters, Queue, State
from tutor.review.telling import Telling, heard, kind_of
from tutor.review.views import (
    DecisionPage,
    DecisionView,
    GainView,
    HeardView,
    IdeaView,
    ReviewDetail,
    ReviewPage,
)
from tutor.review.wording import exemplar_text

ROLES: Mapping[TargetKind, Mapping[Verdict, Role | None]] = {
    "expectation": {
        "said": "accept",
        "not_said": "near_miss",
        "partly": None,
        "held": "accept",
        "unusable": None,
    },
    "misconception": {"held": "accept", "not_said": "near_miss", "partly": None, "unusable": None},
    # What only seems to say a corrected idea is no misconception, and a case has no list for it.
    "repair": {
        "said": "accept",
        "not_said": None,
        "partly": None,
        "held": "accept",
        "unusable": None,
    },
    "position": {},
}
"""By kind of idea, the decisions that fit and what each makes of the words; `held` makes them an
exemplar of a misconception."""
Clock = Callable[[], dt.datetime]


class Reviews:
    """Raises the errors of `tutor.errors`.

    Args:
        engine: of the records.
        cases: as their authors wrote them, by id.
        learned: the same as they are taught.
        judge: who hears words again for an educator; the embedded one, so that looking costs
            nothing.
        clock: the time, UTC.
    """

    def __init__(
        self,
        engine: Engine,
        cases: Mapping[str, LoadedCase],
        learned: Learned,
        judge: Judge,
        clock: Clock = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._queue = Queue(engine)
        self._store = DecisionStore(engine)
        self._cases = cases
        self._tell = Telling(cases)
        self._learned = learned
        self._judge = judge
        self._clock = clock

    def page(self, filters: Filters, offset: int, limit: int) -> ReviewPage:
        """Some of the queue, the oldest first."""
        total, entries = self._queue.page(filters, offset, limit)
        return ReviewPage(total=total, offset=offset, items=tuple(map(self._tell.review, entries)))

    def detail(self, review_id: int) -> ReviewDetail:
        """Everything needed to decide on one.

        Raises:
            NotFound: there is none of that id, or its session has been erased.
        """
        entry = self._entry(review_id)
        versions = self._store.versions(_subject(review_id))
        target = self._target(entry.case_id, entry.target, entry.language)
        case = self._cases.get(entry.case_id)
        text = case.texts.get(entry.language) if case else None
        fits = ROLES[kind_of(entry.target)] if target else {}
        return ReviewDetail(
            **self._tell.review(entry).model_dump(),
            version=versions[0].version if versions else 0,
            verdicts=tuple(fits),
            accept=target.accept if target else (),
            near_miss=target.near_miss if target else (),
            misconceptions=tuple(
                IdeaView(id=m.id, statement=m.statement)
                for m in (text.misconceptions if text else ())
            ),
            now=self._heard_now(entry),
            decisions=tuple(self._tell.decision(d, newest=d is versions[0]) for d in versions),
        )

    def decide(
        self,
        review_id: int,
        verdict: Verdict,
        *,
        by: str,
        version: int,
        text: str | None = None,
        misconception: str | None = None,
    ) -> ReviewDetail:
        """Decide, or change what was decided. In force from the next turn of any session on.

        Args:
            review_id: what is decided on.
            verdict: one of those that fit the kind of idea.
            by: the educator's name.
            version: of the newest decision as the educator saw it, 0 for none.
            text: the words that are to be an exemplar; by default the piece that was heard, or
                all that was said.
            misconception: the one that the words hold, where the verdict is `held`.

        Raises:
            NotFound: there is none of that id.
            InvalidRequest: the verdict does not fit, or the words cannot be an exemplar.
            Conflict: another educator was faster, the case is gone, or the words count for the
                opposite already.
        """
        entry = self._entry(review_id)
        target = self._target(entry.case_id, entry.target, entry.language)
        if target is None:
            raise Conflict(
                "The case no longer has the idea that this judgement is about.",
                remedy="Leave it as it is; what was decided before is kept in the history.",
            )
        newest = next(iter(self._store.versions(_subject(review_id))), None)
        if (newest.version if newest else 0) != version:
            raise AlreadyDecided(newest)
        fits = ROLES[target.kind]
        if verdict not in fits:
            raise InvalidRequest(
                f"“{verdict}” is no decision on this kind of idea.",
                remedy=f"Choose one of: {', '.join(fits)}.",
            )
        taught = self._held(entry, misconception) if verdict == "held" else entry.target
        decision = Decision(
            subject=_subject(review_id),
            version=version + 1,
            verdict=verdict,
            case_id=entry.case_id,
            target=taught,
            language=entry.language,
            by=by,
            at=self._clock(),
            review_id=review_id,
        )
        role = fits[verdict]
        if role is not None:
            heard = entry.judgement.span if entry.judgement else None
            chosen = text if text is not None else heard or entry.said
            # The case is there, or its idea would not have been.
            usable = exemplar_text(chosen, self._cases[entry.case_id].told)
            decision = replace(decision, role=role, text=usable, text_hash=text_hash(usable))
            self._no_contradiction(decision)
        self._store.add([decision])
        self._take_up(entry.case_id)
        return self.detail(review_id)

    def revoke(self, subject: str, *, by: str, version: int) -> DecisionView:
        """Take a decision back: its exemplar is no longer used, its history is kept.

        Raises:
            NotFound: nothing was decided on that subject.
            Conflict: it is revoked already, or changed meanwhile.
        """
        versions = self._store.versions(subject)
        if not versions:
            raise NotFound("decision of that name")
        newest = versions[0]
        if newest.verdict == REVOKED and newest.version == version:
            raise Conflict("This decision is revoked already.", remedy="Nothing is left to do.")
        revoked = replace(
            newest,
            version=version + 1,
            verdict="revoked",
            by=by,
            at=self._clock(),
            role=None,
            text=None,
            text_hash=None,
        )
        self._store.add([revoked])
        self._take_up(newest.case_id)
        return self._tell.decision(revoked, newest=True)

    def history(self, case: str | None, offset: int, limit: int) -> DecisionPage:
        """What was decided, the newest first."""
        total, found = self._store.history(case, offset, limit)
        newest = {(d.subject, d.version) for d in self._store.newest(case)}
        told = (self._tell.decision(d, newest=(d.subject, d.version) in newest) for d in found)
        return DecisionPage(total=total, offset=offset, decisions=tuple(told))

    def gains(self) -> list[GainView]:
        """What every case has waiting and has learned, by language, where it has either."""
        counts = self._queue.counts()
        held: dict[tuple[str, Language], list[Exemplar]] = {}
        for decision in self._store.newest():
            exemplar = decision.exemplar
            if exemplar is not None:
                held.setdefault((decision.case_id, decision.language), []).append(exemplar)
        pairs = {(case, language) for case, language, _ in counts} | set(held)
        return [
            self._gain(case, language, counts, held.get((case, language), []))
            for case, language in sorted(pairs, key=lambda p: (p[0], LANGUAGES.index(p[1])))
        ]

    def _gain(
        self,
        case_id: str,
        language: Language,
        counts: Mapping[tuple[str, Language, State], int],
        held: list[Exemplar],
    ) -> GainView:
        case = self._cases.get(case_id)
        targets = targets_of(case, language) if case and language in case.texts else ()
        return GainView(
            case_id=case_id,
            case_title=self._tell.title(case_id, language),
            language=language,
            open=counts.get((case_id, language, "open"), 0),
            decided=counts.get((case_id, language, "decided"), 0),
            accept=sum(e.role == "accept" for e in held),
            near_miss=sum(e.role == "near_miss" for e in held),
            ideas=len({e.target for e in held}),
            of_ideas=sum(t.kind != "position" for t in targets),
        )

    def _entry(self, review_id: int) -> Entry:
        entry = self._queue.entry(review_id)
        if entry is None:
            raise NotFound("judgement of that number in the queue")
        return entry

    def _target(self, case_id: str, target: str, language: Language) -> Target | None:
        case = self._cases.get(case_id)
        if case is None or language not in case.texts:
            return None
        return next((t for t in targets_of(self._learned(case), language) if t.id == target), None)

    def _held(self, entry: Entry, misconception: str | None) -> str:
        """The misconception that the words hold."""
        own = entry.target.removesuffix(REPAIR)
        named = misconception or (own if own.startswith("M") else None)
        known = [m.id for m in self._cases[entry.case_id].structure.misconceptions]
        if named not in known:
            raise InvalidRequest(
                "It is not said which misconception the words hold.",
                remedy=f"Name one of: {', '.join(known)}." if known else "The case has none.",
            )
        return str(named)

    def _no_contradiction(self, decision: Decision) -> None:
        """The same words cannot count both for and against an idea."""
        target = self._target(decision.case_id, decision.target, decision.language)
        if target is None:
            return
        before = self._store.versions(decision.subject)
        own = before[0].text if before else None
        against = target.near_miss if decision.role == "accept" else target.accept
        if decision.text in against and decision.text != own:
            raise Conflict(
                "The very same words count for the opposite already: the case, or another "
                "decision, lists them.",
                remedy="Revoke that decision first, or choose other words of this answer.",
            )

    def _take_up(self, case_id: str) -> None:
        """Make the vectors now, so that the next learner does not wait for them."""
        case = self._cases.get(case_id)
        if case is not None:
            self._learned(case)

    def _heard_now(self, entry: Entry) -> HeardView | None:
        case = self._cases.get(entry.case_id)
        if case is None or entry.language not in case.texts or not entry.said:
            return None
        targets = targets_of(self._learned(case), entry.language)
        judged = self._judge.judge(entry.said, targets, entry.language)
        return heard(next((j for j in judged if j.target == entry.target), None))


def _subject(review_id: int) -> str:
    return f"review:{review_id}"
