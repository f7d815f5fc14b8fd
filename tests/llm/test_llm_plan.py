"""The choice of target and move is never the model's (invariant 11 of the dialogue)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from ingest import Language
from tests.dialogue.talk import LANGUAGES, MarkedJudge, Talk
from tests.llm.conftest import Worded
from tests.llm.pieces import model, script
from tutor.cases import LoadedCase
from tutor.dialogue import Act, Judged, Judgement, Target
from tutor.llm import LlmJudge
from tutor.llm.prompts import version
from tutor.llm.scripted import BEHAVIOURS, Reply, draft, leaks, marks


def played(case: LoadedCase, language: Language = "en", **held: object) -> Talk:
    talk = Talk(case, language, **held)  # type: ignore[arg-type]
    for text in script(language):
        talk.say(text)
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["draft", "two-questions", "fails"])
def test_the_same_judgements_give_the_same_plan_whoever_words_it(
    g1: LoadedCase, worded: Worded, name: str, language: Language
) -> None:
    wording, _ = worded(BEHAVIOURS[name])
    assert played(g1, language, wording=wording).plan == played(g1).plan


def test_a_rewording_changes_nothing_but_the_words(g1: LoadedCase, worded: Worded) -> None:
    """Every turn that may be reworded is, with an opening of its own."""
    count = iter(range(1000))
    opening = ["I see", "Good to know", "I follow", "Let me ask on", "That helps", "I take that in"]

    def reworded(messages: Sequence[object]) -> str:
        n = next(count)
        kept = draft(messages)  # type: ignore[arg-type]
        return f"{opening[n % 6]}{' indeed' * (n // 6)}. {kept}"

    reply: Reply = reworded
    wording, chat = worded(reply)
    lent, plain = played(g1, wording=wording), played(g1)
    assert lent.plan == plain.plan
    assert sum(m.wording != "authored" for m in lent.moves) > 8
    assert [type(e) for e in lent.events] == [type(e) for e in plain.events]
    assert [e for e in lent.events if isinstance(e, Judged)] == [
        e for e in plain.events if isinstance(e, Judged)
    ]
    assert chat.seen


@dataclass(frozen=True)
class Recorded:
    """Says again what was judged before."""

    judged: tuple[Judged, ...]
    name: str = "recorded"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        return MarkedJudge().acts(text, language)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        del text, language
        known = {j.target: j for j in self.judged[0].judgements}
        return tuple(
            known.get(t.id) or Judgement(target=t.id, verdict="absent", probability=0)
            for t in targets
        )


def test_the_same_judgements_give_the_same_plan_whoever_judged(g1: LoadedCase) -> None:
    """A turn marked by a model, and the same turn with the model's judgements played back."""
    text = "I would sit down with him first and ask what lies behind it."
    lent = LlmJudge(model(marks({"E1": "ask what lies behind it"})), MarkedJudge())
    by_model = Talk(g1, judge=lent)
    by_model.say(text)
    judged = tuple(e for e in by_model.events if isinstance(e, Judged))
    assert {j.assessor for j in judged[0].judgements} == {f"{lent.name} ({version('en')})"}
    again = Talk(g1, judge=Recorded(judged))
    again.say(text)
    assert again.events == by_model.events
    assert again.state.spans["E1"] == "ask what lies behind it"


def test_a_model_cannot_end_a_stage_or_give_credit_by_its_words(
    g1: LoadedCase, worded: Worded
) -> None:
    wording, _ = worded(leaks("You have covered everything, and the case is completed."))
    lent, plain = played(g1, wording=wording), played(g1)
    assert lent.plan == plain.plan
    assert lent.state.covered == plain.state.covered
    assert lent.outcome == plain.outcome
