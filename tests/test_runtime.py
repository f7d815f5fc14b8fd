"""What a running tutor holds, and what it says when a part of it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import E5, IndexMissing, ModelChecksumError, ModelMissing
from tests.dialogue.talk import CASES
from tests.real_corpus import CORPUS, Copy
from tutor.cases import CaseError
from tutor.dialogue import AuthoredWording, targets_of
from tutor.runtime import Runtime, build_runtime, load_cases, passages_of, versions
from tutor.settings import Settings


@pytest.fixture
def home(tmp_path: Path, real_settings: Settings) -> Path:
    """A home with models and without an index."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "models").symlink_to(real_settings.models_dir)
    return folder


def test_it_holds_every_case_in_every_language(runtime: Runtime) -> None:
    assert set(CASES) <= set(runtime.cases)
    for slug, case in runtime.cases.items():
        assert case.id == slug
        assert "en" in case.languages
        for language in case.languages:
            for target in targets_of(case, language):
                assert target.accept
                assert target.near_miss


def test_every_target_that_can_be_asserted_is_cited(runtime: Runtime) -> None:
    for case in runtime.cases.values():
        for language in case.languages:
            for item in (*case.structure.expectations, *case.structure.misconceptions):
                assert case.cites(item.id, language), (case.id, language, item.id)


def test_positions_are_told_apart_by_each_other(runtime: Runtime) -> None:
    for case in runtime.cases.values():
        targets = {t.id: t for t in targets_of(case, "en")}
        for stage in case.structure.stages:
            for position in stage.positions:
                rivals = {x for p in stage.positions if p != position for x in p.exemplars}
                assert set(targets[position.id].near_miss) == rivals


def test_the_default_words_are_the_authored_ones(runtime: Runtime) -> None:
    assert isinstance(runtime.wording, AuthoredWording)


def test_a_document_that_is_not_there_has_no_passages(runtime: Runtime) -> None:
    find = passages_of(runtime.searcher)
    assert find("guidelines/mchk-code.en")
    assert find("guidelines/no-such-digest.en") == ()


def test_without_an_index_it_says_so_and_what_to_do(home: Path, real_settings: Settings) -> None:
    settings = Settings(home=home, corpus=real_settings.corpus)
    told: list[str] = []
    with pytest.raises(IndexMissing, match="There is no search index in") as caught:
        build_runtime(settings, told.append)
    assert told == ["Checking and loading the models", "Opening the index"]
    assert str(home) in str(caught.value)
    assert caught.value.remedy


def test_without_a_model_it_says_so_and_what_to_do(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(ModelMissing, match="is not installed") as caught:
        build_runtime(settings)
    assert caught.value.remedy


def test_a_model_that_was_changed_is_refused(tmp_path: Path, real_settings: Settings) -> None:
    for path in real_settings.models_dir.rglob("*"):
        if path.is_file():
            copy = tmp_path / "models" / path.relative_to(real_settings.models_dir)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    changed = next(p for p in sorted(tmp_path.rglob("tokenizer.json")) if E5 in str(p))
    content = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(content + b" ")
    with pytest.raises(ModelChecksumError, match="wrong checksum"):
        build_runtime(Settings(home=tmp_path, corpus=real_settings.corpus))


def test_a_case_that_cannot_be_taught_is_named_with_its_line(
    tmp_path: Path, runtime: Runtime
) -> None:
    copy = Copy(tmp_path / "corpus", CASES[0])
    copy.edit("doc: mchk-code", "doc: no-such-code")
    settings = Settings(home=tmp_path, corpus=tmp_path / "corpus")
    with pytest.raises(CaseError, match="no-such-code") as caught:
        load_cases(settings, passages_of(runtime.searcher), None)
    fault = caught.value.faults[0]
    assert fault.line > 0
    assert fault.remedy


def test_a_broken_case_is_left_out_and_the_others_are_taught(
    tmp_path: Path, runtime: Runtime
) -> None:
    broken = Copy(tmp_path / "corpus", CASES[0])
    broken.edit("doc: mchk-code", "doc: no-such-code")
    (tmp_path / "corpus" / "cases" / CASES[1]).symlink_to(CORPUS / "cases" / CASES[1])
    settings = Settings(home=tmp_path, corpus=tmp_path / "corpus")
    cases, left_out = load_cases(settings, passages_of(runtime.searcher), None)
    assert list(cases) == [CASES[1]]
    assert list(left_out) == [CASES[0]] and "no-such-code" in str(left_out[CASES[0]])


def test_a_corpus_without_cases_has_none(tmp_path: Path, runtime: Runtime) -> None:
    settings = Settings(home=tmp_path, corpus=tmp_path)
    assert load_cases(settings, passages_of(runtime.searcher), None) == ({}, {})


def test_the_version_of_a_model_is_its_checksums(real_settings: Settings) -> None:
    found = versions(real_settings)
    assert len(found) == 2
    assert all(len(version) == 64 for version in found.values())
    assert found == versions(real_settings)
