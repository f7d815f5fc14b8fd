"""Sampling for raters, what they gave as a run, and the pairs for prediction-powered intervals."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from evals.commands.rate import app
from evals.human import compared, export_lines, figures, outcome, read_samples, revealing
from evals.human_items import draw, turns_of
from evals.log import Log, encoded, plain, read_log
from evals.stats import Estimate, Figure
from evals.task import DataError, Record, Sample
from evals.tasks.human_rating import TASK
from tests.rating.batches import AT, a_batch, all_at
from tutor.errors import Conflict
from tutor.rating import Item, TurnContent
from tutor.records import RatingStore, add_user, open_database
from tutor.records.ratings import Change, Ruling

PASSWORD = "a long enough sentence"
CASES = [f"case-{n}" for n in range(12)]


def a_session(case: str, language: str, persona: str, system: str, leaks: bool) -> dict[str, Any]:
    """A line of the log of `dialogue`: an opening, two answered messages, and the end."""
    talk: list[dict[str, Any]] = [{"who": "tutor", "move": "open", "target": None, "text": "Go."}]
    for n in range(2):
        talk.append({"who": "learner", "text": f"I think {n}.", "acts": ["assertion"]})
        talk.append({"who": "tutor", "move": "hint", "target": "E1", "text": f"{system} why {n}?"})
        talk.append({"who": "tutor", "move": "question", "target": None, "text": "And?"})
    talk.append({"who": "learner", "text": "Done.", "acts": ["assertion"]})
    talk.append({"who": "tutor", "move": "synthesis", "target": None, "text": "You said it all."})
    measures = {"leaked": ["E1"] if leaks else [], "hinted": []}
    return {
        "type": "sample",
        "id": f"{case}/{language}/{persona}",
        "cluster": case,
        "input": {"case": case, "language": language, "persona": persona},
        "output": {"measures": measures, "talk": talk},
    }


def a_log(folder: Path, system: str, task: str = "dialogue", lines: Sequence[Any] = ()) -> Path:
    path = folder / system / f"{task}.jsonl"
    path.parent.mkdir(parents=True)
    sessions = lines or [
        a_session(case, language, persona, system, persona == "fisher")
        for case in CASES
        for language in ("en", "zh-Hant")
        for persona in ("hedger", "fisher")
    ]
    head = {"type": "run", "task": task}
    path.write_bytes(b"".join(map(encoded, [head, *sessions])))
    return path


def an_answer(number: int, *, found: bool = True, **more: Any) -> dict[str, Any]:
    """A line of the log of `ask`."""
    held = {"part": "question", "language": "en", "kind": "single", "text": f"May I, {number}?"}
    cited = [["guidelines/x", f"Ask first, {number}."]] if found else []
    output = {"found": found, "cited": cited, **more}
    return {"type": "sample", "id": f"q{number}", "cluster": "", "input": held, "output": output}


@pytest.fixture
def logs(tmp_path: Path) -> dict[str, Log]:
    return {name: read_log(a_log(tmp_path, name)) for name in ("plain", "model")}


@pytest.fixture
def store(tmp_path: Path) -> RatingStore:
    engine = open_database(f"sqlite:///{tmp_path / 'home' / 'records.sqlite3'}")
    return RatingStore(engine)


def engine_of(store: RatingStore) -> Engine:
    return store._engine


def drawn(logs: dict[str, Log], n: int, seed: int = 0, *languages: Any) -> list[Item]:
    return draw(logs, n, seed, languages, Path("/nowhere"))


def test_a_turn_is_all_that_answers_a_message_and_sums_nothing_up(logs: dict[str, Log]) -> None:
    turns = list(turns_of(logs["plain"].records[0]))
    assert [turn.text for turn in turns] == ["plain why 0?\n\nAnd?", "plain why 1?\n\nAnd?"]
    assert [turn.before[-1]["text"] for turn in turns] == ["I think 0.", "I think 1."]
    assert [turn.judged for turn in turns] == [0, 0]


def test_a_leak_is_the_turns_own_where_the_log_says_so() -> None:
    raw = a_session("c", "en", "p", "s", True)
    for n, entry in enumerate(raw["output"]["talk"]):
        entry["leaks"] = ["E1"] if n == 5 else []
    found = read_log_of([raw])
    assert [turn.judged for turn in turns_of(found.records[0])] == [0, 1]


def read_log_of(lines: list[Any]) -> Log:
    records = [Record(Sample(x["id"], x["input"], x["cluster"]), x["output"]) for x in lines]
    return Log(Path("x.jsonl"), {"task": "dialogue"}, records)


def test_the_sample_is_even_over_cases_and_languages_and_the_same_each_time(
    logs: dict[str, Log],
) -> None:
    one = {"plain": logs["plain"]}
    items = drawn(one, 48)
    assert items == drawn(one, 48)
    assert items != drawn(one, 48, 1)
    strata = Counter((item.origin.case, item.language) for item in items)
    assert set(strata.values()) == {2}
    assert len({item.origin.pair for item in items}) == 48
    assert {i.language for i in drawn(one, 10, 0, "zh-Hant")} == {"zh-Hant"}


def test_two_systems_are_compared_on_the_same_turns_and_cannot_be_told_apart(
    logs: dict[str, Log],
) -> None:
    items = drawn(logs, 24)
    pairs = Counter(item.origin.pair for item in items)
    assert set(pairs.values()) == {2}
    assert Counter(item.origin.system for item in items) == {"plain": 12, "model": 12}
    shown = [item.content.model_dump_json() for item in items]
    assert not any("hedger" in text or "fisher" in text for text in shown)
    systems = [item.origin.system for item in items]
    assert systems != sorted(systems)
    assert len({a == b for a, b in zip(systems[::2], systems[1::2], strict=True)}) == 2
    content = items[0].content
    assert isinstance(content, TurnContent)
    assert content.talk[-1].who == "learner"


def test_what_is_declined_is_not_rated_and_generated_sentences_keep_their_quotes(
    tmp_path: Path,
) -> None:
    told = [{"text": "Yes, ask.", "cited": [["guidelines/x", "Ask first, 2."]]}]
    lines = [an_answer(1), an_answer(2, sentences=told), an_answer(3, found=False)]
    heard = {"part": "learner", "language": "en", "text": "Why?"}
    lines.append(an_answer(4) | {"input": heard})
    log = read_log(a_log(tmp_path, "s", "ask", lines))
    items = {item.origin.sample: item for item in drawn({"s": log}, 2)}
    assert set(items) == {"q1", "q2"}
    assert items["q2"].content.model_dump()["sentences"][0]["text"] == "Yes, ask."
    with pytest.raises(DataError, match="There are 2 things to rate"):
        drawn({"s": log}, 3)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda s: s["output"].pop("talk"), "dialogue.jsonl:2"),
        (lambda s: s["output"].update(talk=7), "no sample of this version"),
        (lambda s: s["input"].update(language="xx"), "no sample of this version"),
        (lambda s: s["output"]["talk"][2].update(text=""), "no sample of this version"),
    ],
)
def test_a_line_that_is_no_sample_is_named(tmp_path: Path, spoil: Any, said: str) -> None:
    line = a_session("c", "en", "p", "s", False)
    spoil(line)
    with pytest.raises(DataError, match=said):
        drawn({"s": read_log(a_log(tmp_path, "s", lines=[line]))}, 1)


def test_logs_that_cannot_be_used_together(tmp_path: Path, logs: dict[str, Log]) -> None:
    asked = read_log(a_log(tmp_path, "other", "ask", [an_answer(1)]))
    searched = read_log(a_log(tmp_path, "third", "retrieval", [an_answer(1)]))
    for wrong, said in (
        ({"a": logs["plain"], "b": asked}, "different tasks"),
        ({"a": logs["plain"], "b": logs["plain"]}, "the same file"),
        ({"a": searched}, "only logs of dialogue and ask"),
        ({"a": asked}, "There are 1 things"),
    ):
        with pytest.raises(DataError, match=said):
            drawn(wrong, 2)
    with pytest.raises(DataError, match="even --n"):
        drawn(logs, 3)


def rated(store: RatingStore, logs: dict[str, Log], *, apart: float = 0.0) -> list[str]:
    """A batch that two have rated: the model is better by one step of guidance in `apart`."""
    batch = a_batch("b", apart=1)
    store.add(batch, drawn(logs, 48))
    chance = random.Random(7)
    batch = store.batch("b")
    for name in ("ann", "bo"):
        seat = store.take_seat(
            batch, add_user(engine_of(store), name, PASSWORD, ["evaluator"]).id, AT
        )
        for number, item in store.items("b").items():
            better = item.origin.system == "model" and chance.random() < apart
            given = all_at(1, guidance=1 + better, revealing=2 * (number % 3 == 0))
            if name == "bo" and number == 1:
                given["tone"] = 2
            if number == 2:
                given["mistake_location"] = None
            change = Change(given, cannot_judge=name == "bo" and number == 3, comment="so")
            store.save(batch, number, seat.seat, change, AT)
        store.hand_in("b", seat.seat, lambda _: None, AT)
    return list(export_lines(store, "b"))


def records_of(path: Path) -> list[Record]:
    return [Record(sample, outcome(sample)) for sample in read_samples(path)]


def named(found: Sequence[Figure], group: str, name: str) -> Figure:
    return next(f for f in found if (f.group, f.name) == (group, name))


@pytest.fixture
def exported(tmp_path: Path, store: RatingStore, logs: dict[str, Log]) -> Path:
    path = tmp_path / "b.jsonl"
    path.write_text("\n".join(rated(store, logs, apart=0.9)) + "\n", encoding="utf-8")
    return path


def test_nothing_is_exported_while_raters_are_at_work(
    store: RatingStore, logs: dict[str, Log]
) -> None:
    store.add(a_batch("b"), drawn(logs, 2))
    with pytest.raises(Conflict, match="0 of 2 raters"):
        list(export_lines(store, "b"))


def test_the_export_names_nobody_and_links_every_item_to_its_line(
    exported: Path, logs: dict[str, Log]
) -> None:
    text = exported.read_text(encoding="utf-8")
    assert "ann" not in [word.strip('",:') for word in text.split()]
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]["rubric_hash"] == a_batch().rubric.hash
    for line in lines[1:]:
        assert set(line["ratings"]) == {"A", "B"}
        log = logs[line["origin"]["log"]]
        assert line["origin"]["sample"] in log.lines
    places = [[line["ratings"][rater]["position"] for line in lines[1:]] for rater in "AB"]
    assert sorted(places[0]) == sorted(places[1]) == list(range(1, 49))
    assert places[0] != places[1]


def test_what_is_settled_counts_and_what_cannot_be_judged_does_not(
    store: RatingStore, logs: dict[str, Log], tmp_path: Path
) -> None:
    rated(store, logs)
    user = add_user(engine_of(store), "cy", PASSWORD, ["educator"])
    store.settle("b", 1, "tone", Ruling(2, "warm", 1, AT), user.id)
    path = tmp_path / "settled.jsonl"
    path.write_text("\n".join(export_lines(store, "b")), encoding="utf-8")
    held = {r["number"]: r for r in records_of(path)}
    assert held[1]["values"]["tone"] == 2
    assert held[1]["steps"]["tone"] == [2]
    assert "mistake_location" not in held[2]["values"]
    assert held[3]["steps"]["tone"] == [1]
    assert held[3]["cannot_judge"] == 1


def test_figures_by_system_difference_and_agreement(exported: Path) -> None:
    records = records_of(exported)
    found = figures(records, Estimate(0))
    bare, model = (named(found, s, "guidance, mean") for s in ("plain", "model"))
    assert (bare.value, bare.n) == (1.0, 24)
    assert model.value > 1.7
    apart = named(found, "plain less model", "guidance")
    assert apart.value == pytest.approx(bare.value - model.value)
    assert apart.low <= apart.value <= apart.high < 0
    steps = [named(found, "model", f"guidance, at step {n}").value for n in range(3)]
    assert sum(steps) == pytest.approx(1)
    same = named(found, "agreement", "revealing, the same from all")
    assert (same.value, same.n) == (1.0, 47)
    assert named(found, "agreement", "revealing, Krippendorff's alpha").value == 1.0
    assert named(found, "agreement", "guidance, Cohen's kappa, quadratic weights").value < 1.0
    assert named(found, "agreement", "mistake location, whether it arises, alpha").value == 1.0
    assert all(set(f.samples) <= {r.id for r in records} for f in found)
    assert found[0].samples


def test_the_difference_is_tested_over_all_dimensions(exported: Path) -> None:
    pair = compared(records_of(exported))
    assert pair is not None
    first, second, found = pair
    assert (first, second) == ("model", "plain")
    held = {one.name: one for one in found}
    assert held["guidance"].significant
    assert not held["human likeness"].significant
    assert held["guidance"].corrected >= held["guidance"].p


def test_the_task_reads_the_file_and_gives_the_same(exported: Path) -> None:
    records = [Record(s, TASK.solve(None, s)) for s in read_samples(exported)]  # type: ignore[arg-type]
    again = TASK.report(records, Estimate(0))
    same = figures(records_of(exported), Estimate(0))
    assert list(map(plain, again.figures)) == list(map(plain, same))
    assert json.loads(json.dumps(records[0].output)) == records[0].output


def test_pairs_for_prediction_powered_intervals(exported: Path, logs: dict[str, Log]) -> None:
    records = records_of(exported)
    held = revealing(records, logs["plain"], "plain")
    assert len(held.human) == len(held.judge) == len(held.clusters) == 24
    assert len(held.unlabelled) == 96 - 24
    assert set(held.human) == {0.0, 1.0}
    leaking = [t.judged for r in logs["plain"].records for t in turns_of(r)]
    assert sorted([*held.judge, *held.unlabelled]) == sorted(leaking)
    with pytest.raises(DataError, match="was rated"):
        revealing(records, logs["plain"], "elsewhere")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"type": "batch"', '"type": "other"', ":1: not a batch"),
        ('"version": "2026', '"version": "2025', "hash"),
        ('"tone": 1', '"tune": 1', ":2: not an item"),
        ('"cannot_judge": false', '"cannot_judge": 3', ":2: not an item"),
        ('"turn": ', '"turm": ', ":2: not an item"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(
    exported: Path, old: str, new: str, said: str
) -> None:
    text = exported.read_text(encoding="utf-8")
    assert old in text
    exported.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_samples(exported)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}\n", b"[]\n[]", b"not json"])
def test_a_file_that_is_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_samples(path)


def test_the_command_from_a_log_to_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("MAIEUTIC_HOME", str(home))
    paths = [str(a_log(tmp_path / "runs", name)) for name in ("plain", "model")]
    shell = CliRunner()
    made = shell.invoke(
        app, ["make", paths[0], "--log", paths[1], "--name", "b", "--n", "48", "--raters", "2"]
    )
    assert made.exit_code == 0, made.output
    assert "48 items (turn)" in made.output
    assert "MAIEUTIC_AUTH=password" in made.output
    again = shell.invoke(app, ["make", paths[0], "--name", "b", "--n", "4"])
    assert isinstance(again.exception, Conflict)
    for name in ("../b", "B", "", "-b", "x" * 81):
        assert shell.invoke(app, ["make", paths[0], "--name", name]).exit_code == 2
    store = RatingStore(open_database(f"sqlite:///{home / 'records.sqlite3'}"))
    early = shell.invoke(app, ["results", "b"])
    assert isinstance(early.exception, Conflict)
    batch = store.batch("b")
    for name in ("ann", "bo"):
        user = add_user(engine_of(store), name, PASSWORD, ["evaluator"])
        seat = store.take_seat(batch, user.id, AT).seat
        for number in range(1, 49):
            store.save(batch, number, seat, Change(all_at(number % 3)), AT)
        store.hand_in("b", seat, lambda _: None, AT)
    listed = shell.invoke(app, ["list"])
    assert "0 of 0" in listed.output
    told = shell.invoke(app, ["results", "b", "--json", "--log", paths[0]])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.output)
    assert len(answer["compared"]) == 8
    assert answer["revealing"]["labelled"] == 24
    out = tmp_path / "out.jsonl"
    assert shell.invoke(app, ["export", "b", "--out", str(out)]).exit_code == 0
    assert len(read_samples(out)) == 48
    assert shell.invoke(app, ["export", "b", "--out", str(out)]).exit_code == 2
