"""Beginning, previewing and comparing cases: what an author does, through the command."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.real_corpus import CORPUS, SLUG, Copy
from tutor.cases.cli import app
from tutor.cases.diff import compare, marked

Make = Callable[..., Copy]


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty corpus with the real library, in which an author works."""
    made = tmp_path / "corpus"
    (made / "cases").mkdir(parents=True)
    (made / "guidelines").symlink_to(CORPUS / "guidelines")
    shutil.copy(CORPUS / "terminology.yaml", made)
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(made))
    monkeypatch.setenv("MAIEUTIC_HOME", str(tmp_path / "home"))
    return made


def case(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.usefixtures("corpus")
def test_a_new_case_lacks_nothing_but_its_texts() -> None:
    begun = case("new", "the-second-letter", "--title", 'The "second" letter')
    assert begun.exit_code == 0 and "maieutic case check the-second-letter" in begun.output
    checked = case("check", "the-second-letter", "--json")
    report = json.loads(checked.output)
    assert checked.exit_code == 1
    errors = [f for f in report["faults"] if f["severity"] == "error"]
    assert [f["rule"] for f in errors] == ["todo"]
    assert "lines still say TODO: 8, 11, " in errors[0]["message"]


def test_a_translation_is_begun_from_the_english(corpus: Path) -> None:
    case("new", "the-second-letter")
    assert case("translate", "the-second-letter", "zh-Hant").exit_code == 0
    text = (corpus / "cases" / "the-second-letter" / "zh-Hant.yaml").read_text(encoding="utf-8")
    assert 'statement: "TODO"  # TODO what a thoughtful clinician would consider' in text
    report = json.loads(case("check", "the-second-letter", "--json").output)
    rules = [(Path(f["path"]).name, f["rule"]) for f in report["faults"]]
    assert rules == [
        ("case.yaml", "todo"),
        ("zh-Hant.yaml", "todo"),
        ("zh-Hans.yaml", "missing-translation"),
    ]


def test_a_translation_of_a_real_case_has_its_shape(
    copy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = copy("case.yaml")
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(made.corpus))
    assert case("translate", SLUG, "zh-Hans").exit_code == 0
    report = json.loads(case("check", SLUG, "--json").output)
    of_file = [f["rule"] for f in report["faults"] if f["path"].endswith("zh-Hans.yaml")]
    assert of_file == ["todo"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("new", "Bad Name"), "small letters"),
        (("new", "../escape"), "small letters"),
        (("translate", "nowhere", "zh-Hant"), "There is no case nowhere"),
        (("preview", "nowhere"), "There is no case nowhere"),
        (("diff", "nowhere"), "There is no case nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: tuple[str, ...], says: str, corpus: Path
) -> None:
    result = case(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert list((corpus / "cases").iterdir()) == []


def test_nothing_that_is_there_is_overwritten(corpus: Path) -> None:
    case("new", "mine")
    path = corpus / "cases" / "mine" / "case.yaml"
    path.write_text("mine", encoding="utf-8")
    assert case("new", "mine").exit_code == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert "mend it first" in case("translate", "mine", "zh-Hant").output


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_the_preview_shows_all_that_may_be_said_and_fetches_nothing(
    language: str, tmp_path: Path
) -> None:
    out = tmp_path / "sub" / "page.html"
    assert case("preview", SLUG, "--lang", language, "--out", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert "http" not in page.replace("http-equiv", "") and "<script" not in page
    for mark in ("E1", "E6", "M4", "P3", "Q1", "Q8"):
        assert f"{mark}" in page


@pytest.mark.usefixtures("corpus")
def test_a_draft_can_be_previewed_and_shows_its_lost_quotes(tmp_path: Path) -> None:
    case("new", "draft", "--title", "<b>bold</b>")
    out = tmp_path / "draft.html"
    assert case("preview", "draft", "--out", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "these words stand in no passage of it" in page
    assert "<b>bold</b>" not in page and "&lt;b&gt;bold" in page


@pytest.mark.usefixtures("corpus")
def test_a_preview_in_a_language_that_is_not_written_says_so() -> None:
    case("new", "draft")
    result = case("preview", "draft", "--lang", "zh-Hans")
    assert result.exit_code == 1 and "draft is not written in zh-Hans" in result.output


def test_the_citations_are_counted(
    corpus: Path, copy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(CORPUS))
    sound = case("citations", SLUG)
    assert sound.exit_code == 0 and "Every citation opens its passage" in sound.output
    shutil.rmtree(corpus)
    made = copy("case.yaml")
    made.edit("- doc: pipl\n            quote", "- doc: pipe\n            quote")
    made.edit("The weighing takes in how serious", "It takes in how serious")
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(made.corpus))
    broken = case("citations", SLUG)
    assert broken.exit_code == 1 and "2 citations open no passage" in broken.output


def test_a_comparison_names_each_text_and_the_step(copy: Make, tmp_path: Path) -> None:
    made = copy()
    before = tmp_path / "before"
    shutil.copytree(made.folder, before)
    same = compare(before, made.folder)
    assert (same.changes, same.step, same.enough) == ((), "none", True)

    made.edit("Ten minutes before clinic", "A quarter of an hour before clinic")
    wording = compare(before, made.folder)
    assert [(c.language, c.place, c.kind) for c in wording.changes] == [
        ("en", "stages.pause.title", "changed")
    ]
    assert (wording.step, wording.enough) == ("patch", False)

    made.edit('- "offer him a family letter he can pass on himself"', '- "a letter for her"')
    assert compare(before, made.folder).step == "minor"


def test_the_order_of_what_is_listened_for_means_nothing(copy: Make, tmp_path: Path) -> None:
    made = copy("case.yaml")
    before = tmp_path / "before"
    shutil.copytree(made.folder, before)
    first = '          - "Find out why he says no before doing anything else."\n'
    made.edit(first, "")
    made.edit("        near_miss:\n", f"{first}        near_miss:\n")
    assert compare(before, made.folder).changes == ()


def test_diff_reads_git_and_wants_the_version_raised(
    copy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = copy("case.yaml")
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(made.corpus))
    git = ["git", "-C", str(made.folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    assert "no earlier version" in case("diff", SLUG).output
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    assert case("diff", SLUG).output.startswith("0 changes from ")
    made.edit("Ten minutes before clinic", "Nine minutes before clinic")
    result = case("diff", SLUG)
    assert result.exit_code == 1
    assert "{+Ni+}" in result.output or "{+Nine+}" in result.output or "[-T" in result.output
    assert "ask for a patch step" in result.output
    report = json.loads(case("diff", SLUG, "--json").output)
    assert report["step"] == "patch" and len(report["changes"]) == 1


def test_what_differs_is_marked() -> None:
    assert marked("a cat", "a hat") == ("a [-c-]at", "a {+h+}at")
