"""Every rule of the checker: a real case, broken in one place, is faulted at that place."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest import Language
from tests.real_corpus import CORPUS, SLUG, Copy, only
from tutor.cases.check import check_case
from tutor.cases.cli import app
from tutor.cases.load import Fault
from tutor.cases.script import foreign_script
from tutor.cases.sources import corpus_passages
from tutor.dialogue import Act, Judgement, Target

TODAY = dt.date(2026, 11, 25)
Make = Callable[..., Copy]
HINT = "What would you still like to learn from Mr Lau?"
LONG = "and on " * 50
HARD = "Notwithstanding institutional heterogeneity, multidisciplinary deliberation prevails. " * 40
OPTION = (
    "Respect her decision, write it down, and leave the subject alone unless she raises it herself."
)
OTHER_OPTION = (
    "Ask what lies behind her refusal, explain what he could gain, and offer help with telling him."
)


@dataclass(frozen=True)
class Break:
    """A change to `case.yaml`, the rule that must object, and words on the line it must name."""

    rule: str
    old: str
    new: str
    at: str
    severity: str = "error"


ENGLISH = [
    Break("yaml", "minutes: 25", "minutes: 25: 30", "minutes: 25: 30"),
    Break("schema", "minutes: 25", "minutes: soon", "minutes: soon"),
    Break("schema", "minutes: 25", "minutes: 25\nmood: calm", "mood: calm"),
    Break("id", "id: g1-sister-not-told", "id: g1-sister", "id: g1-sister"),
    Break("id", "- id: E4", "- id: E1", "- id: E1"),
    Break("one-question", HINT, f"What? {HINT}", f"What? {HINT}"),
    Break("one-question", HINT, f"{HINT} Think.", f"{HINT} Think."),
    Break("one-question", "What do you decide, on what", "What? On what", "What? On what"),
    Break("one-question", "before your review date?", "first? Why?", "first? Why?"),
    Break("one-question", "when the phone came out?", "when the phone came out.", "came out."),
    Break("too-long", HINT, f"Now {LONG}what?", f"Now {LONG}what?"),
    Break("too-long", "to find out ____.", f"to find {LONG}____.", "to find and on"),
    Break("one-blank", "to find out ____.", "to find out why.", "to find out why."),
    Break("one-blank", "to find out ____.", "____ out ____.", "____ out ____."),
    Break("one-blank", "to find out ____.", "to find out ____?", "to find out ____?"),
    Break("one-blank", "to find out ____.", "to find out ___.", "to find out ___."),
    Break("no-question", "Start with Mr Lau himself:", "Start with him?", "assertion: >-"),
    Break("no-question", "The rules look at the", "Is it so? The rules look at the", "correction:"),
    Break("topic", "topic: his refusal", "topic: He refuses.", "topic: He refuses."),
    Break("said-twice", "Think of the envelope as well as the letter.", HINT, f'- "{HINT}'),
    Break(
        "leak",
        HINT,
        "Ask why he refuses, explain what she risks, help with telling, a letter, a call: then?",
        "Ask why he refuses, explain what",
    ),
    Break(
        "exemplar-twice",
        "Tell the trainee to put the phone away, nobody contacts her privately.",
        "find out why he says no before doing anything else",
        '- "find out why he says no',
    ),
    Break(
        "exemplar-contradicts",
        "There is no need to ask him for reasons; his answer is final.",
        "offer him a family letter he can pass on himself",
        '- "offer him a family letter',
    ),
    Break("must-weigh", "must_weigh: [E1, E2]", "must_weigh: [E1, E9]", "must_weigh: [E1, E9]"),
    Break("positions", "kind: options", "kind: decide", "id: message"),
    Break(
        "empty-stage",
        "  - id: weigh\n",
        "  - {id: extra, kind: clarify, title: More, question: 'And then?'}\n  - id: weigh\n",
        "id: extra",
    ),
    Break(
        "unreachable", "    kind: clarify\n", "    kind: clarify\n    then: message\n", "id: weigh"
    ),
    Break(
        "branch", "    kind: clarify\n", "    kind: clarify\n    then: nowhere\n", "then: nowhere"
    ),
    Break("branch", "    kind: options\n", "    kind: options\n    then: pause\n", "then: pause"),
    Break(
        "branch",
        "    kind: clarify\n",
        "    kind: clarify\n    next: [{when: {position: P9}, go: weigh}]\n",
        "position: P9",
    ),
    Break("stale", "as_of: 2026-11-25", "as_of: 2025-05-01", "as_of: 2025-05-01", "warning"),
    Break("review", "review:\n  status: awaiting\n", "", "id: g1"),
    Break("review", "status: awaiting", "status: reviewed", "status: reviewed"),
    Break(
        "citation", "The weighing takes in how serious", "It takes in how serious", "doc: abc-st"
    ),
    Break(
        "citation", "- doc: pipl\n            quote", "- doc: pipe\n            quote", "doc: pipe"
    ),
    Break("reading", "- doc: pipl\n      why", "- doc: pipe\n      why", "doc: pipe"),
    Break("todo", "title: The sister who was not told", "title: TODO", "title: TODO"),
    Break("schema", "supervision: 5", "supervision: 6", "supervision: 6"),
    Break("schema", "four_boxes: [medical", "four_boxes: [moral, medical", "four_boxes:"),
    Break(
        "fragment",
        '- "offer him a family letter he can pass on himself"',
        '- "Right"',
        "Right",
        "warning",
    ),
    Break("length", "vignette: >-\n", f"vignette: >-\n  {LONG * 4}\n", "vignette:", "warning"),
    Break("length", "summary: >-\n", f"summary: >-\n  {LONG}\n", "summary:", "warning"),
    Break("length", "The draft is ready.", f"{LONG * 2}.", "reveal: >-", "warning"),
    Break("long-sentence", "The draft is ready.", f"It is {LONG}.", "reveal: >-", "warning"),
    Break("reading-level", "vignette: >-\n", f"vignette: >-\n  {HARD}\n", "vignette:", "warning"),
    Break("comparison", "    compares: [HK, CN]\n", "    compares: [HK, MO]\n", "compares:"),
    Break("comparison", "    compares: [HK, CN]\n", "", "jurisdictions:", "warning"),
    Break("self-test", "      target: E1\n", "      target: E9\n", "target: E9"),
    Break("self-test", "      target: E1\n", "      target: E2\n", "target: E1"),
    Break("self-test-key", "      key: b\n", "      key: e\n", "key: e"),
    Break("self-test-key", OPTION, OTHER_OPTION, "options:"),
    Break("id", "- id: Q2", "- id: Q1", "- id: Q1"),
    Break("one-question", "What is the best next step?", "Take the next step.", "stem: >-"),
    Break("too-long", "A refusal opens a conversation.", f"{LONG}.", "rationale: >-"),
]


@pytest.mark.parametrize("broken", ENGLISH, ids=lambda b: f"{b.rule}: {b.at[:20].strip()}")
def test_a_fault_of_case_yaml_has_file_line_and_remedy(broken: Break, copy: Make) -> None:
    case = copy("case.yaml")
    case.edit(broken.old, broken.new)
    faults = only(check_case(case.folder, None, today=TODAY), broken.rule)
    assert faults, f"no fault of the rule {broken.rule}"
    for fault in faults:
        assert fault.path == case.folder / "case.yaml"
        assert fault.severity == broken.severity
        assert fault.message.endswith((".", "?")) and fault.remedy.endswith(".")
    lines = (case.folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    wanted = [n for n, line in enumerate(lines, 1) if broken.at in line]
    if broken.rule == "review" and "status: reviewed" not in broken.new:
        assert faults[0].line == 0
    else:
        assert {fault.line for fault in faults} & set(wanted), (faults, wanted)


def test_one_fault_is_reported_once(copy: Make) -> None:
    case = copy()
    case.edit(HINT, f"What? {HINT}")
    faults = check_case(case.folder, None, today=TODAY)
    assert [f.rule for f in faults] == ["one-question"]
    assert faults[0].line == case.line(f"What? {HINT}")


def test_a_sound_case_has_no_fault(copy: Make) -> None:
    assert check_case(copy().folder, None, today=TODAY) == []


def test_it_does_not_stop_at_the_first_fault(copy: Make) -> None:
    case = copy()
    case.edit("minutes: 25", "minutes: soon\nmood: calm")
    case.edit("topic: 他的拒絕", "topc: 他的拒絕", "zh-Hant.yaml")
    case.edit("language: zh-Hans", "language: [", "zh-Hans.yaml")
    faults = check_case(case.folder, None, today=TODAY)
    assert {(f.path.name, f.rule) for f in faults} == {
        ("case.yaml", "schema"),
        ("zh-Hant.yaml", "schema"),
        ("zh-Hans.yaml", "yaml"),
    }
    assert len(only([f for f in faults if f.path.name == "case.yaml"], "schema")) == 2
    assert len(only([f for f in faults if f.path.name == "zh-Hant.yaml"], "schema")) == 2


def test_a_language_that_cannot_be_read_does_not_hide_the_others(copy: Make) -> None:
    case = copy()
    case.edit("topic: 他的拒绝", "topc: 他的拒绝", "zh-Hans.yaml")
    case.edit(HINT, HINT.replace("?", "."))
    case.edit("想像她在家中讀這份文稿。", "想像她在家中讀這份文稿？", "zh-Hant.yaml")
    found = {(f.path.name, f.rule) for f in check_case(case.folder, None, today=TODAY)}
    assert found >= {
        ("case.yaml", "one-question"),
        ("zh-Hant.yaml", "one-question"),
        ("zh-Hans.yaml", "schema"),
    }


def test_faults_come_in_the_order_of_the_files_and_lines(copy: Make) -> None:
    case = copy("case.yaml")
    case.edit("must_weigh: [E1, E2]", "must_weigh: [E8, E9]")
    case.edit(HINT, HINT.replace("?", "."))
    faults = check_case(case.folder, None, today=TODAY)
    assert [f.line for f in only(faults, "must-weigh")] == [case.line("[E8, E9]")] * 2
    in_file = [f.line for f in faults if f.path.name == "case.yaml"]
    assert in_file == sorted(in_file)


TRANSLATIONS = [
    ('version: "0.2.1"', 'version: "0.3.0"', "translation", "error"),
    ("  E6:\n", "  E7:\n", "translation", "error"),
    ("    reveal: 劉先生下星期再來診所。", "    # 劉先生下星期再來診所。", "translation", "error"),
    ("    - doc: pipl\n      why", "    - doc: pdpo\n      why", "translation", "error"),
    ('      - "不要在他背後做事。"\n', "", "translation", "warning"),
    ("不要在他背後做事。", "不要在他背后做事，这样不妥。", "script", "warning"),
    ("想像她在家中讀這份文稿。", "想像她在家中讀這份文稿？", "one-question", "error"),
    ("同時不寫出____。", "同時不寫出甚麼？", "one-blank", "error"),
    ("判決並不鼓勵個別職員", "判決不鼓勵個別職員", "citation", "error"),
    ("想像她在家中讀這份文稿。", "想像她在家中讀這個信息。", "terminology", "warning"),
]


@pytest.mark.parametrize(("old", "new", "rule", "severity"), TRANSLATIONS)
def test_a_fault_of_a_translation(old: str, new: str, rule: str, severity: str, copy: Make) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    case.edit(old, new, "zh-Hant.yaml")
    found = only(check_case(case.folder, None, today=TODAY), rule)
    assert [f.severity for f in found] == [severity] * len(found) and found
    for fault in found:
        assert fault.path.name == "zh-Hant.yaml" and fault.line > 0 and fault.remedy


def test_an_id_that_differs_is_missing_here_and_unknown_there(copy: Make) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    case.edit("  E6:\n", "  E7:\n", "zh-Hant.yaml")
    messages = [f.message for f in only(check_case(case.folder, None), "translation")]
    assert any("E6 has no text" in m for m in messages)
    assert any("E7 is not in case.yaml" in m for m in messages)


def test_a_missing_translation_is_a_warning(copy: Make) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    faults = check_case(case.folder, None, today=TODAY)
    assert [(f.rule, f.severity, f.path.name) for f in faults] == [
        ("missing-translation", "warning", "zh-Hans.yaml")
    ]


def test_a_citation_left_in_english_is_a_warning_where_the_digest_is_translated(
    copy: Make,
) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    quote = "判決並不鼓勵個別職員私下聯絡親屬。"
    case.edit(f'      - doc: abc-st-georges\n        quote: "{quote}"\n', "", "zh-Hant.yaml")
    found = only(check_case(case.folder, None, today=TODAY), "citation-language")
    assert [f.severity for f in found] == ["warning"]


def test_quotes_are_looked_for_in_passages_or_in_files(copy: Make) -> None:
    case = copy("case.yaml")
    case.edit("The weighing takes in how serious", "It takes in how serious")
    passages_of = corpus_passages(case.corpus)
    by_file = check_case(case.folder, None, today=TODAY)
    by_passage = check_case(case.folder, passages_of, today=TODAY)
    assert by_file == by_passage
    assert len(only(by_passage, "citation")) == 1
    nothing = check_case(case.folder, lambda _: (), today=TODAY)
    assert len(only(nothing, "citation")) > 10 and only(nothing, "reading")


def test_a_missing_case_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "cases" / "none").mkdir(parents=True)
    faults = check_case(tmp_path / "cases" / "none", None)
    assert ("file", "error") in {(f.rule, f.severity) for f in faults}


@dataclass(frozen=True)
class OneTrackJudge:
    """Hears E4 in whatever mentions a letter, and everything else where it belongs."""

    name: str = "one track"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """Not used here."""
        raise NotImplementedError

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """High for the owner of the text, higher for E4 where there is a letter."""
        del language
        return tuple(
            Judgement(
                target=t.id,
                verdict="absent",
                probability=0.9
                if t.id == "E4" and "family letter" in text
                else 0.8 * (text in t.accept),
                assessor=self.name,
            )
            for t in targets
        )


def test_an_exemplar_that_the_judge_takes_for_another_target_is_a_warning(copy: Make) -> None:
    case = copy("case.yaml")
    found = only(check_case(case.folder, None, OneTrackJudge(), today=TODAY), "confused")
    assert {f.line for f in found} >= {case.line("offer him a family letter he can pass on")}
    assert all(f.severity == "warning" and "E4" in f.message for f in found)
    assert len(found) < 5


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("只准在床邊看，海旁里，才算，後台", "zh-Hant", []),
        ("唔可以私下WeChat佢，喺嗰度咪嘥", "zh-Hant", []),
        ("他们说这样", "zh-Hant", ["们", "说", "这", "样"]),
        ("著名的乾隆，瞭望", "zh-Hans", []),
        ("他們說後來", "zh-Hans", ["們", "說", "後", "來"]),
        ("他們 and 这", "en", []),
    ],
)
def test_scripts_tolerate_the_characters_they_share(
    text: str, language: Language, expected: list[str]
) -> None:
    assert foreign_script(text, language) == expected


def run(corpus: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(corpus))
    result = CliRunner().invoke(app, ["check", *arguments])
    return result.exit_code, result.output


def test_the_command_says_when_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(CORPUS, monkeypatch, SLUG)
    assert code == 0
    assert output == "1 case, 0 errors, 0 warnings. All is well: the cases can be taught.\n"


def test_the_command_prints_faults_and_fails(copy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    case = copy("case.yaml")
    case.edit(HINT, HINT.replace("?", "."))
    code, output = run(case.corpus, monkeypatch, "--all")
    assert code == 1
    where = f"{case.folder / 'case.yaml'}:{case.line(HINT.replace('?', '.'))}: error: E1 hints 1"
    assert where in output
    assert "Ask exactly one question, at the very end. [one-question]" in output
    assert output.splitlines()[-1].startswith("1 case, 1 error, 2 warnings.")


def test_the_command_gives_json(copy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    code, output = run(case.corpus, monkeypatch, SLUG, "--json")
    report = json.loads(output)
    assert code == 0
    assert (report["cases"], report["errors"], report["warnings"]) == ([SLUG], 0, 1)
    assert report["faults"][0]["rule"] == "missing-translation"


@pytest.mark.parametrize(("arguments", "says"), [((), "No case was named."), (("g9",), "g9")])
def test_the_command_lists_the_cases_when_none_fits(
    arguments: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = run(CORPUS, monkeypatch, *arguments)
    assert code == 2
    assert says in output and SLUG in output


def test_a_fault_reads_as_one_line() -> None:
    fault = Fault(Path("case.yaml"), 7, "leak", "It leaks.", "Ask.", "warning")
    assert str(fault) == "case.yaml:7: warning: It leaks. Ask. [leak]"


def test_keys_that_letter_or_length_give_away_are_warned_of(copy: Make) -> None:
    case = copy("case.yaml")
    path = case.folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"key: [a-d]\n", "key: a\n", text), encoding="utf-8")
    found = only(check_case(case.folder, None, today=TODAY), "self-test-cue")
    assert [(f.severity, f.line) for f in found] == [("warning", case.line("self_test:"))]
    assert "The best answer is a in 8 of 8 questions." in found[0].message


def test_a_case_without_a_self_test_is_taught_with_a_warning(copy: Make) -> None:
    case = copy("case.yaml")
    path = case.folder / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("\nself_test:")[0] + "\n")
    found = only(check_case(case.folder, None, today=TODAY), "self-test")
    assert [f.severity for f in found] == ["warning"] and found[0].line > 0
