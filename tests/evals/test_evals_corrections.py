"""What would be taken for a correction, counted by what was said."""

from __future__ import annotations

from evals.corrections import NAMES, Correction, figures_of, says
from evals.stats import Estimate
from evals.task import Record, Sample
from evals.tasks.judging import corrections_of


def record(**given: object) -> Record:
    labels: dict[str, object] = {
        "language": "en",
        "style": "plain",
        "text": "so be it",
        "covered": [],
        "partial": [],
        "misconceptions": [],
        "repaired": [],
    }
    judged = {"M1": ["absent", 0.1, None], "M1:repair": ["covered", 0.2, "so be it"]}
    found = {"acts": ["assertion"], "judged": {**judged, "E1": ["covered", 0.9, "so"]}}
    return Record(Sample("a1", labels | given, "c"), found)


def test_what_an_answer_says_of_an_error() -> None:
    assert says(corrects=True, voices=False) == "corrected"
    assert says(corrects=False, voices=True) == "error"
    assert says(corrects=False, voices=False) == "other"
    assert says(corrects=True, voices=True) is None


def test_the_rule_of_the_dialogue_decides() -> None:
    (row,) = corrections_of(record(repaired=["M1"]))
    assert (row.says, row.taken) == ("corrected", True)
    (row,) = corrections_of(record(misconceptions=["M1"]))
    assert (row.says, row.taken) == ("error", True)
    assert corrections_of(record(misconceptions=["M1"], repaired=["M1"])) == []
    unlike = record()
    unlike.output["acts"] = ["disagree"]
    assert [c.taken for c in corrections_of(unlike)] == [False]
    likelier = record()
    likelier.output["judged"]["M1"][1] = 0.3
    assert [c.taken for c in corrections_of(likelier)] == [False]


def test_shares_are_of_those_that_say_the_same() -> None:
    rows = [
        Correction("c", f"a{i}", kind, taken)
        for i, (kind, taken) in enumerate(
            [("corrected", True), ("corrected", False), ("error", False), ("other", False)]
        )
    ]
    found = {f.name: (f.value, f.n, f.samples) for f in figures_of(Estimate(), "all", rows)}
    assert found[NAMES["corrected"]] == (0.5, 2, ("a0", "a1"))
    assert found[NAMES["error"]] == (0.0, 1, ("a2",))
    assert found[NAMES["other"]] == (0.0, 1, ("a3",))
