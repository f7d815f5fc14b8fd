"""What educators decided, added to what a case's author wrote: the case as it is taught.

Decisions become exemplars of a case's ideas, so nothing that judges needs to know of them: it is
given a case whose lists are longer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from ingest import Language
from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Case, Expectation, Misconception, Stage
from tutor.dialogue import REPAIR

Role = Literal["accept", "near_miss"]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """Words that an educator decided on, and for which idea they count, or count against."""

    target: str
    language: Language
    role: Role
    text: str


class Prepare(Protocol):
    """Makes the vectors of a case before a learner needs them."""

    def __call__(self, case: LoadedCase, before: LoadedCase | None) -> None:
        """`before` is the same case as it was taught until now, where it was."""
        ...


def extend(case: LoadedCase, exemplars: Sequence[Exemplar]) -> LoadedCase:
    """The case with these exemplars behind its own, in their order.

    What names an idea or a language that the case no longer has is passed over.
    """
    texts = {
        language: _extended(text, [e for e in exemplars if e.language == language])
        for language, text in case.texts.items()
    }
    return replace(case, texts=texts) if texts != case.texts else case


def _extended(text: Case, exemplars: Sequence[Exemplar]) -> Case:
    if not exemplars:
        return text
    more: dict[tuple[str, str], list[str]] = {}
    for exemplar in exemplars:
        more.setdefault((exemplar.target, exemplar.role), []).append(exemplar.text)

    def longer(known: tuple[str, ...], target: str, role: Role) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*known, *more.get((target, role), ()))))

    def expectation(e: Expectation) -> Expectation:
        accept, near = longer(e.accept, e.id, "accept"), longer(e.near_miss, e.id, "near_miss")
        return e.model_copy(update={"accept": accept, "near_miss": near})

    def misconception(m: Misconception) -> Misconception:
        return m.model_copy(
            update={
                "exemplars": longer(m.exemplars, m.id, "accept"),
                "near_miss": longer(m.near_miss, m.id, "near_miss"),
                "repair": longer(m.repair, m.id + REPAIR, "accept"),
            }
        )

    def stage(s: Stage) -> Stage:
        ideas = {
            "expectations": tuple(map(expectation, s.expectations)),
            "misconceptions": tuple(map(misconception, s.misconceptions)),
        }
        return s.model_copy(update=ideas)

    return text.model_copy(update={"stages": tuple(map(stage, text.stages))})


class Learned:
    """Cases as they are taught now. A decision is in force from the next call on.

    Args:
        in_force: the exemplars of a case by its id; read at every call, so that a decision made
            by another process counts as well.
        prepare: told of a case that has changed, before it is returned.
    """

    def __init__(
        self, in_force: Callable[[str], tuple[Exemplar, ...]], prepare: Prepare | None = None
    ) -> None:
        self._in_force = in_force
        self._prepare = prepare
        self._taught: dict[str, tuple[LoadedCase, tuple[Exemplar, ...], LoadedCase]] = {}
        self._guard = threading.Lock()

    def __call__(self, case: LoadedCase) -> LoadedCase:
        """The case with every exemplar in force."""
        exemplars = self._in_force(case.id)
        with self._guard:
            kept = self._taught.get(case.id)
            if kept is not None and kept[0] is case and kept[1] == exemplars:
                return kept[2]
            taught = extend(case, exemplars)
            if self._prepare is not None and (kept is not None or exemplars):
                self._prepare(taught, kept[2] if kept is not None else None)
            self._taught[case.id] = (case, exemplars, taught)
            return taught
