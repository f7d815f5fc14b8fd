"""The tasks on chat models, cut short, and the ears that are not the guard's."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.guarded import Shown
from evals.leaks import SecondEar, said_in_words
from evals.llm_servers import KINDS, Adversary, Planted, Scene
from evals.log import read_log
from evals.run import Options, run_task
from evals.stats import Estimate
from evals.task import DataError, Resources, find_tasks
from evals.tasks.guard import Row as Read
from evals.tasks.guard import figures_of as guard_figures
from evals.tasks.llm import Row, figures_of
from evals.turns import LabelledTurn, load_turns
from ingest import LANGUAGES, Encoder
from tests.dialogue.talk import G1
from tutor.dialogue import TutorMoved
from tutor.runtime import Runtime
from tutor.settings import Settings

TURN = LabelledTurn(
    id="x", split="dev", case=G1, language="en", stage="pause", target="E1", move="hint",
    learner="I would wait.", text="Why?", faults=(),
)  # fmt: skip


def test_the_labelled_turns_fit_the_cases(runtime: Runtime) -> None:
    turns = load_turns()
    assert len(turns) >= 150
    assert {t.language for t in turns} == set(LANGUAGES)
    cases = {split: {t.case for t in turns if t.split == split} for split in ("dev", "test")}
    assert not cases["dev"] & cases["test"], "a case belongs to one split"
    for turn in turns:
        moment, evidence = turn.at(runtime.cases[turn.case])
        assert evidence.authored
        assert turn.target in {e.id for e in moment.stage.expectations}


@pytest.mark.parametrize(
    ("lines", "says_so"),
    [
        (["{}"], "line 1: id"),
        (["not json"], "line 1"),
        ([TURN.model_dump_json().replace('"dev"', '"train"')], "line 1: split"),
        ([TURN.model_dump_json()] * 2, "an id stands twice"),
    ],
)
def test_a_line_that_is_none(tmp_path: Path, lines: list[str], says_so: str) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=says_so):
        load_turns(file)


def test_guard_figures_of_a_worked_example() -> None:
    bad = TURN.model_copy(update={"faults": ("leak",)})
    rows = [Read(bad, ("leak",)), Read(bad, ()), Read(TURN, ("length",)), Read(TURN, ())]
    found = {f.name: f.value for f in guard_figures(Estimate(), "dev", rows)}
    assert found["precision"] == found["recall"] == found["recall: leak"] == 0.5
    assert found["harmless turns refused"] == 0.5


def test_the_guard_task_runs(real_settings: Settings, runtime: Runtime, tmp_path: Path) -> None:
    found = run_task(
        find_tasks()["guard"], Resources(real_settings, runtime), Options(tmp_path, limit=24)
    )
    values = {(f.group, f.name): f.value for f in found.report.figures}
    assert values["dev", "recall"] > 0.8
    assert len(read_log(found.log)) == 26


def test_both_servers_are_played(real_settings: Settings, runtime: Runtime, tmp_path: Path) -> None:
    found = run_task(
        find_tasks()["llm"], Resources(real_settings, runtime), Options(tmp_path, limit=8)
    )
    values = {(f.group, f.name): f.value for f in found.report.figures}
    for server in ("adversary", "SmolLM2"):
        assert values[server, "turns answered"] == 1.0
        assert values[server, "unguarded turns shown"] == 0.0
        assert values[server, "leaks of an open idea, in words"] == 0.0
    assert values["adversary", "leaks of an open idea, planted"] == 0.0


def shown(text: str, **changed: object) -> Shown:
    move = TutorMoved(move="hint", target="E1", text=text, wording="m")
    given = {"seconds": 0.1, "waited": 0.1, "answered": True, "open": ("E1",), **changed}
    return Shown("c", "en", "p", move, **given)  # type: ignore[arg-type]


def test_a_leak_that_got_through_would_be_counted() -> None:
    """The figures are no foregone conclusion: each fault shows where it was let through."""
    leak = Planted("leak-told", "Explore why. And then?", "E1")
    rows = [
        Row(shown("Explore why. And then?"), (leak,)),
        Row(shown("Explore why. And then?", open=("E2",)), (leak,)),
        Row(shown("Fine. And then?", unguarded=True), (Planted("draft", "Fine. And then?"),)),
        Row(shown("So?", answered=False, waited=9.0, in_words=("E1",)), (Planted("empty"),)),
    ]
    found = {f.name: f.value for f in figures_of(Estimate(), "adversary", rows, 3.0)}
    assert found["leaks of an open idea, planted"] == 0.25
    assert found["shown, leak-told"] == 1.0
    assert found["shown, empty"] == 0.0
    assert found["unguarded turns shown"] == 0.25
    assert found["turns answered"] == 0.75
    assert found["leaks of an open idea, in words"] == 0.25
    assert found["turns that wait over 3 s"] == 0.25


def test_the_adversary_is_seeded_and_knows_what_it_planted() -> None:
    told = {"messages": [{"role": "user", "content": "DRAFT\nWhat now?\n\nCLINICIAN\nhm"}]}
    secrets = {"E9": ("Ask him why.", "Ask him why he says no.", "I'd ask why")}

    def played(seed: int) -> list[Planted]:
        adversary = Adversary(seed)
        adversary.scene = Scene("en", secrets)
        for _ in KINDS:
            adversary.answer(told)
        return adversary.planted

    assert played(1) == played(1) != played(2)
    assert {p.kind for p in played(1)} == set(KINDS)
    for planted in played(1):
        leaks = planted.kind.startswith("leak")
        assert planted.secret == ("E9" if leaks else None)
        assert not leaks or any(t.rstrip(".") in planted.text for t in secrets["E9"])
    assert Adversary(1, ["leak-told"]).answer(told).kind == "draft", "nothing is left to give away"


def test_the_other_ears_hear_ideas(runtime: Runtime, e5: Encoder) -> None:
    ear = SecondEar(e5)
    for language in LANGUAGES:
        ideas = runtime.cases[G1].texts[language].expectations
        for idea in ideas:
            assert idea.id in said_in_words([idea.statement], "", ideas)
            assert idea.id in ear.suspects([idea.statement], "", ideas, language)
            # What stood in the draft was not given away by the model.
            assert (
                said_in_words([idea.statement], f"{idea.statement} {idea.assertion}", [idea]) == ()
            )
        assert ear.suspects([], "", ideas, language) == ()
    assert said_in_words(["Shall we go on?"], "", ideas) == ()
