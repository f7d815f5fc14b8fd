"""The task on a folder of a few files that it makes: states, recall, damage."""

from io import BytesIO
from pathlib import Path

import docx
import pytest

from evals.fuzz import CHANGES
from evals.log import read_log
from evals.resources import Resources
from evals.run import Run
from evals.second_reader import recall, second_reading, tokens
from evals.task import DataError, Skipped
from evals.tasks.readers import MUTATIONS_VARIABLE, TASK
from tests.evals import running
from tests.ingest.readers.drawing import lines, pdf
from tutor.settings import get_settings

TEXT = "A clinician who learns of a risk speaks with the patient first."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    (made / "a.pdf").write_bytes(pdf(lines(TEXT)))
    (made / "b.html").write_text(f"<html><body><nav>Home</nav><p>{TEXT}</p></body></html>")
    document = docx.Document()
    document.add_paragraph(TEXT)
    buffer = BytesIO()
    document.save(buffer)
    (made / "c.docx").write_bytes(buffer.getvalue())
    (made / "d.epub").write_bytes(b"PK")
    return made


def run(folder: Path | None, tmp_path: Path) -> Run:
    return running.run(TASK, Resources(get_settings()), tmp_path / "out", data=folder)


def test_states_text_and_damage(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MUTATIONS_VARIABLE, "12")
    done = run(folder, tmp_path)
    found = {(figure.group, figure.name): figure for figure in done.report.figures}
    assert found["files as they are", "indexed"].value == 0.75
    assert found["files as they are", "unsupported"].value == 0.25
    assert found["damaged files", "crashes"].value == 0.0
    assert found["damaged files", "hangs"].n == 12
    for kind in ("pdf", "html", "docx"):
        assert found["text", f"recall, {kind}"].value == 1.0
    records = read_log(done.log).records
    assert [record["file"] for record in records[:4]] == ["a.pdf", "b.html", "c.docx", "d.epub"]
    assert [bool(TASK.failures(record)) for record in records[:4]] == [False, False, False, True]
    assert {record["change"] for record in records[4:]} <= {c.__name__ for c in CHANGES}
    assert {record["file"] for record in records[4:]} == {record["file"] for record in records[:4]}


@pytest.mark.parametrize("held", ["", "many", "-1", "2.5"])
def test_a_number_of_damaged_files_that_is_none_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setenv(MUTATIONS_VARIABLE, held)
    with pytest.raises(DataError, match=MUTATIONS_VARIABLE):
        run(folder, tmp_path)


def test_without_a_folder_it_is_skipped_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Skipped, match="--data"):
        run(None, tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no file"):
        run(tmp_path / "empty", tmp_path)


def test_words_and_chinese_characters_are_counted() -> None:
    assert tokens("The risk, the RISK: 病人") == {"the": 2, "risk": 2, "病": 1, "人": 1}
    assert recall("a b", "a b b c") == 0.5
    assert recall("a", "") == 1.0


@pytest.mark.parametrize("name", ["torn.pdf", "torn.docx", "empty.html"])
def test_a_file_that_the_other_reader_cannot_read_has_no_reading(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name.startswith("empty") else b"torn")
    assert second_reading(path) is None
    assert second_reading(tmp_path / "a.txt") is None
