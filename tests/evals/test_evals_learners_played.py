from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from evals.learners import PERSONAS, Learner, Persona, Truth, play
from evals.learners.played import LONGEST, REMEMBERED, PlayedLearner, parts
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, Record, Skipped
from evals.tasks.played import TASK
from evals.tutors import TutorHere
from ingest import LANGUAGES
from tests.evals.hearing import make_hearing
from tutor.dialogue import Move, State, TutorMoved
from tutor.llm import Model, ModelFailed
from tutor.llm.scripted import Reply, ScriptedChatModel, fails, says
from tutor.runtime import Runtime
from tutor.settings import Settings

KNOWS = Truth(frozenset({"E1"}), frozenset({"M1"}), "P1", {"M1": 3})
PLAIN = Persona("plain", knows=0.5, believes=1.0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    made = make_hearing(Path(tmp_path_factory.mktemp("tiny")))
    yield made
    made.searcher.close()


def line(text: str, *ids: str) -> str:
    return json.dumps({"text": text, "says": list(ids)})


def made(
    tiny: Runtime, reply: Reply, persona: Persona = PLAIN
) -> tuple[PlayedLearner, ScriptedChatModel]:
    chat = ScriptedChatModel(reply=reply)
    model = Model("scripted:test", chat, 5.0)
    return PlayedLearner(model, tiny.cases["tiny"], "en", persona, KNOWS), chat


def asked(move: Move, target: str | None = None, text: str = "What then?") -> TutorMoved:
    return TutorMoved(move=move, target=target, text=text)


def test_the_player_is_told_its_part_and_nothing_that_it_does_not_know(tiny: Runtime) -> None:
    learner, chat = made(tiny, says(line("Hello.")))
    learner.reply(asked("open"), State())
    told = str(chat.seen[0][0].text)
    text = tiny.cases["tiny"].texts["en"]
    known, unknown = text.expectations[0], text.expectations[1]
    assert known.statement in told
    assert unknown.statement not in told
    assert text.misconceptions[0].statement in told
    assert text.vignette in told
    assert "3 times" in told


def test_a_claim_counts_only_for_what_the_part_holds_or_the_tutor_gave_away(
    tiny: Runtime,
) -> None:
    learner, _ = made(tiny, says(line("E1, and E2, and E9.", "E1", "E2", "E9", "M1:repair")))
    assert learner.reply(asked("hint", "E2"), State()).targets == {"E1", "M1:repair"}
    told = learner.reply(asked("assertion", "E2"), State())
    assert told.targets == {"E1", "E2", "M1:repair"}


def test_only_the_last_exchanges_are_shown_and_an_endless_message_is_cut(tiny: Runtime) -> None:
    learner, chat = made(tiny, says(line("x" * (LONGEST + 500))))
    for turn in range(REMEMBERED + 5):
        assert len(learner.reply(asked("pump", text=f"Turn {turn}?"), State()).text) == LONGEST
    shown = [str(m.text) for m in chat.seen[-1]]
    assert len(shown) == 2 * REMEMBERED + 2
    assert shown[-1] == f"Turn {REMEMBERED + 4}?"
    assert not any("Turn 0?" in text for text in shown)


def test_what_is_malformed_is_asked_for_once_more(tiny: Runtime) -> None:
    learner, chat = made(tiny, says("no JSON", line("Again.", "E1")))
    assert learner.reply(asked("hint", "E1"), State()).targets == {"E1"}
    assert len(chat.seen) == 2
    hopeless, _ = made(tiny, says("no JSON"))
    with pytest.raises(ModelFailed, match="malformed"):
        hopeless.reply(asked("hint", "E1"), State())
    silent, _ = made(tiny, says(line("")))
    with pytest.raises(ModelFailed, match="malformed"):
        silent.reply(asked("hint", "E1"), State())


def test_a_provider_that_is_down_is_not_asked_again(tiny: Runtime) -> None:
    learner, chat = made(tiny, fails)
    with pytest.raises(ModelFailed, match="failed"):
        learner.reply(asked("open"), State())
    assert len(chat.seen) == 1


def test_a_played_session_says_that_its_truth_is_claimed(tiny: Runtime) -> None:
    case = tiny.cases["tiny"]
    words = case.texts["en"].expectations[0].accept[0]
    learner, _ = made(tiny, says(line(words, "E1"), line("I do not know.")))
    session = play(TutorHere(tiny), case, "en", PLAIN, 0, speaker=learner)
    assert session.truth_is == "claimed"
    assert session.truth is KNOWS
    assert session.said[0].targets == {"E1"}
    assert session.ended
    assert play(TutorHere(tiny), case, "en", PLAIN, 0).truth_is == "exact"


def test_the_prompts_of_all_languages_know_every_persona(tiny: Runtime) -> None:
    for language in LANGUAGES:
        told = parts()[language]
        assert set(told.manners) == set(parts()["en"].manners)
        assert "{patience}" in told.part and "{manner}" in told.part
        for persona in PERSONAS:
            chat = ScriptedChatModel(reply=says(line("Hm.")))
            model = Model("scripted:test", chat, 5.0)
            player = PlayedLearner(model, tiny.cases["tiny"], language, persona, KNOWS)
            player.reply(asked("open"), State())
            assert told.manners[persona.manner] in str(chat.seen[0][0].text)
            assert told.version in player.player


def test_the_task_is_in_no_gate_and_asks_for_a_model(tiny: Runtime, tmp_path: Path) -> None:
    assert TASK.fast is None and not TASK.repeatable
    with pytest.raises(Skipped, match="MAIEUTIC_LLM"):
        TASK.samples(Context(Resources(Settings(home=tmp_path), tiny)))


def test_the_task_labels_every_record_and_reports_a_player_that_failed(
    tiny: Runtime, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, llm="scripted:fails")
    context = Context(Resources(settings, tiny))
    samples = TASK.samples(context)
    assert len(samples) == len(PERSONAS)
    down = Record(samples[0], TASK.solve(context, samples[0]))
    assert (down["truth"], down["failed"]) == ("claimed", "failed")
    chat = ScriptedChatModel(reply=_sometimes)
    context.resources.memo["player"] = Model("scripted:test", chat, 5.0)
    whole = Record(samples[1], TASK.solve(context, samples[1]))
    assert (whole["truth"], whole["failed"], whole["ended"]) == ("claimed", None, True)
    assert "scripted:test, prompt" in whole["player"]
    json.dumps(whole.output)
    figures = {f.name: f for f in TASK.report([down, whole], Estimate()).figures}
    assert figures["player failed"].value == 0.5
    assert figures["sessions ended"].value == 1.0
    assert "claim" in TASK.report([down], Estimate()).notes[0]


def _sometimes(messages: Sequence[BaseMessage]) -> str:
    return line(f"I do not know, {len(messages)}.")


def test_scripted_learners_are_untouched_by_it(tiny: Runtime) -> None:
    case = tiny.cases["tiny"]
    said = Learner(case, "en", PLAIN, replace(KNOWS), 0).reply(asked("hint", "E1"), State())
    assert said.targets == {"E1"}
