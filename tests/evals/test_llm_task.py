"""The task on chat models, cut short, and the ears that are not the guard's."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from evals.guarded import Shown
from evals.kept import kept
from evals.leaks import SecondEar, said_in_words
from evals.llm_servers import KINDS, Adversary, Planted, Scene
from evals.log import read_log
from evals.playing import Turn, told
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, DataError, Record
from evals.tasks.llm import SERIES, TASK, VARIABLE, figures_of
from evals.turns import LabelledTurn, load_turns
from ingest import LANGUAGES, Encoder
from tests.dialogue.talk import G1
from tests.evals.running import run
from tutor.dialogue import TutorMoved
from tutor.runtime import Runtime
from tutor.settings import Settings, get_settings

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


def test_both_servers_are_played(
    real_settings: Settings, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "8")
    found = run(TASK, Resources(real_settings, runtime), tmp_path)
    values = {(f.group, f.name): f for f in found.report.figures}
    for server in ("adversary", "SmolLM2"):
        assert values[server, "turns answered"].n == 8
        assert values[server, "turns answered"].value == 1.0
        assert values[server, "unguarded turns shown"].value == 0.0
        assert values[server, "leaks of an open idea, in words"].value == 0.0
    records = read_log(found.log).records
    # How many get past the guard is a figure, and not for so few turns to say.
    leaked = [turn["leaked"] for r in records[:2] for turn in r["turns"]]
    assert values["adversary", "leaks of an open idea, planted"].value == sum(leaked) / 8
    assert [r.id for r in records] == ["adversary/whole/0", "adversary/streams/0", "SmolLM2/0"]
    assert [len(r["turns"]) for r in records] == [4, 4, 8]


def context(tmp_path: Path) -> Context:
    return Context(Resources(Settings(home=tmp_path, corpus=tmp_path)))


def test_many_turns_are_cut_into_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "95")
    samples = TASK.samples(context(tmp_path))
    whole = [s.input for s in samples if s.id.startswith("adversary/whole/")]
    assert [(s["before"], s["turns"]) for s in whole] == [(0, SERIES), (SERIES, SERIES), (40, 8)]
    assert sum(s.input["turns"] for s in samples if s.input["server"] == "SmolLM2") == 95


def test_without_the_small_model_its_turns_are_left_out_and_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.tasks.llm.small_model_missing", lambda: "It is not installed.")
    samples = TASK.samples(context(tmp_path))
    assert {s.input["server"] for s in samples} == {"adversary"}
    records = [Record(s, {"turns": [turn("Why?")]}) for s in samples]
    notes = TASK.report(records, Estimate()).notes
    assert notes[-1] == "SmolLM2 was not measured. It is not installed."


@pytest.mark.parametrize("held", ["", "0", "-3", "many"])
def test_a_number_of_turns_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setenv(VARIABLE, held)
    with pytest.raises(DataError, match=VARIABLE):
        TASK.samples(context(tmp_path))


def shown(text: str, **changed: object) -> Shown:
    move = TutorMoved(move="hint", target="E1", text=text, wording="m")
    given = {"seconds": 0.1, "waited": 0.1, "answered": True, "open": ("E1",), **changed}
    return Shown("c", "en", "p", move, **given)  # type: ignore[arg-type]


def turn(text: str, *planted: Planted, **changed: object) -> Turn:
    return told(shown(text, **changed), planted)


def test_a_leak_that_got_through_would_be_counted() -> None:
    """The figures are no foregone conclusion: each fault shows where it was let through."""
    leak = Planted("leak-told", "Explore why. And then?", "E1")
    rows = [
        turn("Explore why. And then?", leak),
        turn("Explore why. And then?", leak, open=("E2",)),
        turn("Fine. And then?", Planted("draft", "Fine. And then?"), unguarded=True),
        turn("So?", Planted("empty"), answered=False, waited=9.0, in_words=("E1",)),
    ]
    turns = [(row, "adversary/whole/0") for row in rows]
    found = {f.name: f.value for f in figures_of(Estimate(), "adversary", turns, 3.0)}
    assert found["leaks of an open idea, planted"] == 0.25
    assert found["shown, leak-told"] == 1.0
    assert found["shown, empty"] == 0.0
    assert found["unguarded turns shown"] == 0.25
    assert found["turns answered"] == 0.75
    assert found["leaks of an open idea, in words"] == 0.25
    assert found["turns that wait over 3 s"] == 0.25
    sample = TASK.samples(Context(Resources(get_settings())))[0]
    assert TASK.failures(Record(sample, {"turns": rows})) == [
        "turn 1: a planted leak was shown",
        "turn 3: unguarded",
        "turn 4: an open idea in words",
        "turn 4: no answer",
    ]


def test_the_series_of_an_adversary_share_its_kinds_out() -> None:
    """What a series is asked follows on what the one before it was asked."""
    body = {"messages": [{"role": "user", "content": "DRAFT\nWhat now?\n\nCLINICIAN\nhm"}]}
    first, second = Adversary(1), Adversary(1)
    first.scene = second.scene = Scene("en", {"E9": ("Ask him why.", "Ask him why he says no.")})
    second.skip(10)
    for adversary, count in ((first, 10), (second, len(KINDS) - 10)):
        for _ in range(count):
            adversary.answer(body)
    kinds = [p.kind for p in (*first.planted, *second.planted)]
    assert sorted(kinds) == sorted(KINDS)


def test_what_is_kept_is_entered_once(tmp_path: Path) -> None:
    at = context(tmp_path)
    opened: list[Path] = []

    def make():  # type: ignore[no-untyped-def]
        opened.append(tmp_path)
        return nullcontext(tmp_path)

    assert kept(at, "it", make) is kept(at, "it", make) is tmp_path
    assert len(opened) == 1


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
