"""New kinds of learner on the real tutor: their sessions end, and what they say is known."""

from __future__ import annotations

import pytest

from evals.conversation import measure
from evals.learners import PERSONAS, Persona, play
from evals.tutors import TutorHere
from ingest import Language
from tutor.runtime import Runtime

LATER = [p for p in PERSONAS if p.name in {"arguer", "rambling", "distressed"}]
PLACES: list[tuple[str, Language]] = [
    ("a1-quiet-alert", "en"),
    ("g1-sister-not-told", "zh-Hant"),
    ("g4-test-my-son", "zh-Hans"),
]


def deaf(_text: str, _target: str) -> bool:
    return False


@pytest.mark.parametrize(("slug", "language"), PLACES)
@pytest.mark.parametrize("persona", LATER, ids=lambda p: p.name)
def test_a_session_ends_and_its_truth_is_exact(
    runtime: Runtime, persona: Persona, slug: str, language: Language
) -> None:
    case = runtime.cases[slug]
    session = play(TutorHere(runtime), case, language, persona, 0)
    assert session.ended
    truth = session.truth
    allowed = {
        *(e.id for e in case.structure.expectations),
        *truth.believes,
        *(f"{m}:repair" for m in truth.believes),
        truth.position,
    }
    assert {t for said in session.said for t in said.targets} <= allowed
    assert sum(said.distress for said in session.said) == persona.distress
    found = measure(session, deaf)
    assert found.distress == (persona.distress, persona.distress)
